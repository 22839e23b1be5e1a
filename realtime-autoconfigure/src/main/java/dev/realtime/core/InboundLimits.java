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

package dev.realtime.core;

import dev.realtime.limit.RateLimit;

/**
 * How much of what clients want a node takes. A refused command is answered with error
 * 111 and a session that is refused too often is closed with 3013.
 *
 * @param maxSessions how many sessions the node has; 0 for no limit
 * @param connects handshakes of the node
 * @param connectsPerAddress handshakes of an address
 * @param commands commands of a session, whatever they are
 * @param publishes publications of a session
 * @param subscribes subscribe commands of a session
 * @param reads history and presence commands of a session
 * @param calls rpc and send commands of a session
 * @param perUser commands of all sessions of a user; who has no user is not limited
 * @param perAddress commands of all sessions of an address
 * @param refusals commands of a session that are refused before it is closed
 * @since 0.1.0
 */
public record InboundLimits(int maxSessions, RateLimit connects, RateLimit connectsPerAddress, RateLimit commands,
		RateLimit publishes, RateLimit subscribes, RateLimit reads, RateLimit calls, RateLimit perUser,
		RateLimit perAddress, RateLimit refusals) {

	/** No limits. */
	public static final InboundLimits NONE = new InboundLimits(0, RateLimit.NONE, RateLimit.NONE, RateLimit.NONE,
			RateLimit.NONE, RateLimit.NONE, RateLimit.NONE, RateLimit.NONE, RateLimit.NONE, RateLimit.NONE,
			RateLimit.NONE);

	boolean limitsCommands() {
		return this.commands.isLimited() || this.publishes.isLimited() || this.subscribes.isLimited()
				|| this.reads.isLimited() || this.calls.isLimited() || this.perUser.isLimited()
				|| this.perAddress.isLimited();
	}

}
