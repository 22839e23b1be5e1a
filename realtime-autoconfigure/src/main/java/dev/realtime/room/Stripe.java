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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs the rooms that were hashed to it, one at a time. When it is idle, the thread that
 * brings work may do some of it itself: in small rooms the hop to another thread costs
 * more than the fan-out.
 */
final class Stripe {

	private static final Log logger = LogFactory.getLog(Stripe.class);

	/** What a borrowed thread does before it hands over. */
	private static final int MAX_RUNS_HERE = 64;

	private static final long MAX_NANOS_HERE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final ThreadLocal<@Nullable Stripe> CURRENT = new ThreadLocal<>();

	private final Queue<Runnable> ready = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean running = new AtomicBoolean();

	private final Executor thread;

	Stripe(Executor thread) {
		this.thread = thread;
	}

	/**
	 * Return whether the calling thread works for a stripe, so that it must not wait.
	 */
	static boolean isCurrentThread() {
		return CURRENT.get() != null;
	}

	/**
	 * Run something as soon as the stripe comes to it.
	 * @param room what to run
	 * @param here whether the calling thread may run it
	 */
	void schedule(Runnable room, boolean here) {
		this.ready.add(room);
		if (!this.running.compareAndSet(false, true)) {
			return;
		}
		if (here && CURRENT.get() == null) {
			drain(true);
		}
		else {
			this.thread.execute(this::drain);
		}
	}

	private void drain() {
		drain(false);
	}

	private void drain(boolean borrowed) {
		CURRENT.set(this);
		try {
			boolean more = !work(borrowed);
			while (!more && release()) {
				more = borrowed || !work(false);
			}
			if (more) {
				this.thread.execute(this::drain);
			}
		}
		finally {
			CURRENT.remove();
		}
	}

	/**
	 * Let go of the stripe; return true if it has been taken again for what came
	 * meanwhile.
	 */
	private boolean release() {
		this.running.set(false);
		return !this.ready.isEmpty() && this.running.compareAndSet(false, true);
	}

	/** Work until nothing is ready; return false if a borrowed thread has done enough. */
	private boolean work(boolean borrowed) {
		long start = borrowed ? System.nanoTime() : 0;
		int runs = 0;
		Runnable room = this.ready.poll();
		while (room != null) {
			run(room);
			if (borrowed && (++runs >= MAX_RUNS_HERE || System.nanoTime() - start > MAX_NANOS_HERE)) {
				return this.ready.isEmpty();
			}
			room = this.ready.poll();
		}
		return true;
	}

	private void run(Runnable room) {
		try {
			room.run();
		}
		catch (Throwable ex) {
			logger.error("A room failed", ex);
		}
	}

}
