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

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * One publication that somebody tried to make. As long as nothing else is noted its
 * outcome is unknown: it may come or not.
 */
public final class Attempt {

	private final String room;

	private final String publisher;

	private final long seq;

	private final String id;

	private final long tick;

	private Outcome outcome = Outcome.UNKNOWN;

	private @Nullable StreamPosition position;

	private boolean doubtful;

	Attempt(String room, String publisher, long seq, String id, long tick) {
		this.room = room;
		this.publisher = publisher;
		this.seq = seq;
		this.id = id;
		this.tick = tick;
	}

	/**
	 * Note that it was accepted.
	 * @param offset its offset
	 * @param epoch its epoch
	 */
	public synchronized void ack(long offset, String epoch) {
		this.position = new StreamPosition(offset, epoch);
		this.outcome = Outcome.ACCEPTED;
	}

	/**
	 * Note that it was stored, to be delivered later at a position that is not known yet.
	 */
	public synchronized void spilled() {
		this.outcome = Outcome.ACCEPTED;
	}

	/**
	 * Note that it was refused for certain, or rolled back: it must never come. If an
	 * earlier call with the same id had an unknown outcome, or was accepted, this changes
	 * nothing.
	 */
	public synchronized void reject() {
		if (this.outcome == Outcome.UNKNOWN && !this.doubtful) {
			this.outcome = Outcome.REJECTED;
		}
	}

	/**
	 * Note that the call failed without telling whether it was accepted.
	 */
	public synchronized void unknown() {
		this.doubtful = true;
	}

	synchronized void begin() {
		if (this.outcome == Outcome.REJECTED) {
			this.outcome = Outcome.UNKNOWN;
		}
	}

	/** Whether it was ever tried, in contrast to a publication out of nowhere. */
	boolean isKnown() {
		return this.tick < Long.MAX_VALUE;
	}

	String room() {
		return this.room;
	}

	String publisher() {
		return this.publisher;
	}

	long seq() {
		return this.seq;
	}

	String id() {
		return this.id;
	}

	/** When it was tried for the first time. */
	long tick() {
		return this.tick;
	}

	synchronized Outcome outcome() {
		return this.outcome;
	}

	/** Where it was accepted, or null if that is not known. */
	synchronized @Nullable StreamPosition position() {
		return this.position;
	}

	@Override
	public String toString() {
		StreamPosition place = position();
		return this.id + " (" + this.publisher + " " + this.seq + ", " + outcome()
				+ ((place != null) ? " at " + place.offset() + " of " + place.epoch() : "") + ")";
	}

	enum Outcome {

		UNKNOWN, ACCEPTED, REJECTED

	}

}
