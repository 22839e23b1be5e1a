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

package dev.realtime.presence;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;

/**
 * Keeps the members of rooms. Operations on one member of one room take effect in the
 * order in which they are called. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
public interface PresenceStore {

	/**
	 * Add a member.
	 * @param room the name of the room
	 * @param member the member
	 * @return how many members the room has now
	 */
	CompletionStage<Integer> add(String room, Member member);

	/**
	 * Remove a member.
	 * @param room the name of the room
	 * @param session the id of the member's session
	 * @return how many members the room had before, or 0 if it was none of them
	 */
	CompletionStage<Integer> remove(String room, String session);

	/**
	 * Add a member. If one is expected back that {@linkplain Likeness looks the same}, it
	 * takes the place of that.
	 * @param room the name of the room
	 * @param member the member
	 * @return what has become of it
	 */
	default CompletionStage<Arrival> arrive(String room, Member member) {
		return add(room, member).thenApply((occupancy) -> new Arrival(occupancy, false));
	}

	/**
	 * Expect a member back whose connection is lost. It stays a member until another one
	 * takes its place, on any node, or until it is {@link #remove removed}, which is to
	 * be done after the grace. Members of a node that is stopped by then are removed
	 * after the grace by another node.
	 * @param room the name of the room
	 * @param member the member
	 * @param grace for how long
	 */
	default void expect(String room, Member member, Duration grace) {
	}

	/**
	 * Note whether this node has sessions in a room.
	 * @param room the name of the room
	 * @param occupied whether it has any
	 * @return a stage that completes when the other nodes know it, however long that
	 * takes, with how many nodes have sessions in the room, or had any before, this one
	 * included
	 */
	default CompletionStage<Integer> occupy(String room, boolean occupied) {
		return CompletableFuture.completedFuture(1);
	}

	/**
	 * Return the members.
	 * @param room the name of the room
	 * @return a snapshot
	 */
	CompletionStage<List<Member>> members(String room);

	/**
	 * Tell somebody of members that are gone without having been removed.
	 * @param listener is told
	 */
	default void listen(PresenceListener listener) {
	}

	/**
	 * Return whether other nodes see the members of this one, and it sees theirs.
	 * @return {@code false} if this node is alone
	 */
	default boolean isShared() {
		return false;
	}

}
