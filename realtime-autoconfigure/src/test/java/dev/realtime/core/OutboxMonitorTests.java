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

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.realtime.OutboxBacklog;
import dev.realtime.outbox.Outbox;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OutboxMonitor}: how seldom it counts, and what it makes of it.
 */
class OutboxMonitorTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

	private final AtomicInteger counts = new AtomicInteger();

	private final OutboxMonitor monitor = new OutboxMonitor(this.now::get);

	private OutboxBacklog content = OutboxBacklog.NONE;

	private long cost;

	@Test
	void whileNothingWaitsItCountsOnceOnly() {
		pass(Duration.ofMinutes(5), false);
		assertThat(this.counts).hasValue(1);
		this.monitor.recount();
		pass(Duration.ofMinutes(5), false);
		assertThat(this.counts).hasValue(2);
	}

	@Test
	void whileSomethingWaitsItCountsEveryTwoSecondsAndThenNoMore() {
		pass(Duration.ofSeconds(1), false);
		this.content = new OutboxBacklog(3, 300, 500, 0);
		pass(Duration.ofSeconds(20), true);
		assertThat(this.counts.get()).isBetween(10, 12);
		this.content = OutboxBacklog.NONE;
		pass(Duration.ofMinutes(1), false);
		assertThat(this.counts.get()).isBetween(11, 13);
		assertThat(this.monitor.backlog()).isEqualTo(OutboxBacklog.NONE);
	}

	@Test
	void theLongerItTakesTheMoreSeldomItCounts() {
		this.content = new OutboxBacklog(1_000_000, 1, 1, 0);
		this.cost = Duration.ofSeconds(1).toNanos();
		pass(Duration.ofSeconds(200), true);
		assertThat(this.counts.get()).isBetween(9, 11);
	}

	@Test
	void whileSomethingIsOnlyParkedItCountsTwiceAMinute() {
		this.content = new OutboxBacklog(0, 0, 0, 1);
		pass(Duration.ofMinutes(5), false);
		assertThat(this.counts.get()).isBetween(10, 11);
		assertThat(this.monitor.isStalled()).isFalse();
	}

	@Test
	void whatWaitsGrowsOlderBetweenTwoCounts() {
		this.content = new OutboxBacklog(3, 300, 500, 1);
		pass(Duration.ofMillis(10), true);
		this.now.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(this.monitor.backlog().oldestMillis()).isEqualTo(1_600);
		assertThat(this.monitor.backlog().parked()).isEqualTo(1);
	}

	@Test
	void whatIsNotWorkedOffHasStalledUntilSomethingGoesOut() {
		this.content = new OutboxBacklog(3, 300, 500, 0);
		pass(Duration.ofSeconds(9), true);
		assertThat(this.monitor.isStalled()).isFalse();
		pass(Duration.ofSeconds(2), true);
		assertThat(this.monitor.isStalled()).isTrue();
		this.monitor.replayed(1);
		assertThat(this.monitor.isStalled()).isFalse();
		assertThat(this.monitor.replayedCount()).isEqualTo(1);
		pass(Duration.ofSeconds(11), true);
		assertThat(this.monitor.isStalled()).isTrue();
		this.content = new OutboxBacklog(2, 200, 500, 0);
		pass(Duration.ofSeconds(3), true);
		assertThat(this.monitor.isStalled()).as("another node works it off").isFalse();
	}

	@Test
	void anOutageIsNoStall() {
		this.content = new OutboxBacklog(3, 300, 500, 0);
		for (int i = 0; i < 30; i++) {
			pass(Duration.ofSeconds(1), true);
			this.monitor.progress();
		}
		assertThat(this.monitor.isStalled()).isFalse();
	}

	@Test
	void aStoreThatDoesNotAnswerIsAskedAgainLater() {
		Outbox broken = outbox(() -> {
			this.counts.incrementAndGet();
			throw new IllegalStateException("down");
		});
		for (int i = 0; i < 100; i++) {
			if (this.monitor.isDue(true)) {
				assertThatIllegalStateException().isThrownBy(() -> this.monitor.count(broken));
			}
			this.now.addAndGet(Duration.ofMillis(100).toNanos());
		}
		assertThat(this.counts.get()).isEqualTo(5);
	}

	private void pass(Duration time, boolean busy) {
		Outbox outbox = outbox(() -> {
			this.counts.incrementAndGet();
			this.now.addAndGet(this.cost);
			return this.content;
		});
		long end = this.now.get() + time.toNanos();
		while (this.now.get() - end < 0) {
			if (this.monitor.isDue(busy)) {
				this.monitor.count(outbox);
			}
			this.now.addAndGet(Duration.ofMillis(100).toNanos());
		}
	}

	/** Can only be counted. */
	private static Outbox outbox(Supplier<OutboxBacklog> backlog) {
		return (Outbox) Proxy.newProxyInstance(Outbox.class.getClassLoader(), new Class<?>[] { Outbox.class },
				(proxy, method, arguments) -> backlog.get());
	}

}
