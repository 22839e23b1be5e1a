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
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.StreamPosition;
import dev.realtime.it.checker.Attempt.Outcome;
import dev.realtime.it.checker.ClientLog.Event;
import dev.realtime.it.checker.ClientLog.Kind;
import dev.realtime.it.checker.Verdict.Defect;
import org.jspecify.annotations.Nullable;

/**
 * Judges one run. The time it takes is proportional to the deliveries that there should
 * be.
 */
final class Judge {

	private static final int EXAMPLES = 5;

	private final Map<Defect, Long> counts = new EnumMap<>(Defect.class);

	private final Map<Defect, List<String>> examples = new EnumMap<>(Defect.class);

	private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

	private final Map<String, List<Attempt>> owed = new HashMap<>();

	private final Map<Place, Attempt> places = new HashMap<>();

	/**
	 * Where publications came whose publisher does not know; START if it is not shown.
	 */
	private final Map<Attempt, StreamPosition> seen = new HashMap<>();

	private long received;

	private long gapSignals;

	Verdict judge(Collection<Attempt> attempts, Collection<ClientLog> clients) {
		List<Membership> memberships = new ArrayList<>();
		clients.forEach((client) -> client.rooms().forEach((room, events) -> {
			events.forEach((event) -> see(room, event));
			memberships.add(new Membership(this, client.name(), room, events));
		}));
		attempts.forEach(this::sort);
		memberships.forEach(Membership::judge);
		return new Verdict(this.outcomes.values().stream().mapToLong(Long::longValue).sum(), count(Outcome.ACCEPTED),
				count(Outcome.REJECTED), count(Outcome.UNKNOWN), this.received, this.gapSignals, this.counts,
				this.examples);
	}

	private void see(String room, Event event) {
		this.received += (event.kind() == Kind.RECEIVED) ? 1 : 0;
		this.gapSignals += (event.kind() == Kind.GAP) ? 1 : 0;
		Attempt attempt = event.attempt();
		if (attempt != null && attempt.room().equals(room) && attempt.position() == null) {
			this.seen.merge(attempt, new StreamPosition(event.offset(), event.epoch()),
					(before, now) -> (before.offset() > 0) ? before : now);
		}
	}

	private void sort(Attempt attempt) {
		Outcome outcome = attempt.outcome();
		this.outcomes.merge(outcome, 1L, Long::sum);
		StreamPosition position = attempt.position();
		if (position != null) {
			place(position, attempt, "acknowledged");
		}
		// what came to one was accepted, so it has to come to all
		if (outcome == Outcome.ACCEPTED || (outcome == Outcome.UNKNOWN && this.seen.containsKey(attempt))) {
			this.owed.computeIfAbsent(attempt.room(), (room) -> new ArrayList<>()).add(attempt);
		}
	}

	private long count(Outcome outcome) {
		return this.outcomes.getOrDefault(outcome, 0L);
	}

	/** One place of a stream has one publication, whoever looks. */
	void place(StreamPosition position, Attempt attempt, String who) {
		Attempt before = this.places.putIfAbsent(new Place(attempt.room(), position), attempt);
		if (before != null && !before.id().equals(attempt.id())) {
			found(Defect.REORDER, who + ": " + attempt + " at the place of " + before);
		}
	}

	/** What every member of a room has to get, if it became one in time. */
	List<Attempt> owed(String room) {
		return this.owed.getOrDefault(room, List.of());
	}

	/** Where a publication is, as far as its publisher or some client knows. */
	@Nullable StreamPosition positionOf(Attempt attempt) {
		StreamPosition position = attempt.position();
		return (position != null) ? position : this.seen.get(attempt);
	}

	void found(Defect defect, String text) {
		this.counts.merge(defect, 1L, Long::sum);
		List<String> texts = this.examples.computeIfAbsent(defect, (key) -> new ArrayList<>());
		if (texts.size() < EXAMPLES) {
			texts.add(text);
		}
	}

	private record Place(String room, StreamPosition position) {

	}

}
