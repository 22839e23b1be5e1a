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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bucket for each user, or each address. It outlives the sessions, so that nobody gets
 * a full one by connecting again; one that is full is forgotten. Thread-safe.
 *
 * @since 0.1.0
 */
public final class KeyedBuckets {

	private final RateLimit limit;

	private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

	/**
	 * Create the buckets.
	 * @param limit the limit of each of them
	 */
	public KeyedBuckets(RateLimit limit) {
		this.limit = limit;
	}

	/**
	 * Take a token from somebody's bucket.
	 * @param key whose
	 * @param now the monotonic time in nanoseconds
	 * @return {@code false} if there is none
	 */
	public boolean take(String key, long now) {
		if (!this.limit.isLimited()) {
			return true;
		}
		TokenBucket bucket = this.buckets.get(key);
		if (bucket == null) {
			bucket = this.buckets.computeIfAbsent(key, (absent) -> new TokenBucket(this.limit, now));
		}
		return bucket.take(now);
	}

	/**
	 * Forget the buckets that are full. A token that is taken meanwhile may come back.
	 * @param now the monotonic time in nanoseconds
	 */
	public void sweep(long now) {
		this.buckets.values().removeIf((bucket) -> bucket.isFull(now));
	}

	/**
	 * Return how many buckets there are.
	 * @return the number of those that are not full, and some that are
	 */
	public int size() {
		return this.buckets.size();
	}

}
