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

package dev.realtime.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * In which rooms a client is, and how far it has got in them. Guarded by the client's
 * monitor.
 */
final class Rooms {

	/** After these a client subscribes again. */
	private static final int FIRST_TEMPORARY_CODE = 2500;

	private final Map<String, State> states = new LinkedHashMap<>();

	void subscribed(String room, SubscribeOptions options, boolean serverSide, StreamPosition position) {
		State state = this.states.computeIfAbsent(room, (name) -> new State());
		state.options = options;
		state.serverSide = serverSide;
		state.subscribed = true;
		state.wanted = true;
		state.position = position;
	}

	void advanced(String room, long offset) {
		State state = this.states.get(room);
		if (state != null && offset > 0) {
			state.position = new StreamPosition(offset, state.position.epoch());
		}
	}

	void unsubscribed(String room, int code) {
		State state = this.states.get(room);
		if (state != null) {
			state.subscribed = false;
			state.wanted = code >= FIRST_TEMPORARY_CODE;
		}
	}

	void disconnected() {
		this.states.values().forEach((state) -> state.subscribed = false);
	}

	boolean isSubscribed(String room) {
		State state = this.states.get(room);
		return state != null && state.subscribed;
	}

	Set<String> subscribed() {
		return Set.copyOf(names((state) -> state.subscribed));
	}

	/**
	 * Return the rooms to subscribe to after a reconnect.
	 */
	List<String> wanted() {
		return names((state) -> state.wanted && !state.serverSide);
	}

	/**
	 * Return the rooms that the server subscribed to, with the positions to go on from.
	 */
	Map<String, StreamPosition> serverSide() {
		Map<String, StreamPosition> result = new LinkedHashMap<>();
		for (String room : names((state) -> state.wanted && state.serverSide)) {
			StreamPosition position = position(room);
			if (position != null) {
				result.put(room, position);
			}
		}
		return result;
	}

	private List<String> names(Predicate<State> filter) {
		return this.states.entrySet()
			.stream()
			.filter((entry) -> filter.test(entry.getValue()))
			.map(Map.Entry::getKey)
			.collect(Collectors.toList());
	}

	/**
	 * Return how far the client has got, or null if the room has no positions.
	 */
	@Nullable StreamPosition position(String room) {
		State state = this.states.get(room);
		return (state != null && !state.position.epoch().isEmpty()) ? state.position : null;
	}

	/**
	 * Return how the client subscribed last, to go on from where it is.
	 */
	SubscribeOptions options(String room) {
		State state = this.states.get(room);
		SubscribeOptions options = (state != null) ? state.options : SubscribeOptions.NONE;
		return options.recover(position(room));
	}

	/**
	 * One room.
	 */
	private static final class State {

		private SubscribeOptions options = SubscribeOptions.NONE;

		private StreamPosition position = StreamPosition.START;

		private boolean subscribed;

		private boolean wanted;

		private boolean serverSide;

	}

}
