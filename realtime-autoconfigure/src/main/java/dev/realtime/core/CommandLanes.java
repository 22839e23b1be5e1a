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

package dev.realtime.core;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;

import dev.realtime.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a session that wait to be started. Those of one room wait for each
 * other's end, except publications that may overlap. Not thread-safe: its session guards
 * it.
 */
final class CommandLanes {

	private final Queue<Entry> queue = new ArrayDeque<>(0);

	private final Map<String, Lane> lanes = new HashMap<>(0);

	private final Predicate<Command.Publish> mayOverlap;

	CommandLanes(Predicate<Command.Publish> mayOverlap) {
		this.mayOverlap = mayOverlap;
	}

	void add(Entry entry) {
		this.queue.add(entry);
	}

	/**
	 * Return the next command that can be started, or {@code null}.
	 */
	@Nullable Entry next() {
		Entry entry = this.queue.poll();
		while (entry != null && !enter(entry)) {
			entry = this.queue.poll();
		}
		return entry;
	}

	/** Return false if the command has to wait for others of its room. */
	private boolean enter(Entry entry) {
		if (!(entry.command instanceof Command.RoomCommand command)) {
			return true;
		}
		Lane lane = this.lanes.computeIfAbsent(command.room(), (room) -> new Lane());
		if (lane.running > 0 && !overlaps(lane, command)) {
			lane.waiting.add(entry);
			return false;
		}
		lane.onlyPublishes = command instanceof Command.Publish;
		lane.running++;
		return true;
	}

	private boolean overlaps(Lane lane, Command.RoomCommand command) {
		return lane.onlyPublishes && lane.waiting.isEmpty() && command instanceof Command.Publish publish
				&& this.mayOverlap.test(publish);
	}

	/**
	 * A command has ended.
	 * @return whether others of its room can go on; they precede what came later
	 */
	boolean leave(Command command) {
		if (!(command instanceof Command.RoomCommand roomCommand)) {
			return false;
		}
		Lane lane = this.lanes.get(roomCommand.room());
		if (lane == null || --lane.running > 0) {
			return false;
		}
		this.lanes.remove(roomCommand.room());
		if (lane.waiting.isEmpty()) {
			return false;
		}
		Queue<Entry> later = new ArrayDeque<>(this.queue);
		this.queue.clear();
		this.queue.addAll(lane.waiting);
		this.queue.addAll(later);
		return true;
	}

	void clear() {
		this.queue.clear();
		this.lanes.clear();
	}

	/**
	 * A command that waits.
	 *
	 * @param command the command, or {@code null} for something that is none
	 * @param bytes how many bytes it holds
	 */
	record Entry(@Nullable Command command, int bytes) {

	}

	/**
	 * The commands of one room that have started, and those that wait for them.
	 */
	private static final class Lane {

		private final Queue<Entry> waiting = new ArrayDeque<>(2);

		private int running;

		private boolean onlyPublishes;

	}

}
