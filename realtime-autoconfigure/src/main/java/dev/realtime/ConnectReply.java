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

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a client gets when it connects.
 *
 * @param data what its application is told, possibly empty
 * @param rooms the rooms that it is put into without asking, and on what terms; no rule
 * or authorizer is consulted. When the terms of one expire the client is disconnected and
 * connects again
 * @since 0.1.0
 */
public record ConnectReply(Payload data, Map<String, RoomDecision> rooms) {

	/** Nothing in particular. */
	public static final ConnectReply EMPTY = new ConnectReply(Payload.EMPTY, Map.of());

	public ConnectReply {
		rooms = Map.copyOf(rooms);
	}

	/**
	 * Put a client into rooms.
	 * @param rooms the names of the rooms
	 * @return the reply
	 */
	public static ConnectReply rooms(String... rooms) {
		return new ConnectReply(Payload.EMPTY,
				Arrays.stream(rooms).collect(Collectors.toMap(Function.identity(), (room) -> RoomDecision.GRANTED)));
	}

	/**
	 * Put the client into one room more.
	 * @param room the name of the room
	 * @param terms what members see, what the client is told, and for how long
	 * @return the changed reply
	 */
	public ConnectReply room(String room, RoomDecision terms) {
		return and(new ConnectReply(Payload.EMPTY, Map.of(room, terms)));
	}

	/**
	 * Return a reply with the rooms of both. The data and the terms of this one win.
	 * @param other the other reply
	 * @return the combination
	 */
	public ConnectReply and(ConnectReply other) {
		Map<String, RoomDecision> all = new LinkedHashMap<>(other.rooms);
		all.putAll(this.rooms);
		return new ConnectReply(this.data.isEmpty() ? other.data : this.data, all);
	}

}
