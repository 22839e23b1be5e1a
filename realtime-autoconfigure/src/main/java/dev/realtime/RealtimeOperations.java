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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What an application does in rooms: inject it into any bean. Thread-safe. The blocking
 * methods wait at most the command timeout and throw {@link IllegalStateException} when
 * called on a thread of the library that must not wait.
 *
 * @since 0.1.0
 */
public interface RealtimeOperations {

	/**
	 * Publish a message into a room. Inside a transaction it goes out after the commit.
	 * @param room the name of the room
	 * @param payload the message: any object that the JSON mapper can write, or a
	 * {@link Payload} that is sent as it is
	 * @return what became of it
	 * @throws IllegalArgumentException if the name is not valid or the payload cannot be
	 * written
	 * @throws RelayUnavailableException if it could not be confirmed in time
	 */
	default PublishResult publish(String room, Object payload) {
		return publish(room, payload, PublishOptions.NONE);
	}

	/**
	 * Publish a message into a room with options.
	 * @param room the name of the room
	 * @param payload the message
	 * @param options the options
	 * @return what became of it
	 */
	PublishResult publish(String room, Object payload, PublishOptions options);

	/**
	 * Publish without waiting.
	 * @param room the name of the room
	 * @param payload the message
	 * @param options the options
	 * @return a stage that completes with what became of it, or exceptionally
	 */
	CompletionStage<PublishResult> publishAsync(String room, Object payload, PublishOptions options);

	/**
	 * Publish a message into several rooms. It is written once; each room accepts it for
	 * itself, and what one has accepted stays when another fails.
	 * @param rooms the names of the rooms
	 * @param payload the message
	 * @param options the options
	 * @return what became of it in each room
	 * @throws RelayUnavailableException if it could not be confirmed for every room in
	 * time
	 */
	Map<String, PublishResult> publish(Collection<String> rooms, Object payload, PublishOptions options);

	/**
	 * Publish a message into several rooms without options.
	 * @param rooms the names of the rooms
	 * @param payload the message
	 * @return what became of it in each room
	 */
	default Map<String, PublishResult> publish(Collection<String> rooms, Object payload) {
		return publish(rooms, payload, PublishOptions.NONE);
	}

	/**
	 * Publish into several rooms without waiting.
	 * @param rooms the names of the rooms
	 * @param payload the message
	 * @param options the options
	 * @return a stage that completes when all rooms have answered, exceptionally if one
	 * has failed
	 */
	CompletionStage<Map<String, PublishResult>> publishAsync(Collection<String> rooms, Object payload,
			PublishOptions options);

	/**
	 * Read the history of a room.
	 * @param room the name of the room
	 * @param query which part
	 * @return the publications and the position of the newest one
	 * @throws RealtimeException with {@link ErrorCode#UNRECOVERABLE_POSITION} if the
	 * query names another epoch
	 */
	History history(String room, HistoryQuery query);

	/**
	 * Forget the history of a room. Its offsets go on, so that clients that missed
	 * something notice that it is gone.
	 * @param room the name of the room
	 */
	void removeHistory(String room);

	/**
	 * Return who is in a room whose namespace has presence.
	 * @param room the name of the room
	 * @return the members, in no particular order
	 */
	List<Member> members(String room);

	/**
	 * Return the sessions of a user, on all nodes that share their rooms. Waits for at
	 * most the command timeout.
	 * @param user the name of the user
	 * @return the sessions as others see them, in no particular order, without
	 * information about rooms
	 * @throws RelayUnavailableException if the other nodes cannot be asked
	 */
	List<Member> sessions(String user);

	/**
	 * Return the sessions of a user on this node.
	 * @param user the name of the user
	 * @return the sessions
	 */
	List<RealtimeSession> localSessions(String user);

	/**
	 * Return whether a user has a session, on any node that shares its rooms. Does not
	 * wait if there is one on this node, else for at most the command timeout. If the
	 * other nodes cannot be asked, this node's sessions alone count.
	 * @param user the name of the user
	 * @return {@code true} if there is at least one
	 */
	boolean isOnline(String user);

	/**
	 * Send a message to all sessions of a user. At most once: sessions that are away do
	 * not get it. For certainty, publish into a room of the user's own.
	 * @param user the name of the user
	 * @param payload the message
	 */
	void sendToUser(String user, Object payload);

	/**
	 * Put all sessions of a user into a room. No rule or authorizer is consulted;
	 * sessions that are in the room stay as they are.
	 * @param user the name of the user
	 * @param room the name of the room
	 */
	void subscribe(String user, String room);

	/**
	 * Take a user out of a room. Its clients are told that it is for good.
	 * @param user the name of the user
	 * @param room the name of the room
	 */
	void unsubscribe(String user, String room);

	/**
	 * End all sessions of a user.
	 * @param user the name of the user
	 * @param reason the reason, which the clients see
	 */
	void disconnect(String user, DisconnectReason reason);

}
