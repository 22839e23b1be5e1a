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

package dev.realtime.redis;

import org.jspecify.annotations.Nullable;

/**
 * Where a member is.
 *
 * @param room the name of the room
 * @param session the id of the member's session
 */
record Place(String room, String session) {

	/** Where the members are nodes, each with sessions in the room. */
	private static final String NODES = ":room:";

	static Place ofNode(String room, String node) {
		return new Place(NODES + room, node);
	}

	/**
	 * Return in which room a node has sessions whose place this is.
	 * @return the name of the room, or {@code null} if the member is no node
	 */
	static @Nullable String occupied(String room) {
		return room.startsWith(NODES) ? room.substring(NODES.length()) : null;
	}

	/**
	 * Return whether somebody is told who comes and goes. Nobody is where only the
	 * sessions of a user are counted.
	 */
	boolean isVisible() {
		return !this.room.startsWith(":") || this.room.startsWith(NODES);
	}

	/**
	 * Return how Redis keeps it.
	 */
	byte[] bytes() {
		return RedisKeys.bytes(RedisKeys.bytes(this.room).length + ":" + this.room + this.session);
	}

}
