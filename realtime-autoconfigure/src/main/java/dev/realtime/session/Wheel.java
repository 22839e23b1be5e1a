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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One hashed wheel for the pings and deadlines of all sessions: scheduling and cancelling
 * cost the same for one timer as for a million (Varghese and Lauck, 1987, scheme 6). Good
 * to a tick of 100 ms. Timers run on the wheel's thread and must not block.
 *
 * @since 0.1.0
 */
public final class Wheel {

	private static final Log logger = LogFactory.getLog(Wheel.class);

	private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int SLOTS = 1024;

	private final Slot[] slots = new Slot[SLOTS];

	private final LongSupplier nanoTime;

	private final long start;

	private volatile long tick;

	private volatile @Nullable Thread thread;

	/**
	 * Create a wheel that does not turn yet.
	 * @param nanoTime the monotonic time in nanoseconds
	 */
	public Wheel(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.start = nanoTime.getAsLong();
		for (int i = 0; i < SLOTS; i++) {
			this.slots[i] = new Slot();
		}
	}

	/**
	 * Start turning.
	 * @param threads makes the wheel's thread
	 */
	public synchronized void start(ThreadFactory threads) {
		if (this.thread == null) {
			Thread started = threads.newThread(this::turn);
			this.thread = started;
			started.start();
		}
	}

	/**
	 * Stop turning. Timers that are due later run when it turns again.
	 */
	public synchronized void stop() {
		Thread stopped = this.thread;
		this.thread = null;
		LockSupport.unpark(stopped);
	}

	/**
	 * Run something once, later.
	 * @param task what to run
	 * @param delayNanos when, at the earliest
	 * @return a handle to cancel it
	 */
	public Timer schedule(Runnable task, long delayNanos) {
		long due = this.nanoTime.getAsLong() + Math.max(delayNanos, 0) - this.start;
		Timer timer = new Timer(task, Math.max(due / TICK + 1, this.tick + 1));
		while (!this.slots[(int) (timer.due % SLOTS)].add(timer)) {
			timer.due = this.tick + 1;
		}
		return timer;
	}

	private void turn() {
		while (this.thread == Thread.currentThread()) {
			advance();
			LockSupport.parkNanos(TICK);
		}
	}

	/**
	 * Run what is due.
	 */
	void advance() {
		long now = (this.nanoTime.getAsLong() - this.start) / TICK;
		while (this.tick < now) {
			long next = this.tick + 1;
			this.tick = next;
			this.slots[(int) (next % SLOTS)].take(next).forEach(Timer::run);
		}
	}

	/**
	 * Return how many timers wait.
	 * @return the number of timers
	 */
	public int size() {
		int size = 0;
		for (Slot slot : this.slots) {
			size += slot.size();
		}
		return size;
	}

	/**
	 * The timers of the ticks that are equal modulo the number of slots, in a doubly
	 * linked list so that a timer leaves without a search.
	 */
	private final class Slot {

		private @Nullable Timer first;

		/**
		 * Return false if the wheel has turned past it, which it says before it takes.
		 */
		synchronized boolean add(Timer timer) {
			if (timer.due <= Wheel.this.tick) {
				return false;
			}
			timer.slot = this;
			timer.next = this.first;
			if (this.first != null) {
				this.first.previous = timer;
			}
			this.first = timer;
			return true;
		}

		synchronized void remove(Timer timer) {
			if (timer.slot == null) {
				return;
			}
			timer.slot = null;
			if (timer.previous != null) {
				timer.previous.next = timer.next;
			}
			else {
				this.first = timer.next;
			}
			if (timer.next != null) {
				timer.next.previous = timer.previous;
			}
			timer.next = null;
			timer.previous = null;
		}

		synchronized List<Timer> take(long tick) {
			List<Timer> due = new ArrayList<>();
			Timer timer = this.first;
			while (timer != null) {
				Timer next = timer.next;
				if (timer.due <= tick) {
					remove(timer);
					due.add(timer);
				}
				timer = next;
			}
			return due;
		}

		synchronized int size() {
			int size = 0;
			for (Timer timer = this.first; timer != null; timer = timer.next) {
				size++;
			}
			return size;
		}

	}

	/**
	 * Something that runs later.
	 */
	public static final class Timer {

		private final Runnable task;

		private long due;

		private volatile @Nullable Slot slot;

		private @Nullable Timer next;

		private @Nullable Timer previous;

		private Timer(Runnable task, long due) {
			this.task = task;
			this.due = due;
		}

		/**
		 * Do not run it. No effect if it has run or is about to.
		 */
		public void cancel() {
			Slot waiting = this.slot;
			if (waiting != null) {
				waiting.remove(this);
			}
		}

		private void run() {
			try {
				this.task.run();
			}
			catch (Throwable ex) {
				logger.error("A timer failed", ex);
			}
		}

	}

}
