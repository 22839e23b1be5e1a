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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import dev.realtime.RealtimeListener;
import dev.realtime.presence.PresenceStore;
import dev.realtime.session.LocalSession;
import dev.realtime.session.SerialExecutor;
import dev.realtime.session.Wheel;
import org.jspecify.annotations.Nullable;

/**
 * Knows when a room has its first session on all nodes and when it has lost its last one,
 * and lets the listeners know, in this order for each room. Costs nothing if none of them
 * wants to know. Thread-safe: whatever concerns one room is one step.
 */
final class RoomOccupancy {

	private static final int LANES = 16;

	/** Rooms that will be vacated unless somebody comes. */
	private final Map<String, Wheel.Timer> absences = new ConcurrentHashMap<>();

	private final List<RealtimeListener> listeners;

	private final boolean simple;

	private final PresenceStore presence;

	private final Duration grace;

	private final Wheel wheel;

	private final BiConsumer<Executor, Event> notifier;

	private final List<SerialExecutor> lanes;

	private volatile @Nullable Boolean wanted;

	/**
	 * Create the occupancy.
	 * @param listeners the listeners of the application
	 * @param presence knows of the other nodes
	 * @param grace for how long a room counts as occupied after its last session is lost
	 * @param wheel measures that
	 * @param executor where the application's code runs
	 * @param notifier tells the listeners of an event on an executor
	 */
	RoomOccupancy(List<RealtimeListener> listeners, PresenceStore presence, Duration grace, Wheel wheel,
			Executor executor, BiConsumer<Executor, Event> notifier) {
		this.listeners = listeners;
		this.simple = grace.isZero() && !presence.isShared();
		this.presence = presence;
		this.grace = grace;
		this.wheel = wheel;
		this.notifier = notifier;
		this.lanes = IntStream.range(0, LANES).mapToObj((i) -> new SerialExecutor(executor)).toList();
	}

	/** Found out when it is first needed: listeners may need what this is a part of. */
	private boolean isWanted() {
		Boolean known = this.wanted;
		if (known == null) {
			known = this.listeners.stream().anyMatch(RoomOccupancy::isWanted);
			this.wanted = known;
		}
		return known;
	}

	private static boolean isWanted(RealtimeListener listener) {
		return List.of("roomOccupied", "roomVacated").stream().anyMatch((name) -> isOverridden(listener, name));
	}

	private static boolean isOverridden(RealtimeListener listener, String name) {
		try {
			return listener.getClass().getMethod(name, String.class).getDeclaringClass() != RealtimeListener.class;
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A room has its first session on this node.
	 */
	void occupied(String room, LocalSession session) {
		if (!isWanted()) {
			return;
		}
		this.absences.compute(room, (name, absence) -> {
			if (absence == null) {
				occupy(room, true, session);
			}
			else {
				absence.cancel();
			}
			return null;
		});
	}

	/**
	 * A room has lost its last session on this node.
	 * @param lost whether the connection of that is lost, so that it may be back soon
	 */
	void vacated(String room, LocalSession session, boolean lost) {
		if (!isWanted()) {
			return;
		}
		this.absences.compute(room, (name, absence) -> {
			if (lost && !this.grace.isZero()) {
				return expect(room);
			}
			occupy(room, false, session);
			return null;
		});
	}

	private Wheel.Timer expect(String room) {
		Wheel.Timer[] own = new Wheel.Timer[1];
		own[0] = this.wheel.schedule(() -> this.absences.computeIfPresent(room, (name, absence) -> {
			if (absence == own[0]) {
				occupy(room, false, null);
			}
			return (absence == own[0]) ? null : absence;
		}), this.grace.toNanos());
		return own[0];
	}

	private void occupy(String room, boolean occupied, @Nullable LocalSession session) {
		this.presence.occupy(room, occupied).thenAccept((count) -> {
			if (count == 1) {
				tell(room, session, occupied ? Event.occupied(room) : Event.vacated(room));
			}
		});
	}

	/**
	 * A room is occupied here again that was vacated for the others.
	 */
	void occupiedAgain(String room) {
		tell(room, null, Event.occupied(room));
	}

	/**
	 * A room is vacated whose last node could not say so.
	 */
	void vacatedElsewhere(String room) {
		tell(room, null, Event.vacated(room));
	}

	/**
	 * On a node that is alone what a session causes comes in the order of the session.
	 */
	private void tell(String room, @Nullable LocalSession session, Event event) {
		Executor lane = this.lanes.get(Math.floorMod(room.hashCode(), LANES));
		this.notifier.accept((this.simple && session != null) ? session::runUserCode : lane, event);
	}

	/**
	 * Something to tell a listener.
	 */
	@FunctionalInterface
	interface Event {

		void tell(RealtimeListener listener);

		static Event occupied(String room) {
			return (listener) -> listener.roomOccupied(room);
		}

		static Event vacated(String room) {
			return (listener) -> listener.roomVacated(room);
		}

	}

}
