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

package dev.realtime.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenBucket}.
 */
@Timeout(60)
class TokenBucketTests {

	private static final RateLimit LIMIT = new RateLimit(50, 250);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private long now;

	/** A monotonic clock starts anywhere and may overflow. */
	@ParameterizedTest
	@ValueSource(longs = { 0, Long.MAX_VALUE - 1, Long.MIN_VALUE, -7 })
	void holdsTheBurstAndFillsAtTheRate(long start) {
		this.now = start;
		TokenBucket bucket = new TokenBucket(LIMIT, this.now);
		assertThat(takeAll(bucket)).isEqualTo(250);
		this.now += SECOND;
		assertThat(takeAll(bucket)).isEqualTo(50);
		this.now += 2 * SECOND;
		assertThat(takeAll(bucket)).isEqualTo(100);
	}

	@Test
	void neverHoldsMoreThanTheBurst() {
		TokenBucket bucket = new TokenBucket(LIMIT, this.now);
		this.now += TimeUnit.DAYS.toNanos(365);
		assertThat(takeAll(bucket)).isEqualTo(250);
	}

	@Test
	void whoStaysBelowTheRateIsNeverRefused() {
		TokenBucket bucket = new TokenBucket(new RateLimit(50, 1), this.now);
		for (int i = 0; i < 10_000; i++) {
			assertThat(bucket.take(this.now)).isTrue();
			this.now += SECOND / 50;
		}
	}

	@Test
	void aRefusalCostsNothing() {
		TokenBucket bucket = new TokenBucket(new RateLimit(10, 1), this.now);
		assertThat(bucket.take(this.now)).isTrue();
		for (int i = 0; i < 1_000; i++) {
			assertThat(bucket.take(this.now)).isFalse();
		}
		this.now += SECOND / 10;
		assertThat(bucket.take(this.now)).isTrue();
	}

	@Test
	void whenManyTakeAtOnceThereIsNotOneTooMany() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		for (int round = 0; round < 50; round++) {
			TokenBucket bucket = new TokenBucket(LIMIT, this.now);
			AtomicInteger taken = new AtomicInteger();
			CountDownLatch start = new CountDownLatch(1);
			List<Future<?>> tasks = new ArrayList<>();
			for (int thread = 0; thread < 8; thread++) {
				tasks.add(executor.submit(() -> {
					start.await();
					for (int i = 0; i < 100; i++) {
						taken.addAndGet(bucket.take(0) ? 1 : 0);
					}
					return null;
				}));
			}
			start.countDown();
			for (Future<?> task : tasks) {
				task.get();
			}
			assertThat(taken).hasValue(250);
		}
		executor.shutdown();
	}

	@Test
	void whatIsNoRateIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(-1, 1));
		assertThatIllegalArgumentException().isThrownBy(() -> new RateLimit(1, 0));
		assertThat(RateLimit.NONE.isLimited()).isFalse();
	}

	private int takeAll(TokenBucket bucket) {
		int taken = 0;
		while (bucket.take(this.now)) {
			taken++;
		}
		return taken;
	}

}
