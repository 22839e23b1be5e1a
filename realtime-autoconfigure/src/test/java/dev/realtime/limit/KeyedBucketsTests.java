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

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeyedBuckets}.
 */
class KeyedBucketsTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	@Test
	void everyKeyHasABucketOfItsOwn() {
		KeyedBuckets buckets = new KeyedBuckets(new RateLimit(1, 2));
		assertThat(buckets.take("ann", 0)).isTrue();
		assertThat(buckets.take("ann", 0)).isTrue();
		assertThat(buckets.take("ann", 0)).isFalse();
		assertThat(buckets.take("bob", 0)).isTrue();
	}

	@Test
	void forgetsOnlyWhoHasAFullBucket() {
		KeyedBuckets buckets = new KeyedBuckets(new RateLimit(1, 2));
		buckets.take("ann", 0);
		buckets.take("bob", 0);
		buckets.take("bob", 0);
		buckets.sweep(SECOND);
		assertThat(buckets.size()).isEqualTo(1);
		assertThat(buckets.take("bob", SECOND)).isTrue();
		assertThat(buckets.take("bob", SECOND)).isFalse();
		buckets.sweep(3 * SECOND);
		assertThat(buckets.size()).isZero();
	}

	@Test
	void whenThereIsNoLimitNothingIsKept() {
		KeyedBuckets buckets = new KeyedBuckets(RateLimit.NONE);
		for (int i = 0; i < 1_000; i++) {
			assertThat(buckets.take("ann", 0)).isTrue();
		}
		assertThat(buckets.size()).isZero();
	}

}
