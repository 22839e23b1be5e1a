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

package dev.realtime.naming;

/**
 * What happens to a member that reads too slowly, when something of the room no longer
 * fits into its queue.
 *
 * @since 0.1.0
 */
public enum SlowConsumerPolicy {

	/** It is disconnected, comes back and recovers. */
	DISCONNECT,

	/**
	 * All that waits for it of this room is dropped, and it is told to subscribe again,
	 * so that it recovers; more than three times in a minute it is disconnected.
	 */
	RESYNC,

	/** The oldest that waits for it of this room is dropped. Not with recovery. */
	DROP_OLDEST,

	/**
	 * Publications with the same conflation key that stand together are replaced by the
	 * last of them, for all members; beyond that as {@link #DROP_OLDEST}. Not with
	 * recovery.
	 */
	CONFLATE;

	/**
	 * Return whether publications are dropped without anybody being told.
	 * @return {@code true} if so, which does not go together with recovery
	 */
	public boolean isLossy() {
		return this == DROP_OLDEST || this == CONFLATE;
	}

}
