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
 * Is told what happens on this node: a bean of the application. Called on the handler
 * executor, where it may block; events of one session arrive in order. What a listener
 * throws is logged and ignored.
 *
 * @since 0.1.0
 */
public interface RealtimeListener {

	/**
	 * A client has connected and knows it.
	 * @param session the session
	 */
	default void connected(RealtimeSession session) {
	}

	/**
	 * A client that had connected is gone. Exactly once for each
	 * {@link #connected(RealtimeSession) connected} session.
	 * @param session the session
	 * @param reason why
	 */
	default void disconnected(RealtimeSession session, DisconnectReason reason) {
	}

	/**
	 * A session has become a member of a room.
	 * @param session the session
	 * @param room the name of the room
	 */
	default void joined(RealtimeSession session, String room) {
	}

	/**
	 * A session is no longer a member of a room. Not guaranteed when the node dies.
	 * @param session the session
	 * @param room the name of the room
	 */
	default void left(RealtimeSession session, String room) {
	}

	/**
	 * A room has its first member, on all nodes together where these share their rooms.
	 * Told on one node, once that is known to the others: the member that causes it may
	 * have gone again by then, but before {@link #roomVacated(String)}.
	 * @param room the name of the room
	 */
	default void roomOccupied(String room) {
	}

	/**
	 * A room has lost its last member, on all nodes together where these share their
	 * rooms. Told on one node, after {@code realtime.session.leave-grace} if the
	 * connection of the last member is lost. If a node dies, one of those that are left
	 * tells it within about ten seconds; with the last node it is lost. Not guaranteed to
	 * be told exactly once if a connection to what the nodes share is lost meanwhile.
	 * @param room the name of the room
	 */
	default void roomVacated(String room) {
	}

}
