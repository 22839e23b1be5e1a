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

	private final Map<String, Map<String, Member>> rooms = new HashMap<>();

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
	 * @param member the member, or {@code null} for nobody
	 * @param answer to be completed with the number of members when Redis knows
	 * @return answers that have to be completed now, since Redis does not have to know
	 */
	synchronized List<CompletableFuture<Integer>> want(Place place, @Nullable Member member,
			CompletableFuture<Integer> answer) {
		boolean present = put(place, member);
		PresenceChange waiting = this.changes.get(place);
		if (waiting == null) {
			boolean untold = !present && !isInFlight(place);
			this.changes.put(place, new PresenceChange(place, member, untold && member != null, List.of(answer)));
		}
		else if (waiting.untold() && member == null) {
			this.changes.remove(place);
			return waiting.then(null, List.of(answer)).answers();
		}
		else {
			this.changes.put(place, waiting.then(member, List.of(answer)));
		}
		return List.of();
	}

	private boolean isInFlight(Place place) {
		return this.flight != null && this.flight.containsKey(place);
	}

	/** Return whether there was somebody before. */
	private boolean put(Place place, @Nullable Member member) {
		Map<String, Member> sessions = this.rooms.get(place.room());
		if (member != null) {
			return this.rooms.computeIfAbsent(place.room(), (room) -> new HashMap<>(4))
				.put(place.session(), member) != null;
		}
		if (sessions == null) {
			return false;
		}
		boolean present = sessions.remove(place.session()) != null;
		if (sessions.isEmpty()) {
			this.rooms.remove(place.room());
		}
		return present;
	}

	synchronized List<Member> members(String room) {
		return List.copyOf(this.rooms.getOrDefault(room, Map.of()).values());
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
	 * Redis does not know, or may not.
	 */
	synchronized void failed(Map<Place, PresenceChange> failed, long retryAt) {
		if (this.flight == failed) {
			this.retryAt = retryAt;
			putBack(failed);
		}
	}

	private void putBack(Map<Place, PresenceChange> failed) {
		this.flight = null;
		failed.forEach((place, change) -> {
			PresenceChange later = this.changes.get(place);
			PresenceChange told = new PresenceChange(place, change.member(), false, change.answers());
			this.changes.put(place, (later != null) ? told.then(later.member(), later.answers()) : told);
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
		Member member = this.rooms.getOrDefault(place.room(), Map.of()).get(place.session());
		this.changes.putIfAbsent(place, PresenceChange.of(place, member));
	}

	/**
	 * Begin to tell another Redis, or the same as another node.
	 */
	synchronized void restart() {
		Map<Place, PresenceChange> lost = this.flight;
		if (lost != null) {
			putBack(lost);
		}
		this.retryAt = System.nanoTime();
		tellAll();
	}

}
