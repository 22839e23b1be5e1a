/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.realtime.room;

import dev.realtime.session.Subscription;

/**
 * Is told who comes and goes on this node. Called on stripes: it must not block.
 *
 * @since 0.1.0
 */
public interface RoomObserver {

	/**
	 * A session has become a member, and its reply is on its way.
	 * @param subscription its subscription
	 * @param first whether it is the only one
	 */
	void joined(Subscription subscription, boolean first);

	/**
	 * A session is no longer a member.
	 * @param subscription its subscription
	 * @param last whether nobody is left
	 * @param lost whether its connection is lost, so that it may be back soon
	 */
	void left(Subscription subscription, boolean last, boolean lost);

}
