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

package dev.realtime.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Wheel}.
 */
@Timeout(60)
class WheelTests {

	private static final long TICK = Duration.ofMillis(100).toNanos();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long REVOLUTION = 1024 * TICK;

	/** Close to where the monotonic time overflows. */
	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - SECOND);

	private final Wheel wheel = new Wheel(this.time::get);

	private final List<String> ran = new ArrayList<>();

	@Test
	void runsNothingBeforeItIsDue() {
		schedule("a", SECOND);
		elapse(SECOND - 1);
		assertThat(this.ran).isEmpty();
		elapse(TICK + 1);
		assertThat(this.ran).containsExactly("a");
		assertThat(this.wheel.size()).isZero();
	}

	@Test
	void runsAtMostOneTickTooLate() {
		for (long offset = 0; offset < 2 * TICK; offset += TICK / 7) {
			this.ran.clear();
			elapse(offset);
			for (long delay = 0; delay < 3 * TICK; delay += TICK / 3) {
				assertRunsIn(delay);
			}
		}
	}

	private void assertRunsIn(long delay) {
		int before = this.ran.size();
		schedule("x", delay);
		elapse(delay - 1);
		assertThat(this.ran).hasSize(before);
		elapse(TICK + 1);
		assertThat(this.ran).hasSize(before + 1);
	}

	@Test
	void whenDelayIsNegativeItRunsNext() {
		schedule("a", -SECOND);
		elapse(TICK);
		assertThat(this.ran).containsExactly("a");
	}

	@Test
	void runsInOrderOfTheTicks() {
		schedule("c", 3 * TICK);
		schedule("a", TICK);
		schedule("b", 2 * TICK);
		elapse(10 * TICK);
		assertThat(this.ran).containsExactly("a", "b", "c");
	}

	@Test
	void whenDelayIsMoreThanARevolutionItWaitsForIt() {
		schedule("a", 3 * REVOLUTION + 5 * TICK);
		schedule("b", 5 * TICK);
		elapse(6 * TICK);
		assertThat(this.ran).containsExactly("b");
		for (int i = 0; i < 3; i++) {
			assertThat(this.ran).containsExactly("b");
			elapse(REVOLUTION);
		}
		assertThat(this.ran).containsExactly("b", "a");
	}

	@Test
	void whenTimeJumpsEverythingDueRunsOnce() {
		schedule("a", TICK);
		schedule("b", REVOLUTION);
		schedule("c", 2 * REVOLUTION + TICK);
		schedule("d", 11 * REVOLUTION);
		elapse(10 * REVOLUTION);
		assertThat(this.ran).containsExactly("a", "b", "c");
		assertThat(this.wheel.size()).isEqualTo(1);
	}

	@Test
	void whenCancelledItDoesNotRun() {
		Wheel.Timer first = schedule("a", SECOND);
		Wheel.Timer second = schedule("b", SECOND);
		schedule("c", SECOND);
		second.cancel();
		second.cancel();
		assertThat(this.wheel.size()).isEqualTo(2);
		elapse(2 * SECOND);
		assertThat(this.ran).containsExactlyInAnyOrder("a", "c");
		first.cancel();
		assertThat(this.wheel.size()).isZero();
	}

	@Test
	void whenTaskSchedulesItselfItRunsAgain() {
		AtomicInteger runs = new AtomicInteger();
		this.wheel.schedule(new Runnable() {

			@Override
			public void run() {
				if (runs.incrementAndGet() < 5) {
					WheelTests.this.wheel.schedule(this, SECOND);
				}
			}

		}, SECOND);
		elapse(SECOND + TICK);
		assertThat(runs).hasValue(1);
		for (int i = 0; i < 10; i++) {
			elapse(SECOND + TICK);
		}
		assertThat(runs).hasValue(5);
		assertThat(this.wheel.size()).isZero();
	}

	@Test
	void whenTaskFailsTheOthersRun() {
		this.wheel.schedule(() -> {
			throw new IllegalStateException("expected");
		}, TICK);
		schedule("a", TICK);
		schedule("b", TICK);
		schedule("c", SECOND);
		elapse(2 * SECOND);
		assertThat(this.ran).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void whenTaskThrowsAnErrorTheOthersRun() {
		schedule("a", TICK);
		this.wheel.schedule(() -> {
			throw new StackOverflowError("expected");
		}, TICK);
		schedule("b", TICK);
		schedule("c", SECOND);
		elapse(2 * SECOND);
		assertThat(this.ran).containsExactlyInAnyOrder("a", "b", "c");
	}

	@Test
	void whenScheduledAndCancelledConcurrentlySizeIsConsistent() {
		List<CompletableFuture<Void>> workers = new ArrayList<>();
		AtomicInteger runs = new AtomicInteger();
		AtomicBoolean stop = new AtomicBoolean();
		for (int i = 0; i < 4; i++) {
			int worker = i;
			workers.add(CompletableFuture.runAsync(() -> {
				for (int j = 0; j < 20_000; j++) {
					Wheel.Timer timer = this.wheel.schedule(runs::incrementAndGet, 200 * REVOLUTION + j * TICK);
					Wheel.Timer soon = this.wheel.schedule(() -> {
					}, (j + worker) % 7 * TICK);
					if (j % 2 == 0) {
						timer.cancel();
					}
					soon.cancel();
				}
			}));
		}
		CompletableFuture<Void> turning = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 10_000 && !stop.get(); i++) {
				elapse(TICK);
			}
		});
		CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).join();
		stop.set(true);
		turning.join();
		assertThat(this.wheel.size()).isEqualTo(40_000);
		elapse(400 * REVOLUTION);
		assertThat(this.wheel.size()).isZero();
		assertThat(runs).hasValue(40_000);
	}

	@Test
	void whenTheWheelTurnsMeanwhileNoTimerIsARevolutionLate() {
		for (int round = 0; round < 100; round++) {
			AtomicLong now = new AtomicLong();
			Wheel turning = new Wheel(now::get);
			AtomicBoolean stop = new AtomicBoolean();
			CompletableFuture<Void> scheduling = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 100_000 && !stop.get(); i++) {
					turning.schedule(() -> {
					}, 0);
				}
			});
			for (int i = 0; i < 1000; i++) {
				now.addAndGet(TICK);
				turning.advance();
			}
			stop.set(true);
			scheduling.join();
			now.addAndGet(3 * TICK);
			turning.advance();
			assertThat(turning.size()).as("late timers in round %s", round).isZero();
		}
	}

	@Test
	void turnsOnItsThreadUntilStopped() throws Exception {
		Wheel real = new Wheel(System::nanoTime);
		List<Thread> threads = new ArrayList<>();
		real.start((task) -> thread(threads, task));
		real.start((task) -> thread(threads, task));
		assertThat(threads).hasSize(1);
		CountDownLatch latch = new CountDownLatch(1);
		AtomicBoolean there = new AtomicBoolean();
		real.schedule(() -> {
			there.set(Thread.currentThread() == threads.get(0));
			latch.countDown();
		}, 0);
		assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(there).isTrue();
		real.stop();
		real.stop();
		await().until(() -> !threads.get(0).isAlive());
	}

	private Thread thread(List<Thread> threads, Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		threads.add(thread);
		return thread;
	}

	private Wheel.Timer schedule(String name, long delay) {
		return this.wheel.schedule(() -> this.ran.add(name), delay);
	}

	private void elapse(long nanos) {
		this.time.addAndGet(nanos);
		this.wheel.advance();
	}

}
