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

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * A token bucket, full at first. It is one number: the time at which it will be full
 * again. So it needs no timer, allocates nothing, and any number of threads can take from
 * it, which never get more than there is.
 * <p>
 * All times are monotonic, in nanoseconds.
 *
 * @since 0.1.0
 */
public final class TokenBucket {

	private static final AtomicLongFieldUpdater<TokenBucket> FULL_AT = AtomicLongFieldUpdater
		.newUpdater(TokenBucket.class, "fullAt");

	private final long interval;

	private final long capacity;

	private volatile long fullAt;

	/**
	 * Create a bucket.
	 * @param limit how fast it fills, and how much it holds
	 * @param now the time
	 */
	public TokenBucket(RateLimit limit, long now) {
		this.interval = limit.interval();
		this.capacity = this.interval * limit.burst();
		this.fullAt = now;
	}

	/**
	 * Take a token.
	 * @param now the time
	 * @return {@code false} if there is none
	 */
	public boolean take(long now) {
		while (true) {
			long before = this.fullAt;
			long after = ((before - now > 0) ? before : now) + this.interval;
			if (after - now > this.capacity) {
				return false;
			}
			if (FULL_AT.compareAndSet(this, before, after)) {
				return true;
			}
		}
	}

	/**
	 * Return whether the bucket is full.
	 * @param now the time
	 * @return {@code true} if it is as good as a new one
	 */
	boolean isFull(long now) {
		return this.fullAt - now <= 0;
	}

}
