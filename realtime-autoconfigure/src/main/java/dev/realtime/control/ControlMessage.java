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

package dev.realtime.control;

import java.time.Duration;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.naming.RoomName;
import org.jspecify.annotations.Nullable;

/**
 * What the application does to a user or a session, wherever that is connected. The
 * records check themselves and throw {@link IllegalArgumentException}.
 *
 * @since 0.1.0
 */
public sealed interface ControlMessage {

	/** The longest name of a user, in characters. */
	int MAX_USER_LENGTH = 4096;

	/** The longest id of a session, in characters. */
	int MAX_SESSION_LENGTH = 255;

	private static void checkUser(String user) {
		if (user.isEmpty() || user.length() > MAX_USER_LENGTH) {
			throw new IllegalArgumentException("the name of a user has 1 to " + MAX_USER_LENGTH + " characters");
		}
	}

	private static void checkRoom(String room) {
		if (!RoomName.isValid(room)) {
			throw new IllegalArgumentException("not the name of a room");
		}
	}

	/**
	 * End all sessions of a user.
	 *
	 * @param user the name of the user
	 * @param reason the reason, which the clients see
	 */
	record DisconnectUser(String user, DisconnectReason reason) implements ControlMessage {

		public DisconnectUser {
			checkUser(user);
		}

	}

	/**
	 * End one session.
	 *
	 * @param session the id of the session
	 * @param reason the reason, which the client sees
	 */
	record DisconnectSession(String session, DisconnectReason reason) implements ControlMessage {

		public DisconnectSession {
			if (session.isEmpty() || session.length() > MAX_SESSION_LENGTH) {
				throw new IllegalArgumentException(
						"the id of a session has 1 to " + MAX_SESSION_LENGTH + " characters");
			}
		}

	}

	/**
	 * End all sessions that were opened under a login of the web application.
	 *
	 * @param login the key of the login, which is not the id of an HTTP session
	 */
	record EndLogin(String login) implements ControlMessage {

		public EndLogin {
			if (login.isEmpty() || login.length() > MAX_SESSION_LENGTH) {
				throw new IllegalArgumentException("the key of a login has 1 to " + MAX_SESSION_LENGTH + " characters");
			}
		}

	}

	/**
	 * Put all sessions of a user into a room.
	 *
	 * @param user the name of the user
	 * @param room the name of the room
	 */
	record Subscribe(String user, String room) implements ControlMessage {

		public Subscribe {
			checkUser(user);
			checkRoom(room);
		}

	}

	/**
	 * Take all sessions of a user out of a room.
	 *
	 * @param user the name of the user
	 * @param room the name of the room
	 */
	record Unsubscribe(String user, String room) implements ControlMessage {

		public Unsubscribe {
			checkUser(user);
			checkRoom(room);
		}

	}

	/**
	 * Let all sessions of a user be authenticated again.
	 *
	 * @param user the name of the user
	 */
	record Refresh(String user) implements ControlMessage {

		public Refresh {
			checkUser(user);
		}

	}

	/**
	 * Send something to all sessions of a user.
	 *
	 * @param user the name of the user
	 * @param payload what to send
	 */
	record SendToUser(String user, Payload payload) implements ControlMessage {

		public SendToUser {
			checkUser(user);
		}

	}

	/**
	 * Whether a user is let in. The newest one about a user counts.
	 */
	sealed interface Verdict extends ControlMessage {

		/**
		 * Return whom it is about.
		 * @return the name of the user
		 */
		String user();

	}

	/**
	 * Let a user in no more. It says for how long from now on, not until when, so that
	 * the clocks of the nodes need not agree.
	 *
	 * @param user the name of the user
	 * @param remaining for how long, at least a millisecond, or {@code null} for good
	 */
	record Ban(String user, @Nullable Duration remaining) implements Verdict {

		/** A longer ban is one for good: 100 years. */
		private static final Duration FOR_GOOD = Duration.ofDays(36_525);

		public Ban {
			checkUser(user);
			if (remaining != null && remaining.compareTo(FOR_GOOD) > 0) {
				remaining = null;
			}
			if (remaining != null && (remaining.isNegative() || remaining.toMillis() == 0)) {
				throw new IllegalArgumentException("a ban lasts at least a millisecond");
			}
		}

	}

	/**
	 * Let a user in again.
	 *
	 * @param user the name of the user
	 */
	record Unban(String user) implements Verdict {

		public Unban {
			checkUser(user);
		}

	}

}
