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

package dev.realtime.test;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Guards what a client knows, and lets tests wait until it knows something. Thread-safe.
 */
final class Monitor {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/**
	 * Change something, and wake those up who wait for it.
	 */
	void change(Runnable action) {
		this.lock.lock();
		try {
			action.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Read something.
	 */
	<T extends @Nullable Object> T read(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until something holds.
	 * @param condition what is looked at after each change
	 * @param timeout how long to wait at most
	 * @return whether it holds
	 */
	boolean await(BooleanSupplier condition, Duration timeout) {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			boolean holds = condition.getAsBoolean();
			while (!holds && left > 0) {
				left = this.changed.awaitNanos(left);
				holds = condition.getAsBoolean();
			}
			return holds;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RealtimeTestException(0, "Interrupted after " + waited(timeout, left) + " ms", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static long waited(Duration timeout, long left) {
		return TimeUnit.NANOSECONDS.toMillis(timeout.toNanos() - left);
	}

}
