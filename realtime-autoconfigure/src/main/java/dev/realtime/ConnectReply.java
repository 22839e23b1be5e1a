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

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a client gets when it connects.
 *
 * @param data what its application is told, possibly empty
 * @param rooms the rooms that it is put into without asking; no rule or authorizer is
 * consulted
 * @since 0.1.0
 */
public record ConnectReply(Payload data, Set<String> rooms) {

	/** Nothing in particular. */
	public static final ConnectReply EMPTY = new ConnectReply(Payload.EMPTY, Set.of());

	public ConnectReply {
		rooms = Set.copyOf(rooms);
	}

	/**
	 * Put a client into rooms.
	 * @param rooms the names of the rooms
	 * @return the reply
	 */
	public static ConnectReply rooms(String... rooms) {
		return new ConnectReply(Payload.EMPTY, Set.of(rooms));
	}

	/**
	 * Return a reply with the rooms of both. The data of this one wins.
	 * @param other the other reply
	 * @return the combination
	 */
	public ConnectReply and(ConnectReply other) {
		Set<String> all = new LinkedHashSet<>(this.rooms);
		all.addAll(other.rooms);
		return new ConnectReply(this.data.isEmpty() ? other.data : this.data, all);
	}

}
