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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.realtime.Member;
import org.jspecify.annotations.Nullable;

/**
 * The members of this node in the rooms of one partition, and what Redis does not know of
 * them yet. Only one call is in flight, and what fails is tried again with what is true
 * then; so changes of one place take effect in their order. Thread-safe: every method is
 * one step, and none calls anything.
 */
final class PresencePartition {

	private static final int MAX_CHANGES = 256;

	/** What a replica may not know yet that becomes the master. */
	private static final long RECENT = TimeUnit.SECONDS.toNanos(15);

	private static final int MAX_RECENT = 2_000;

	private final int number;

	private final Map<String, Map<String, BookedMember>> rooms = new HashMap<>();

	private final Map<Place, PresenceChange> changes = new LinkedHashMap<>();

	private final Map<Place, Long> recent = new LinkedHashMap<>();

	private @Nullable Map<Place, PresenceChange> flight;

	private long retryAt = System.nanoTime();

	private boolean known;

	PresencePartition(int number) {
		this.number = number;
	}

	int number() {
		return this.number;
	}

	/**
	 * Note who is in a place.
	 * @param next the member, or {@code null} for nobody
	 * @param answer to be completed when Redis knows
	 * @return answers that have to be completed now, since Redis does not have to know
	 */
	synchronized List<CompletableFuture<Integer>> want(Place place, @Nullable BookedMember next,
			CompletableFuture<Integer> answer) {
		BookedMember before = put(place, next);
		PresenceChange waiting = this.changes.get(place);
		PresenceChange change = change(place, before, next, answer);
		if (waiting == null) {
			this.changes.put(place, change);
		}
		else if (waiting.untold() && next == null) {
			this.changes.remove(place);
			return waiting.then(change).answers();
		}
		else {
			this.changes.put(place, waiting.then(change));
		}
		return List.of();
	}

	private PresenceChange change(Place place, @Nullable BookedMember before, @Nullable BookedMember next,
			CompletableFuture<Integer> answer) {
		boolean untold = next != null && before == null && !isInFlight(place);
		boolean absent = next == null || next.isExpected();
		String known = (absent && before != null) ? before.owner() : "";
		String likeness = (next == null && before != null && before.isExpected()) ? before.likeness() : "";
		if (next != null) {
			next.owner(known);
		}
		return new PresenceChange(place, next, likeness, known, untold, true, List.of(answer));
	}

	private boolean isInFlight(Place place) {
		return this.flight != null && this.flight.containsKey(place);
	}

	/** Return who was there before. */
	private @Nullable BookedMember put(Place place, @Nullable BookedMember next) {
		if (next != null) {
			return this.rooms.computeIfAbsent(place.room(), (room) -> new HashMap<>(4)).put(place.session(), next);
		}
		Map<String, BookedMember> sessions = this.rooms.get(place.room());
		if (sessions == null) {
			return null;
		}
		BookedMember before = sessions.remove(place.session());
		if (sessions.isEmpty()) {
			this.rooms.remove(place.room());
		}
		return before;
	}

	private @Nullable BookedMember get(Place place) {
		return this.rooms.getOrDefault(place.room(), Map.of()).get(place.session());
	}

	/**
	 * Return who is here in a room, without those who are only expected.
	 */
	synchronized List<Member> members(String room) {
		return this.rooms.getOrDefault(room, Map.of())
			.values()
			.stream()
			.filter((entry) -> !entry.isExpected() && !entry.isLost())
			.map(BookedMember::member)
			.toList();
	}

	/**
	 * Return whether there is nobody and Redis knows it.
	 */
	synchronized boolean isEmpty() {
		return this.rooms.isEmpty() && this.changes.isEmpty() && this.flight == null;
	}

	/**
	 * Return whether Redis has been told that this node has members in the partition.
	 */
	synchronized boolean isKnown() {
		return this.known;
	}

	/**
	 * Take what is to be told next.
	 * @return the changes, or {@code null} if there are none or others are in flight
	 */
	synchronized @Nullable Map<Place, PresenceChange> take(long now) {
		if (this.flight != null || this.changes.isEmpty() || now - this.retryAt < 0) {
			return null;
		}
		Map<Place, PresenceChange> taken = new LinkedHashMap<>();
		Iterator<PresenceChange> all = this.changes.values().iterator();
		while (all.hasNext() && taken.size() < MAX_CHANGES) {
			PresenceChange change = all.next();
			all.remove();
			taken.put(change.place(), change);
		}
		this.flight = taken;
		return taken;
	}

	/**
	 * Redis knows.
	 * @param fresh whether it had not known of this node in the partition
	 */
	synchronized void told(Map<Place, PresenceChange> told, boolean fresh, long now) {
		if (this.flight != told) {
			return;
		}
		this.flight = null;
		if (fresh && this.known) {
			tellAll();
		}
		this.known = true;
		told.keySet().forEach((place) -> {
			this.recent.remove(place);
			this.recent.put(place, now);
		});
		Iterator<Long> times = this.recent.values().iterator();
		while (times.hasNext() && (now - times.next() > RECENT || this.recent.size() > MAX_RECENT)) {
			times.remove();
		}
	}

	/**
	 * Redis knows a place under an incarnation of this node.
	 */
	synchronized void owned(PresenceChange told, String owner) {
		BookedMember entry = get(told.place());
		if (entry != null && entry == told.entry()) {
			entry.owner(owner);
		}
	}

	/**
	 * Another node has taken this one for dead and somebody out of a place, who counts no
	 * more until he comes again.
	 * @return whether he is still there
	 */
	synchronized boolean lose(PresenceChange refused) {
		BookedMember entry = get(refused.place());
		if (entry == null || entry != refused.entry() || this.changes.containsKey(refused.place())) {
			return false;
		}
		entry.lose();
		return true;
	}

	/**
	 * Take somebody off the book whom another node has taken out before.
	 * @return whether there was one
	 */
	synchronized boolean forgetLost(Place place) {
		BookedMember entry = get(place);
		boolean lost = entry != null && entry.isLost();
		if (lost) {
			put(place, null);
		}
		return lost;
	}

	/**
	 * Redis does not know, or may not.
	 */
	synchronized void failed(Map<Place, PresenceChange> failed, long retryAt) {
		if (this.flight == failed) {
			this.retryAt = retryAt;
			putBack(failed, true);
		}
	}

	/**
	 * Redis does not do it for this incarnation of the node.
	 */
	synchronized void refused(Map<Place, PresenceChange> refused, long retryAt) {
		if (this.flight == refused) {
			this.retryAt = retryAt;
			putBack(refused, false);
		}
	}

	private void putBack(Map<Place, PresenceChange> failed, boolean tried) {
		this.flight = null;
		failed.forEach((place, change) -> {
			PresenceChange first = tried ? change.tried() : change;
			PresenceChange later = this.changes.get(place);
			this.changes.put(place, (later != null) ? first.then(later) : first);
		});
	}

	/**
	 * Redis has lost what it knew of this node.
	 */
	synchronized void tellAll() {
		this.known = false;
		this.rooms.forEach((room, sessions) -> sessions.forEach((session, member) -> tell(new Place(room, session))));
	}

	/**
	 * Redis may have lost what it was told lately.
	 */
	synchronized void tellRecent() {
		new ArrayList<>(this.recent.keySet()).forEach(this::tell);
	}

	private void tell(Place place) {
		BookedMember entry = get(place);
		if (entry == null || !entry.isLost()) {
			this.changes.putIfAbsent(place, PresenceChange.again(place, entry));
		}
	}

	/**
	 * Begin to tell another Redis, or the same as another node. Who is expected back is
	 * so by the other nodes by now.
	 */
	synchronized void restart() {
		Map<Place, PresenceChange> lost = this.flight;
		if (lost != null) {
			putBack(lost, true);
		}
		this.retryAt = System.nanoTime();
		this.rooms.values().forEach((sessions) -> sessions.values().removeIf(BookedMember::isExpected));
		this.rooms.values().removeIf(Map::isEmpty);
		this.changes.values().removeIf((change) -> change.entry() != null && change.entry().isExpected());
		tellAll();
	}

}
