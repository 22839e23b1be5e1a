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

package dev.realtime.handler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import dev.realtime.RoomAccess;
import dev.realtime.naming.RoomName;
import dev.realtime.naming.RoomPattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods of one kind by the rooms that they are for.
 */
final class RoomMappings {

	private final Map<String, List<Mapping>> namespaces = new HashMap<>();

	private final Kind kind;

	private final RoomAccess.@Nullable Operation operation;

	RoomMappings(Kind kind, RoomAccess.@Nullable Operation operation) {
		this.kind = kind;
		this.operation = operation;
	}

	void add(RoomPattern pattern, ControllerMethod method) {
		List<Mapping> mappings = this.namespaces.computeIfAbsent(pattern.namespace(), (name) -> new ArrayList<>());
		for (Mapping mapping : mappings) {
			if (RoomPattern.BY_SPECIFICITY.compare(mapping.pattern, pattern) == 0) {
				throw new InvalidHandlerException(
						"Two methods are for the same rooms: " + mapping.method + " is " + this.kind + "(\""
								+ mapping.pattern + "\") and " + method + " is " + this.kind + "(\"" + pattern + "\")",
						"Remove one of them, or make its pattern more specific");
			}
		}
		mappings.add(new Mapping(pattern, method));
		mappings.sort(Comparator.comparing(Mapping::pattern, RoomPattern.BY_SPECIFICITY));
	}

	Stream<HandledRooms> rooms() {
		return this.namespaces.values()
			.stream()
			.flatMap(List::stream)
			.map((mapping) -> new HandledRooms(mapping.pattern, this.operation, this.kind + " " + mapping.method));
	}

	/**
	 * Find the method for a room.
	 * @param room the name of the room
	 * @param result makes something of the method and the values of the variables
	 */
	<T> @Nullable T find(String room, BiFunction<ControllerMethod, Map<String, String>, T> result) {
		if (this.namespaces.isEmpty()) {
			return null;
		}
		for (Mapping mapping : this.namespaces.getOrDefault(String.valueOf(RoomName.namespace(room)), List.of())) {
			Map<String, String> variables = mapping.pattern.match(room);
			if (variables != null) {
				return result.apply(mapping.method, variables);
			}
		}
		return null;
	}

	/**
	 * A method and its rooms.
	 */
	private record Mapping(RoomPattern pattern, ControllerMethod method) {

	}

}
