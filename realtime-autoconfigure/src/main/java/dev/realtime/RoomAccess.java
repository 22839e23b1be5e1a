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

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/**
 * Something a session wants to do in a room.
 *
 * @param session the session
 * @param room the name of the room
 * @param operation what it wants to do
 * @param data what the client's application sent along with a subscription, or the
 * payload of a publication; empty otherwise
 * @param token the subscription token that the client brought, possibly empty
 * @since 0.1.0
 */
public record RoomAccess(RealtimeSession session, String room, Operation operation, Payload data, String token) {

	/**
	 * Return who wants it.
	 * @return the principal, or {@code null} if anonymous
	 */
	public @Nullable Principal principal() {
		return this.session.principal();
	}

	/**
	 * What can be done in a room.
	 */
	public enum Operation {

		/** Become a member. */
		SUBSCRIBE,

		/** Become a member again and get what was missed. */
		RECOVER,

		/** Publish. */
		PUBLISH,

		/** See who is there. */
		PRESENCE,

		/** Read what was published. */
		HISTORY

	}

}
