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

import dev.realtime.Member;

/**
 * Is told what happens to members that nobody else tells.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PresenceListener {

	/**
	 * A member is gone with its node, which could not say so. Told to one node only. Must
	 * not block.
	 * @param room the name of the room
	 * @param member the member
	 * @param occupancy how many members the room had before
	 */
	void gone(String room, Member member, int occupancy);

	/**
	 * A member of this node has been taken out by another one, which took this node for
	 * dead and has told the room.
	 * @param room the name of the room
	 * @param session the id of the member's session
	 */
	default void lost(String room, String session) {
	}

	/**
	 * This node has sessions in a room again in which for the others there were none
	 * meanwhile.
	 * @param room the name of the room
	 */
	default void occupied(String room) {
	}

	/**
	 * The last node that had sessions in a room is gone, and could not say so. Told to
	 * one node only.
	 * @param room the name of the room
	 */
	default void vacated(String room) {
	}

}
