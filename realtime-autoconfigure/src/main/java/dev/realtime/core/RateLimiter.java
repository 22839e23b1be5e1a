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

import java.util.function.LongSupplier;

import dev.realtime.limit.KeyedBuckets;
import dev.realtime.limit.NetworkAddress;
import dev.realtime.limit.RateLimit;
import dev.realtime.limit.TokenBucket;
import org.jspecify.annotations.Nullable;

/**
 * The rates of a node: those of its handshakes, and those that several sessions share.
 * Thread-safe; nothing blocks.
 */
final class RateLimiter {

	private final InboundLimits limits;

	private final LongSupplier nanoTime;

	private final @Nullable TokenBucket connects;

	private final KeyedBuckets connectsPerAddress;

	private final KeyedBuckets perUser;

	private final KeyedBuckets perAddress;

	RateLimiter(InboundLimits limits, LongSupplier nanoTime) {
		this.limits = limits;
		this.nanoTime = nanoTime;
		this.connects = bucket(limits.connects());
		this.connectsPerAddress = new KeyedBuckets(limits.connectsPerAddress());
		this.perUser = new KeyedBuckets(limits.perUser());
		this.perAddress = new KeyedBuckets(limits.perAddress());
	}

	private @Nullable TokenBucket bucket(RateLimit limit) {
		return limit.isLimited() ? new TokenBucket(limit, this.nanoTime.getAsLong()) : null;
	}

	/**
	 * Return whether a handshake may go on. The address comes first, so that one that is
	 * refused takes nothing from the others.
	 */
	boolean admits(String address) {
		if (this.connects == null && !this.limits.connectsPerAddress().isLimited()) {
			return true;
		}
		long now = this.nanoTime.getAsLong();
		return this.connectsPerAddress.take(NetworkAddress.owner(address), now)
				&& (this.connects == null || this.connects.take(now));
	}

	/**
	 * Return the rates of a new session, or {@code null} if there are none.
	 */
	@Nullable CommandRate session(String address) {
		return this.limits.limitsCommands()
				? new CommandRate(this.limits, this, NetworkAddress.owner(address), this.nanoTime) : null;
	}

	boolean takeShared(String address, String user, long now) {
		return this.perAddress.take(address, now) && (user.isEmpty() || this.perUser.take(user, now));
	}

	/**
	 * Forget who has not been here for a while.
	 */
	void sweep() {
		long now = this.nanoTime.getAsLong();
		this.connectsPerAddress.sweep(now);
		this.perUser.sweep(now);
		this.perAddress.sweep(now);
	}

	/**
	 * Return how many users and addresses are remembered.
	 */
	int size() {
		return this.connectsPerAddress.size() + this.perUser.size() + this.perAddress.size();
	}

}
