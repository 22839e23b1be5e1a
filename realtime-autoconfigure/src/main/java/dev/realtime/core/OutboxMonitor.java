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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import dev.realtime.OutboxBacklog;
import dev.realtime.outbox.Outbox;

/**
 * What this node knows of the outbox. Reading it asks nobody: the store is counted every
 * few seconds while something waits, at the start, and now and then while something is
 * parked. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OutboxMonitor {

	private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(2);

	private static final long PARKED_NANOS = TimeUnit.SECONDS.toNanos(30);

	private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** Counting takes at most this part of the time. */
	private static final int SHARE = 20;

	private final LongAdder spilled = new LongAdder();

	private final LongAdder replayed = new LongAdder();

	private final LongSupplier clock;

	private volatile OutboxBacklog backlog = OutboxBacklog.NONE;

	private volatile boolean known;

	private volatile long countedAt;

	private volatile long nextAt;

	private volatile long progressAt;

	/**
	 * Create a monitor.
	 * @param clock the monotonic time in nanoseconds
	 */
	OutboxMonitor(LongSupplier clock) {
		this.clock = clock;
		this.nextAt = clock.getAsLong();
		progress();
	}

	/** Something may be in the store of which nothing is known. */
	void recount() {
		this.known = false;
	}

	/** A publication was stored since it could not go out. */
	void spilled() {
		this.spilled.increment();
	}

	/** Publications of the store have gone out. */
	void replayed(int number) {
		this.replayed.add(number);
		progress();
	}

	/** Something has gone out, or nothing can. */
	void progress() {
		this.progressAt = this.clock.getAsLong();
	}

	/**
	 * Return whether the store is to be counted.
	 * @param busy whether something waits as far as this node knows
	 */
	boolean isDue(boolean busy) {
		long now = this.clock.getAsLong();
		if (now - this.nextAt < 0) {
			return false;
		}
		boolean parked = this.backlog.parked() > 0 && now - this.countedAt >= PARKED_NANOS;
		return busy || this.backlog.messages() > 0 || parked || !this.known;
	}

	/** Count. */
	void count(Outbox outbox) {
		long start = this.clock.getAsLong();
		OutboxBacklog counted;
		this.known = true;
		try {
			counted = outbox.backlog();
		}
		finally {
			long end = this.clock.getAsLong();
			this.nextAt = end + Math.max(BUSY_NANOS, (end - start) * SHARE);
		}
		if (counted.messages() < this.backlog.messages() || this.backlog.messages() == 0) {
			progress();
		}
		this.countedAt = this.clock.getAsLong();
		this.backlog = counted;
	}

	/**
	 * Return how much waits.
	 * @return what was counted last, grown older since
	 */
	public OutboxBacklog backlog() {
		OutboxBacklog last = this.backlog;
		long since = TimeUnit.NANOSECONDS.toMillis(this.clock.getAsLong() - this.countedAt);
		return (last.messages() == 0) ? last : new OutboxBacklog(last.messages(), last.bytes(),
				last.oldestMillis() + Math.max(since, 0), last.parked());
	}

	/**
	 * Return how many publications this node had to store since the broker did not take
	 * them.
	 * @return the number since the start
	 */
	public long spilledCount() {
		return this.spilled.sum();
	}

	/**
	 * Return how many stored publications this node has published later.
	 * @return the number since the start
	 */
	public long replayedCount() {
		return this.replayed.sum();
	}

	/**
	 * Return whether something waits although the broker is there, and nothing has gone
	 * out for a while.
	 * @return {@code true} if the backlog is not being worked off
	 */
	public boolean isStalled() {
		return this.backlog.messages() > 0 && this.clock.getAsLong() - this.progressAt >= STALLED_NANOS;
	}

}
