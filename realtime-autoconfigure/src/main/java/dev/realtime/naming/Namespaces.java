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

package dev.realtime.naming;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The namespaces that rooms can be in. Immutable.
 *
 * @since 0.1.0
 */
public final class Namespaces {

	private final Map<String, RoomSettings> settings;

	/**
	 * Create the namespaces.
	 * @param settings the settings of the rooms of each namespace, by its name
	 */
	public Namespaces(Map<String, RoomSettings> settings) {
		this.settings = Map.copyOf(settings);
	}

	/**
	 * Return the settings of a room.
	 * @param room the name of the room
	 * @return the settings, or {@code null} if its namespace is unknown or it has none
	 */
	public @Nullable RoomSettings find(String room) {
		String namespace = RoomName.namespace(room);
		return (namespace != null) ? this.settings.get(namespace) : null;
	}

	/**
	 * Return the settings of a room that the application names.
	 * @param room the name of the room
	 * @return the settings
	 * @throws IllegalArgumentException if there can be no such room
	 */
	public RoomSettings get(String room) {
		if (!RoomName.isValid(room)) {
			throw new IllegalArgumentException("Not a room name: 1 to 255 characters of A-Z a-z 0-9 _.:@$#/=+- are");
		}
		RoomSettings settings = find(room);
		if (settings == null) {
			throw new IllegalArgumentException("Room '" + room
					+ "' is in no configured namespace: add realtime.namespaces.<name>, its part before the first ':'");
		}
		return settings;
	}

	/**
	 * Return the names of the namespaces.
	 * @return the names
	 */
	public Set<String> names() {
		return this.settings.keySet();
	}

}
