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

package dev.realtime;

import java.nio.charset.StandardCharsets;

/**
 * Why a session ends: a close code and its text. Clients reconnect after 3000 to 3499 and
 * 4000 to 4499; 3500 to 3999 and 4500 to 4999 are final. Applications use 4000 to 4999.
 *
 * @param code the close code, 1000 or 3000 to 4999
 * @param reason a short text, never empty (client SDKs reconnect after a final code with
 * an empty one) and at most 123 bytes of UTF-8 (RFC 6455, 5.5)
 * @since 0.1.0
 */
public record DisconnectReason(int code, String reason) {

	/** The client closed the connection, or it was lost. */
	public static final DisconnectReason CLOSED = new DisconnectReason(3000, "connection closed");

	/** This node goes down; the client finds another. */
	public static final DisconnectReason SHUTDOWN = new DisconnectReason(3001, "shutdown");

	/** Something failed on the server. */
	public static final DisconnectReason INTERNAL = new DisconnectReason(3004, "internal server error");

	/** The connection is past its expiry and no new token came. */
	public static final DisconnectReason EXPIRED = new DisconnectReason(3005, "connection expired");

	/** A subscription that the server made is past its expiry. */
	public static final DisconnectReason SUBSCRIPTION_EXPIRED = new DisconnectReason(3006, "subscription expired");

	/** The client reads too slowly. */
	public static final DisconnectReason SLOW = new DisconnectReason(3008, "slow");

	/** Writing to the connection failed. */
	public static final DisconnectReason WRITE_ERROR = new DisconnectReason(3009, "write error");

	/** A hole in a stream that only a new connection repairs. */
	public static final DisconnectReason INSUFFICIENT_STATE = new DisconnectReason(3010, "insufficient state");

	/** The client should connect again. */
	public static final DisconnectReason FORCE_RECONNECT = new DisconnectReason(3011, "force reconnect");

	/** The client did not answer a ping. */
	public static final DisconnectReason NO_PONG = new DisconnectReason(3012, "no pong");

	/** The client goes on asking for more than it gets. */
	public static final DisconnectReason TOO_MANY_REQUESTS = new DisconnectReason(3013, "too many requests");

	/** The token is not accepted. */
	public static final DisconnectReason INVALID_TOKEN = new DisconnectReason(3500, "invalid token");

	/** The login of the web application that the connection was opened under is over. */
	public static final DisconnectReason SESSION_ENDED = new DisconnectReason(3500, "session ended");

	/** The client does not speak the protocol. */
	public static final DisconnectReason BAD_REQUEST = new DisconnectReason(3501, "bad request");

	/** The client did not connect in time. */
	public static final DisconnectReason STALE = new DisconnectReason(3502, "stale");

	/** The application ends the session for good. */
	public static final DisconnectReason FORCE_DISCONNECT = new DisconnectReason(3503, "force disconnect");

	/** Too many sessions. */
	public static final DisconnectReason CONNECTION_LIMIT = new DisconnectReason(3504, "connection limit");

	/** The application puts the session into more rooms than a session may be in. */
	public static final DisconnectReason CHANNEL_LIMIT = new DisconnectReason(3505, "channel limit");

	/** A payload cannot be carried in this session's codec. */
	public static final DisconnectReason INAPPROPRIATE_PROTOCOL = new DisconnectReason(3506, "inappropriate protocol");

	/** The feature is off. */
	public static final DisconnectReason NOT_AVAILABLE = new DisconnectReason(3508, "not available");

	/** A message is larger than allowed (RFC 6455, 7.4.1). */
	public static final DisconnectReason TOO_BIG = new DisconnectReason(1009, "message size limit exceeded");

	private static final int MAX_REASON_BYTES = 123;

	public DisconnectReason {
		boolean valid = (code >= 3000 && code <= 4999) || code == 1000 || code == 1009;
		if (!valid) {
			throw new IllegalArgumentException("close code out of range: " + code);
		}
		if (reason.isBlank() || reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
			throw new IllegalArgumentException("reason must have 1 to 123 bytes");
		}
	}

	/**
	 * Return whether what is queued for the client is still worth sending first.
	 * @return {@code false} if the connection is lost or its reader is too slow
	 */
	public boolean flushes() {
		return this.code != CLOSED.code && this.code != SLOW.code && this.code != WRITE_ERROR.code;
	}

}
