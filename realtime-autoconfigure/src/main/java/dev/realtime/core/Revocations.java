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

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When something was last taken away from users. A check that began before and whose
 * outcome takes effect afterwards must not count: it may have seen what was true then.
 * <p>
 * Whoever takes something away first {@linkplain #add adds} it here and then looks for
 * what the user has; whoever gets something after a check first registers it and then
 * asks {@link #since}. One of the two sees the other. Several users share a slot, so the
 * answer may be a false alarm. Thread-safe, takes no lock.
 */
final class Revocations {

	private static final int SLOTS = 1024;

	private final AtomicLong clock = new AtomicLong();

	private final AtomicLongArray last = new AtomicLongArray(SLOTS);

	/**
	 * Return the present moment, before a check begins.
	 */
	long now() {
		return this.clock.get();
	}

	/**
	 * Something is taken away from a user.
	 */
	void add(String user) {
		this.last.accumulateAndGet(slot(user), this.clock.incrementAndGet(), Math::max);
	}

	/**
	 * Return whether something was taken away from a user after a moment.
	 */
	boolean since(String user, long moment) {
		return this.last.get(slot(user)) > moment;
	}

	private static int slot(String user) {
		int hash = user.hashCode();
		return (hash ^ (hash >>> 16)) & (SLOTS - 1);
	}

}
