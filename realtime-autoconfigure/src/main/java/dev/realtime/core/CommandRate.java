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

import dev.realtime.limit.RateLimit;
import dev.realtime.limit.TokenBucket;
import dev.realtime.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * How often one session may do what. There is a bucket only for what is limited.
 */
final class CommandRate {

	private final RateLimiter shared;

	private final String address;

	private final LongSupplier nanoTime;

	private final @Nullable TokenBucket commands;

	private final @Nullable TokenBucket publishes;

	private final @Nullable TokenBucket subscribes;

	private final @Nullable TokenBucket reads;

	private final @Nullable TokenBucket calls;

	private final @Nullable TokenBucket refusals;

	CommandRate(InboundLimits limits, RateLimiter shared, String address, LongSupplier nanoTime) {
		this.shared = shared;
		this.address = address;
		this.nanoTime = nanoTime;
		long now = nanoTime.getAsLong();
		this.commands = bucket(limits.commands(), now);
		this.publishes = bucket(limits.publishes(), now);
		this.subscribes = bucket(limits.subscribes(), now);
		this.reads = bucket(limits.reads(), now);
		this.calls = bucket(limits.calls(), now);
		this.refusals = bucket(limits.refusals(), now);
	}

	private static @Nullable TokenBucket bucket(RateLimit limit, long now) {
		return limit.isLimited() ? new TokenBucket(limit, now) : null;
	}

	/**
	 * Count a command.
	 * @param command the command
	 * @param user whose it is
	 * @return whether it may go on
	 */
	Outcome take(Command command, String user) {
		long now = this.nanoTime.getAsLong();
		if (take(this.commands, now) && take(bucket(command), now) && this.shared.takeShared(this.address, user, now)) {
			return Outcome.GRANTED;
		}
		return take(this.refusals, now) ? Outcome.REFUSED : Outcome.EXCESSIVE;
	}

	private @Nullable TokenBucket bucket(Command command) {
		if (command instanceof Command.Publish) {
			return this.publishes;
		}
		if (command instanceof Command.Subscribe) {
			return this.subscribes;
		}
		if (command instanceof Command.Rpc || command instanceof Command.Send) {
			return this.calls;
		}
		boolean read = command instanceof Command.History || command instanceof Command.Presence
				|| command instanceof Command.PresenceStats;
		return read ? this.reads : null;
	}

	private static boolean take(@Nullable TokenBucket bucket, long now) {
		return bucket == null || bucket.take(now);
	}

	/**
	 * What becomes of a command.
	 */
	enum Outcome {

		/** It goes on. */
		GRANTED,

		/** It is refused. */
		REFUSED,

		/** It is refused, and so have been too many before it. */
		EXCESSIVE

	}

}
