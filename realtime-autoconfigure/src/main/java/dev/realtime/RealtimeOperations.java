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

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What an application does in rooms: inject it into any bean. Thread-safe. The blocking
 * methods wait at most the command timeout and throw {@link IllegalStateException} when
 * called on a thread of the library that must not wait.
 * <p>
 * What is done to a user reaches its sessions on all nodes. The methods that do so return
 * when it is done everywhere, and throw {@link RelayUnavailableException} if other nodes
 * have not confirmed it in time: it is done on this node then, may be done on others, and
 * can be called again. Users have a name; anonymous sessions are ended one by one.
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
	 * Send a message to all sessions of a user. At most once, and without waiting:
	 * sessions that are away do not get it, nor those on nodes that cannot be reached.
	 * For certainty, publish into a room of the user's own.
	 * @param user the name of the user
	 * @param payload the message
	 */
	void sendToUser(String user, Object payload);

	/**
	 * Put all sessions of a user into a room. No rule or authorizer is consulted;
	 * sessions that are in the room stay as they are. It has begun on all nodes when this
	 * returns; the clients are told when they are in.
	 * @param user the name of the user
	 * @param room the name of the room
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void subscribe(String user, String room);

	/**
	 * Take a user out of a room. Its clients are told that it is for good, and get
	 * nothing more of the room once this has returned.
	 * @param user the name of the user
	 * @param room the name of the room
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void unsubscribe(String user, String room);

	/**
	 * End all sessions of a user.
	 * @param user the name of the user
	 * @param reason the reason, which the clients see
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void disconnect(String user, DisconnectReason reason);

	/**
	 * End one session. Nothing happens if there is none with the id.
	 * @param session the {@linkplain RealtimeSession#id() id} of the session
	 * @param reason the reason, which the client sees
	 * @throws RelayUnavailableException if the session is not on this node and not all
	 * other nodes have confirmed it in time
	 */
	void disconnectSession(String session, DisconnectReason reason);

	/**
	 * Let all sessions of a user be authenticated again, because what it may do has
	 * changed. Clients cannot be asked for that while they are connected. They are told
	 * to reconnect at once ({@link DisconnectReason#FORCE_RECONNECT}), are authenticated
	 * and authorized anew, and recover what they miss in between. One whose token is no
	 * longer good enough is asked for a new one if the authenticator answers with
	 * {@link ErrorCode#TOKEN_EXPIRED}.
	 * @param user the name of the user
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void refresh(String user);

	/**
	 * Ban a user for some time. All its sessions end with
	 * {@link DisconnectReason#FORCE_DISCONNECT}, after which clients do not come back by
	 * themselves, and no new one is let in: when this has returned, the user has no
	 * session on any node. A ban replaces an earlier one, and outlives restarts of the
	 * application and of the relay, though not of both at once unless the relay keeps its
	 * data. Up to 100,000 users are banned at a time; those whose bans end first are
	 * dropped, with a warning.
	 * <p>
	 * While the relay is not available this throws. The ban holds on this node
	 * nevertheless, and is announced to the others when the relay is back, if this node
	 * still runs then; to be sure, call it again.
	 * @param user the name of the user
	 * @param time for how long, at least a millisecond
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void ban(String user, Duration time);

	/**
	 * Ban a user for good, as {@link #ban(String, Duration)} does for some time.
	 * @param user the name of the user
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time
	 */
	void ban(String user);

	/**
	 * Let a banned user in again. Nothing happens if it is not banned.
	 * @param user the name of the user
	 * @throws RelayUnavailableException if not all nodes have confirmed it in time: the
	 * user may be let in or banned then, so call it again
	 */
	void unban(String user);

}
