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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The end of something that was granted for a time. A new grant replaces the end; without
 * one the end comes, somewhat later if the client was asked to renew it. The wall clock
 * is looked at once, when it is granted: later jumps of it change nothing.
 *
 * @since 0.1.0
 */
public final class Expiry {

	/** What a client has left to bring a new token. */
	private static final Duration GRACE = Duration.ofSeconds(25);

	private final Wheel wheel;

	private final Clock clock;

	private final Runnable end;

	private Wheel.@Nullable Timer timer;

	private boolean stopped;

	/**
	 * Create an end that does not come yet.
	 * @param wheel the wheel
	 * @param clock the wall clock
	 * @param end what happens at the end; must not block
	 */
	public Expiry(Wheel wheel, Clock clock, Runnable end) {
		this.wheel = wheel;
		this.clock = clock;
		this.end = end;
	}

	/**
	 * Return how long something is still granted.
	 * @param expiresAt the end
	 * @param clock the wall clock
	 * @return the time in seconds, rounded up; 0 or less if it is over
	 */
	public static long secondsLeft(Instant expiresAt, Clock clock) {
		long millis = Duration.between(clock.instant(), expiresAt).toMillis();
		return Math.floorDiv(millis + 999, 1000);
	}

	/**
	 * Set the end.
	 * @param expiresAt the end, or {@code null} for none
	 * @param renewable whether the client was asked to renew it, and is given more time
	 * @return in how many seconds a new token is due, or 0 if none is
	 */
	public synchronized long expireAt(@Nullable Instant expiresAt, boolean renewable) {
		cancel();
		if (expiresAt == null || this.stopped) {
			return 0;
		}
		Duration left = Duration.between(this.clock.instant(), expiresAt);
		Duration delay = renewable ? left.plus(GRACE) : left;
		this.timer = this.wheel.schedule(this.end, delay.toNanos());
		return renewable ? secondsLeft(expiresAt, this.clock) : 0;
	}

	/**
	 * Let the end never come.
	 */
	public synchronized void stop() {
		this.stopped = true;
		cancel();
	}

	private void cancel() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
