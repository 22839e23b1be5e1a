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

package dev.realtime.it.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * What one client was told, room by room.
 */
public final class ClientLog {

	private final String name;

	private final DeliveryChecker checker;

	private final Map<String, List<Event>> rooms = new TreeMap<>();

	ClientLog(String name, DeliveryChecker checker) {
		this.name = name;
		this.checker = checker;
	}

	/**
	 * Note that the client became a member. From now on it gets everything after the
	 * position. If it was one before and had no gap signal (it recovered), it still gets
	 * everything after its first position.
	 * @param room the room
	 * @param position the position that the subscription began at
	 */
	public void joined(String room, StreamPosition position) {
		add(room, new Event(Kind.JOINED, position.offset(), position.epoch(), null, this.checker.tick()));
	}

	/**
	 * Note that the client became a member of a room that shows no positions. From now on
	 * it gets everything that is published later.
	 * @param room the room
	 */
	public void joined(String room) {
		joined(room, StreamPosition.START);
	}

	/**
	 * Note a publication.
	 * @param room the room
	 * @param offset its offset, 0 in a room that shows none
	 * @param epoch the epoch of the client's subscription, possibly empty
	 * @param id what the publication is recognised by
	 */
	public void received(String room, long offset, String epoch, String id) {
		add(room, new Event(Kind.RECEIVED, offset, epoch, this.checker.find(id), 0));
	}

	/**
	 * Note that the client was told that it misses something: it was unsubscribed with
	 * code 2500, disconnected with 3010, or not recovered. It is no member until it joins
	 * again.
	 * @param room the room
	 */
	public void gap(String room) {
		add(room, new Event(Kind.GAP, 0, "", null, 0));
	}

	/**
	 * Note that the client is no longer a member, because it unsubscribed or disconnected
	 * and does not come back to recover. What it had not got yet it does not miss.
	 * @param room the room
	 */
	public void left(String room) {
		add(room, new Event(Kind.LEFT, 0, "", null, 0));
	}

	private synchronized void add(String room, Event event) {
		this.rooms.computeIfAbsent(room, (key) -> new ArrayList<>()).add(event);
	}

	String name() {
		return this.name;
	}

	synchronized Map<String, List<Event>> rooms() {
		Map<String, List<Event>> copy = new TreeMap<>();
		this.rooms.forEach((room, events) -> copy.put(room, List.copyOf(events)));
		return copy;
	}

	enum Kind {

		JOINED, RECEIVED, GAP, LEFT

	}

	/**
	 * Something that the client was told.
	 *
	 * @param kind what
	 * @param offset the offset, or 0
	 * @param epoch the epoch, or empty
	 * @param attempt the publication, if it is one
	 * @param tick when a membership began
	 */
	record Event(Kind kind, long offset, String epoch, @Nullable Attempt attempt, long tick) {

	}

}
