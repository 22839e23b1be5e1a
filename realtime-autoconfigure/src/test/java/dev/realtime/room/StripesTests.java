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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Stripes}.
 */
@Timeout(60)
class StripesTests {

	private final List<Thread> threads = new ArrayList<>();

	private final Stripes stripes = new Stripes(4, this::thread);

	@AfterEach
	void stop() {
		this.stripes.stop();
	}

	@Test
	void roomAlwaysBelongsToTheSameStripe() {
		assertThat(this.stripes.of("chat:a")).isSameAs(this.stripes.of(new String("chat:a".toCharArray())));
	}

	@Test
	void roomsAreSpreadOverAllStripes() {
		assertThat(IntStream.range(0, 1000).mapToObj((i) -> this.stripes.of("chat:" + i)).distinct()).hasSize(4);
	}

	@Test
	void whenHashIsNegativeRoomHasAStripe() {
		String room = "polygenelubricants";
		assertThat(room.hashCode()).isEqualTo(Integer.MIN_VALUE);
		assertThat(this.stripes.of(room)).isNotNull();
	}

	@Test
	void whenHandedOverItRunsOnTheStripesThread() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		List<Boolean> there = new ArrayList<>();
		this.stripes.of("chat:a").schedule(() -> {
			there.add(this.threads.contains(Thread.currentThread()) && Stripes.isCurrentThread());
			latch.countDown();
		}, false);
		latch.await();
		assertThat(there).containsExactly(true);
		assertThat(Stripes.isCurrentThread()).isFalse();
	}

	@Test
	void whenStoppedWhatIsQueuedIsFinished() throws Exception {
		CountDownLatch latch = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		Stripe stripe = this.stripes.of("chat:a");
		stripe.schedule(() -> awaitUninterruptibly(latch), false);
		for (int i = 0; i < 100; i++) {
			stripe.schedule(runs::incrementAndGet, false);
		}
		this.stripes.stop();
		latch.countDown();
		await().until(() -> runs.get() == 100);
		await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	private void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private synchronized Thread thread(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		this.threads.add(thread);
		return thread;
	}

}
