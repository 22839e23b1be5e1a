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

/**
 * Somebody who is in a room, as the others see it. A user with two browser tabs is two
 * members of one user.
 *
 * @param user the name of the user, empty if anonymous
 * @param session the id of the session, unique for each connection
 * @param connectionInfo what the authenticator says about the connection, possibly empty
 * @param roomInfo what the authorizer says about this subscription, possibly empty
 * @since 0.1.0
 */
public record Member(String user, String session, Payload connectionInfo, Payload roomInfo) {

	/**
	 * Create a member without further information.
	 * @param user the name of the user, empty if anonymous
	 * @param session the id of the session
	 */
	public Member(String user, String session) {
		this(user, session, Payload.EMPTY, Payload.EMPTY);
	}

}
