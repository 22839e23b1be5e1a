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

package dev.realtime.relay;

import dev.realtime.StreamPosition;

/**
 * Gets what happens in one room on behalf of this node's members.
 *
 * @since 0.1.0
 */
public interface RelaySubscriber {

	/**
	 * Take a message. Only puts it into an inbox, so it may be called with locks held,
	 * and must be called in the order of the stream.
	 * @param message the message
	 */
	void offer(RelayMessage message);

	/**
	 * Begin to work off what was offered. Called without locks.
	 * @param here whether this thread may do some of the work itself; a driver's event
	 * loop may not
	 */
	void flush(boolean here);

	/**
	 * Learn that messages are missing, and that nobody has them any more. As
	 * {@link #offer}, this is one of the things that happen in a row.
	 * @param top the position of the newest message; what comes after it is offered
	 */
	void missed(StreamPosition top);

}
