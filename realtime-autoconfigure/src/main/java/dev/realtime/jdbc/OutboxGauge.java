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

package dev.realtime.jdbc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.realtime.OutboxBacklog;
import dev.realtime.outbox.OutboxException;

/**
 * Keeps the outbox within its bounds without counting what is in it each time: what this
 * node stores and removes is added up, and only once that is much, or the bounds seem to
 * be reached, the rows of all nodes are counted again. Thread-safe.
 */
final class OutboxGauge {

	private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(1);

	/** After storing this part of the bounds the rows are counted again. */
	private static final int PART = 100;

	private final AtomicLong messages = new AtomicLong();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong countedAt = new AtomicLong();

	private final OutboxLimits limits;

	private final Supplier<OutboxBacklog> count;

	private volatile OutboxBacklog counted = OutboxBacklog.NONE;

	private volatile boolean known;

	/**
	 * Create a gauge.
	 * @param count counts the rows
	 */
	OutboxGauge(OutboxLimits limits, Supplier<OutboxBacklog> count) {
		this.limits = limits;
		this.count = count;
	}

	/**
	 * Let messages in.
	 * @throws OutboxException if there is no room for them
	 */
	void add(int number, long size) {
		if (this.limits.maxMessages() <= 0 && this.limits.maxBytes() <= 0) {
			return;
		}
		if (!this.known || isMuch() || isFull(number, size)) {
			count();
		}
		if (isFull(number, size)) {
			throw new OutboxException("The outbox is full", null);
		}
		this.messages.addAndGet(number);
		this.bytes.addAndGet(size);
	}

	private boolean isMuch() {
		return isMuch(this.messages.get() - this.counted.messages() - this.counted.parked(), this.limits.maxMessages())
				|| isMuch(this.bytes.get() - this.counted.bytes(), this.limits.maxBytes());
	}

	private static boolean isMuch(long added, long limit) {
		return limit > 0 && added > limit / PART;
	}

	private boolean isFull(int number, long size) {
		return (this.limits.maxMessages() > 0 && this.messages.get() + number > this.limits.maxMessages())
				|| (this.limits.maxBytes() > 0 && this.bytes.get() + size > this.limits.maxBytes());
	}

	private void count() {
		long now = System.nanoTime();
		long before = this.countedAt.get();
		if ((!this.known || now - before >= COUNT_NANOS) && this.countedAt.compareAndSet(before, now)) {
			OutboxBacklog backlog = this.count.get();
			this.messages.set(backlog.messages() + backlog.parked());
			this.bytes.set(backlog.bytes());
			this.counted = backlog;
			this.known = true;
		}
	}

	/**
	 * Messages have been removed: of average size, as nobody knows better.
	 */
	void remove(int number) {
		long all = this.messages.get();
		if (all > 0) {
			long removed = Math.min(all, number);
			this.bytes.addAndGet(-this.bytes.get() / all * removed);
			this.messages.addAndGet(-removed);
		}
	}

}
