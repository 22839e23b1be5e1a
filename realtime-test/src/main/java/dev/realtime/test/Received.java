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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.test.RealtimeEvent.Disconnected;
import dev.realtime.test.RealtimeEvent.InRoom;
import dev.realtime.test.RealtimeEvent.Published;
import org.jspecify.annotations.Nullable;

/**
 * All that a client has received, in order and across its connections. Nothing here
 * waits: see {@link RealtimeAssertions} for that. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Received {

	private final Monitor monitor;

	private final List<RealtimeEvent> events = new ArrayList<>();

	private final List<RealtimeReply> refusals = new ArrayList<>();

	Received(Monitor monitor) {
		this.monitor = monitor;
	}

	void add(RealtimeEvent event) {
		this.monitor.change(() -> this.events.add(event));
	}

	void refused(RealtimeReply reply) {
		this.monitor.change(() -> this.refusals.add(reply));
	}

	/**
	 * Return everything.
	 * @return a snapshot
	 */
	public List<RealtimeEvent> events() {
		return this.monitor.read(() -> List.copyOf(this.events));
	}

	/**
	 * Return everything of one kind.
	 * @param <T> the kind of the events
	 * @param type the kind of the events
	 * @return a snapshot
	 */
	public <T extends RealtimeEvent> List<T> events(Class<T> type) {
		return events().stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * Return everything that happened in a room.
	 * @param room the name of the room
	 * @return a snapshot
	 */
	public List<InRoom> events(String room) {
		return events(InRoom.class, room);
	}

	/**
	 * Return what was published in a room.
	 * @param room the name of the room
	 * @return a snapshot
	 */
	public List<Published> publications(String room) {
		return events(Published.class, room);
	}

	/**
	 * Return everything of one kind that happened in a room.
	 * @param <T> the kind of the events
	 * @param type the kind of the events
	 * @param room the name of the room
	 * @return a snapshot
	 */
	public <T extends InRoom> List<T> events(Class<T> type, String room) {
		return events(type).stream().filter((event) -> event.room().equals(room)).toList();
	}

	/**
	 * Return how the last connection ended.
	 * @return the end, or {@code null} if none has ended yet
	 */
	public @Nullable Disconnected disconnected() {
		List<Disconnected> ends = events(Disconnected.class);
		return ends.isEmpty() ? null : ends.get(ends.size() - 1);
	}

	/**
	 * Return which commands were answered with an error.
	 * @return a snapshot
	 */
	public List<RealtimeReply> refusals() {
		return this.monitor.read(() -> List.copyOf(this.refusals));
	}

	/**
	 * Forget everything, so that only what comes from now on counts.
	 */
	public void clear() {
		this.monitor.change(() -> {
			this.events.clear();
			this.refusals.clear();
		});
	}

	/**
	 * Return it all as text, a line for each room.
	 */
	@Override
	public String toString() {
		Map<String, List<RealtimeEvent>> lines = new LinkedHashMap<>();
		events().forEach((event) -> lines
			.computeIfAbsent((event instanceof InRoom inRoom) ? inRoom.room() : "itself", (key) -> new ArrayList<>())
			.add(event));
		StringBuilder text = new StringBuilder();
		lines.forEach((place, events) -> text.append("%n  %s: %s".formatted(place, events)));
		refusals().forEach((reply) -> text.append("%n  refused: %s".formatted(reply)));
		return text.isEmpty() ? " nothing" : text.toString();
	}

}
