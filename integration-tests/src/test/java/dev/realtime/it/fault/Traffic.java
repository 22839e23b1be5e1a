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

package dev.realtime.it.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Payload;
import dev.realtime.PublishResult;
import dev.realtime.PublishResult.Published;
import dev.realtime.PublishResult.Spilled;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.it.checker.Attempt;
import dev.realtime.it.checker.DeliveryChecker;

/**
 * Publishes numbered messages into rooms, one thread per room, and waits for the outcome
 * of each.
 */
final class Traffic implements AutoCloseable {

	private static final AtomicInteger PUBLISHERS = new AtomicInteger();

	private final String publisher = "p" + PUBLISHERS.incrementAndGet();

	private final List<Thread> threads = new ArrayList<>();

	private final List<String> rooms;

	private final AtomicLong[] numbers;

	private final AtomicLong slowest = new AtomicLong();

	private final AtomicInteger failures = new AtomicInteger();

	private final AtomicInteger spilled = new AtomicInteger();

	private final DeliveryChecker checker;

	private final RealtimeOperations operations;

	private final long pauseNanos;

	private volatile boolean running = true;

	/**
	 * Begin to publish.
	 * @param checker is told of each publication
	 * @param operations by which to publish
	 * @param rooms where to publish
	 * @param perSecond how many publications per room and second
	 */
	Traffic(DeliveryChecker checker, RealtimeOperations operations, List<String> rooms, int perSecond) {
		this.checker = checker;
		this.operations = operations;
		this.rooms = rooms;
		this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
		this.numbers = new AtomicLong[rooms.size()];
		for (int i = 0; i < rooms.size(); i++) {
			int index = i;
			this.numbers[i] = new AtomicLong();
			Thread thread = new Thread(() -> run(index), "traffic-" + rooms.get(i));
			this.threads.add(thread);
			thread.start();
		}
	}

	private void run(int index) {
		while (this.running) {
			publish(this.rooms.get(index), this.numbers[index].incrementAndGet());
			LockSupport.parkNanos(this.pauseNanos);
		}
	}

	private void publish(String room, long number) {
		String id = room + " " + this.publisher + " " + number;
		Attempt attempt = this.checker.attempt(room, this.publisher, number, id);
		long begin = System.nanoTime();
		try {
			PublishResult result = this.operations.publish(room, Payload.ofJson('"' + id + '"'));
			if (result instanceof Published published) {
				attempt.ack(published.position().offset(), published.position().epoch());
			}
			else if (result instanceof Spilled) {
				attempt.spilled();
				this.spilled.incrementAndGet();
			}
		}
		catch (RelayUnavailableException ex) {
			attempt.unknown();
			this.failures.incrementAndGet();
		}
		this.slowest.accumulateAndGet(System.nanoTime() - begin, Math::max);
	}

	/** Return the numbers so far, room by room. */
	long[] numbers() {
		long[] result = new long[this.numbers.length];
		for (int i = 0; i < result.length; i++) {
			result[i] = this.numbers[i].get();
		}
		return result;
	}

	List<String> rooms() {
		return this.rooms;
	}

	/** Return how long the slowest call has taken, and begin anew. */
	long takeSlowestMillis() {
		return TimeUnit.NANOSECONDS.toMillis(this.slowest.getAndSet(0));
	}

	/** Return how many calls have failed, and begin anew. */
	int takeFailures() {
		return this.failures.getAndSet(0);
	}

	/** Return how many publications were stored to be delivered later, and begin anew. */
	int takeSpilled() {
		return this.spilled.getAndSet(0);
	}

	/** Stop, after the calls that are under way. */
	void stop() {
		this.running = false;
		try {
			for (Thread thread : this.threads) {
				thread.join(10_000);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		stop();
	}

}
