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

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.StreamPosition;
import dev.realtime.it.checker.Attempt.Outcome;
import dev.realtime.it.checker.ClientLog.Event;
import dev.realtime.it.checker.Verdict.Defect;
import org.jspecify.annotations.Nullable;

/**
 * One client in one room.
 */
final class Membership {

	private final Judge judge;

	private final String name;

	private final String room;

	private final List<Event> events;

	/** Everything the client ever got here, and where that was. */
	private final Map<String, StreamPosition> got = new HashMap<>();

	/** What it got since it joined. */
	private final Set<String> gotSince = new HashSet<>();

	/** The last number of each publisher since it joined. */
	private final Map<String, Long> numbers = new HashMap<>();

	private @Nullable Event start;

	/** The last known position, of no epoch as long as there is none. */
	private StreamPosition last = StreamPosition.START;

	/** How many came since then whose position nobody knows. */
	private int unplaced;

	Membership(Judge judge, String client, String room, List<Event> events) {
		this.judge = judge;
		this.name = client + " in " + room;
		this.room = room;
		this.events = events;
	}

	void judge() {
		for (Event event : this.events) {
			switch (event.kind()) {
				case JOINED -> joined(event);
				case RECEIVED -> received(event);
				case GAP, LEFT -> this.start = null;
			}
		}
		if (this.start != null) {
			findLost(this.start);
		}
	}

	private void joined(Event event) {
		if (this.start == null) {
			this.start = event;
			this.last = new StreamPosition(event.offset(), event.epoch());
			this.unplaced = 0;
			this.gotSince.clear();
			this.numbers.clear();
		}
	}

	private void received(Event event) {
		Attempt attempt = event.attempt();
		if (attempt == null) {
			return;
		}
		checkGhost(attempt);
		if (this.start == null) {
			found(Defect.UNAUTHORISED, attempt + " came without being a member");
			return;
		}
		StreamPosition position = positionOf(event, attempt);
		if (isDuplicate(attempt, this.start)) {
			found(Defect.DUPLICATE,
					attempt + " came again at " + text(position) + ", before at " + text(this.got.get(attempt.id())));
			// a second place of the same publication is no hole as well
			this.last = (isOfEpoch(position) && position.offset() > this.last.offset()) ? position : this.last;
			return;
		}
		this.gotSince.add(attempt.id());
		this.got.put(attempt.id(), position);
		checkPosition(attempt, position);
		checkNumber(attempt);
	}

	private void checkGhost(Attempt attempt) {
		if (!attempt.isKnown()) {
			found(Defect.GHOST, attempt.id() + " was never published");
		}
		else if (!attempt.room().equals(this.room)) {
			found(Defect.GHOST, attempt + " was published in " + attempt.room());
		}
		else if (attempt.outcome() == Outcome.REJECTED) {
			found(Defect.GHOST, attempt + " came nevertheless");
		}
	}

	/**
	 * Where it is. The wire says no epoch with a publication, and no offset in rooms
	 * without history, but the publisher knows both.
	 */
	private StreamPosition positionOf(Event event, Attempt attempt) {
		StreamPosition known = this.judge.positionOf(attempt);
		if (known != null && (event.offset() == 0 || event.offset() == known.offset()) && !known.epoch().isEmpty()) {
			return known;
		}
		return new StreamPosition(event.offset(), event.epoch().isEmpty() ? this.last.epoch() : event.epoch());
	}

	/** Whether it came before and the client did not go back to ask for it once more. */
	private boolean isDuplicate(Attempt attempt, Event membership) {
		StreamPosition before = this.got.get(attempt.id());
		if (before == null) {
			return false;
		}
		boolean again = before.epoch().equals(membership.epoch()) && before.offset() > membership.offset();
		return this.gotSince.contains(attempt.id()) || !again;
	}

	private void checkPosition(Attempt attempt, StreamPosition position) {
		if (position.offset() == 0) {
			this.unplaced++;
			return;
		}
		if (attempt.room().equals(this.room)) {
			this.judge.place(position, attempt, this.name);
		}
		StreamPosition acknowledged = attempt.position();
		if (acknowledged != null && acknowledged.offset() != position.offset()) {
			found(Defect.REORDER, attempt + " came at " + text(position));
		}
		if (isOfEpoch(position) && position.offset() <= this.last.offset()) {
			found(Defect.REORDER, attempt + " came at " + text(position) + " after " + text(this.last));
			return;
		}
		if (isHole(position)) {
			found(Defect.SILENT_GAP, text(this.last) + " is followed by " + text(position) + ", " + attempt);
		}
		this.last = position;
		this.unplaced = 0;
	}

	private boolean isOfEpoch(StreamPosition position) {
		return this.last.epoch().equals(position.epoch());
	}

	private boolean isHole(StreamPosition position) {
		boolean first = this.last.epoch().isEmpty();
		return !first && (!isOfEpoch(position) || position.offset() > this.last.offset() + this.unplaced + 1);
	}

	private void checkNumber(Attempt attempt) {
		Long before = this.numbers.put(attempt.publisher(), attempt.seq());
		if (before != null && before >= attempt.seq() && attempt.isKnown()) {
			found(Defect.REORDER, attempt + " came after number " + before + " of the same publisher");
		}
	}

	private void findLost(Event membership) {
		for (Attempt attempt : this.judge.owed(this.room)) {
			if (!this.got.containsKey(attempt.id()) && isOwed(attempt, membership)) {
				found(Defect.LOST, attempt + " never came; member since "
						+ text(new StreamPosition(membership.offset(), membership.epoch())));
			}
		}
	}

	private boolean isOwed(Attempt attempt, Event membership) {
		StreamPosition position = this.judge.positionOf(attempt);
		if (position != null && position.offset() > 0 && position.epoch().equals(membership.epoch())) {
			return position.offset() > membership.offset();
		}
		return attempt.tick() > membership.tick();
	}

	private void found(Defect defect, String text) {
		this.judge.found(defect, this.name + ": " + text);
	}

	private static String text(@Nullable StreamPosition position) {
		return (position != null) ? position.offset() + " of '" + position.epoch() + "'" : "nowhere";
	}

}
