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

package dev.realtime.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Stripe}.
 */
@Timeout(60)
class StripeTests {

	private final Queue<Runnable> submitted = new ArrayDeque<>();

	private final Stripe stripe = new Stripe(this.submitted::add);

	private final List<String> ran = new ArrayList<>();

	@Test
	void whenIdleTheCallerRunsIt() {
		this.stripe.schedule(() -> this.ran.add("a:" + Stripe.isCurrentThread()), true);
		assertThat(this.ran).containsExactly("a:true");
		assertThat(this.submitted).isEmpty();
		assertThat(Stripe.isCurrentThread()).isFalse();
	}

	@Test
	void whenTheCallerMayNotItIsHandedOver() {
		this.stripe.schedule(() -> this.ran.add("a:" + Stripe.isCurrentThread()), false);
		assertThat(this.ran).isEmpty();
		assertThat(this.submitted).hasSize(1);
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("a:true");
		assertThat(Stripe.isCurrentThread()).isFalse();
	}

	@Test
	void whenHandedOverLaterCallersDoNotRun() {
		add("a", false);
		add("b", true);
		add("c", false);
		assertThat(this.ran).isEmpty();
		assertThat(this.submitted).hasSize(1);
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("a", "b", "c");
		assertThat(this.submitted).isEmpty();
	}

	@Test
	void whenScheduledFromItselfItRunsAfterwards() {
		this.stripe.schedule(() -> {
			add("c", true);
			add("d", false);
			this.ran.add("b");
		}, true);
		runSubmitted();
		assertThat(this.ran).containsExactly("b", "c", "d");
	}

	@Test
	void whenBorrowedThreadHasRunSixtyFourItHandsOver() {
		AtomicInteger runs = new AtomicInteger();
		this.stripe.schedule(() -> {
			for (int i = 0; i < 200; i++) {
				this.stripe.schedule(runs::incrementAndGet, true);
			}
		}, true);
		assertThat(runs).hasValueLessThanOrEqualTo(63);
		assertThat(this.submitted).hasSize(1);
		this.submitted.remove().run();
		assertThat(runs).hasValue(200);
		assertThat(this.submitted).isEmpty();
		add("idle again", true);
		assertThat(this.ran).containsExactly("idle again");
	}

	@Test
	void whenBorrowedThreadHasDoneEverythingItHandsNothingOver() {
		AtomicInteger runs = new AtomicInteger();
		for (int i = 0; i < 1000; i++) {
			this.stripe.schedule(runs::incrementAndGet, true);
		}
		assertThat(runs).hasValue(1000);
		assertThat(this.submitted).isEmpty();
	}

	@Test
	void whenScheduledFromAnotherStripeItIsHandedOver() {
		Queue<Runnable> otherSubmitted = new ArrayDeque<>();
		Stripe other = new Stripe(otherSubmitted::add);
		this.stripe.schedule(() -> {
			other.schedule(() -> this.ran.add("other"), true);
			this.ran.add("a");
		}, true);
		assertThat(this.ran).containsExactly("a");
		assertThat(otherSubmitted).hasSize(1);
		otherSubmitted.remove().run();
		assertThat(this.ran).containsExactly("a", "other");
	}

	@Test
	void whenARoomFailsTheOthersRun() {
		this.stripe.schedule(() -> {
			throw new IllegalStateException("expected");
		}, true);
		this.stripe.schedule(() -> {
			throw new StackOverflowError("expected");
		}, false);
		add("a", false);
		this.submitted.remove().run();
		add("b", true);
		assertThat(this.ran).containsExactly("a", "b");
		assertThat(Stripe.isCurrentThread()).isFalse();
	}

	@Test
	void whenManyThreadsScheduleOneRunsAtATimeAndNothingIsLost() throws Exception {
		ExecutorService thread = Executors.newSingleThreadExecutor();
		ExecutorService callers = Executors.newFixedThreadPool(4);
		try {
			Stripe shared = new Stripe(thread);
			AtomicInteger running = new AtomicInteger();
			AtomicInteger done = new AtomicInteger();
			AtomicBoolean overlapping = new AtomicBoolean();
			CountDownLatch scheduled = new CountDownLatch(4);
			for (int i = 0; i < 4; i++) {
				boolean here = i % 2 == 0;
				callers.execute(() -> {
					for (int j = 0; j < 25_000; j++) {
						shared.schedule(() -> {
							overlapping.compareAndSet(false, running.incrementAndGet() > 1);
							running.decrementAndGet();
							done.incrementAndGet();
						}, here);
					}
					scheduled.countDown();
				});
			}
			assertThat(scheduled.await(30, TimeUnit.SECONDS)).isTrue();
			await().until(() -> done.get() == 100_000);
			assertThat(overlapping).isFalse();
		}
		finally {
			callers.shutdownNow();
			thread.shutdownNow();
		}
	}

	/** A borrowed thread hands over when its time is up, too. */
	private void runSubmitted() {
		for (Runnable next = this.submitted.poll(); next != null; next = this.submitted.poll()) {
			next.run();
		}
	}

	private void add(String name, boolean here) {
		this.stripe.schedule(() -> this.ran.add(name), here);
	}

}
