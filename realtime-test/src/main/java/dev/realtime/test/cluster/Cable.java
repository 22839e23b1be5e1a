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

package dev.realtime.test.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.realtime.RelayUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * What is between one node and the hub. All that the hub says to the node, its answers
 * and the messages, goes through here in one order and on one thread, however the delay
 * changes. When it is cut, what is under way is lost. Thread-safe.
 */
final class Cable {

	private final int node;

	private final ScheduledExecutorService thread;

	private final Queue<Parcel> underWay = new ArrayDeque<>();

	private final Queue<Long> dues = new ArrayDeque<>();

	private long delay;

	private long lastDue = System.nanoTime();

	private boolean cut;

	Cable(int node) {
		this.node = node;
		this.thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "realtime-test-relay-" + node);
			thread.setDaemon(true);
			// Not the one of the web application that happens to need the thread first
			thread.setContextClassLoader(Cable.class.getClassLoader());
			return thread;
		});
	}

	/**
	 * Ask the hub.
	 * @param request what to ask; it answers at once
	 * @return the answer; a failed one if the cable is cut, or is before it is here
	 */
	<T> CompletionStage<T> ask(Supplier<CompletionStage<T>> request) {
		if (isCut()) {
			return CompletableFuture.failedFuture(unavailable());
		}
		CompletableFuture<T> answer = new CompletableFuture<>();
		request.get().whenComplete((value, failure) -> send(new Answer<>(answer, value, failure, unavailable())));
		return answer;
	}

	private RelayUnavailableException unavailable() {
		return new RelayUnavailableException("Node " + this.node + " is cut off from the relay", null);
	}

	/**
	 * Send something to the node. Never blocks, so that it can be called with locks held.
	 */
	void send(Parcel parcel) {
		boolean lost;
		synchronized (this) {
			lost = this.cut || !schedule(parcel);
			if (lost) {
				parcel.missed();
			}
		}
		if (lost) {
			parcel.lost();
		}
	}

	private boolean schedule(Parcel parcel) {
		long now = System.nanoTime();
		long due = now + this.delay;
		this.lastDue = (due - this.lastDue > 0) ? due : this.lastDue;
		try {
			this.thread.schedule(this::deliver, this.lastDue - now, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
		this.underWay.add(parcel);
		this.dues.add(this.lastDue);
		return true;
	}

	/** Deliver the oldest, which need not be the one that the timer was made for. */
	private void deliver() {
		Parcel parcel = null;
		synchronized (this) {
			Long due = this.dues.peek();
			if (due != null && due - System.nanoTime() <= 0) {
				this.dues.remove();
				parcel = this.underWay.remove();
			}
		}
		if (parcel != null) {
			parcel.arrived();
		}
	}

	synchronized void delay(Duration delay) {
		this.delay = delay.toNanos();
	}

	synchronized boolean isCut() {
		return this.cut;
	}

	void cut() {
		List<Parcel> lost;
		synchronized (this) {
			this.cut = true;
			lost = clear();
			lost.forEach(Parcel::missed);
		}
		lost.forEach(Parcel::lost);
	}

	private List<Parcel> clear() {
		List<Parcel> parcels = new ArrayList<>(this.underWay);
		this.underWay.clear();
		this.dues.clear();
		return parcels;
	}

	/**
	 * Join it again, without any delay.
	 * @param before what goes before anything new; called with the lock held
	 */
	synchronized void heal(Supplier<List<? extends Parcel>> before) {
		List<Parcel> parcels = clear();
		parcels.addAll(before.get());
		this.cut = false;
		this.delay = 0;
		this.lastDue = System.nanoTime();
		parcels.forEach(this::schedule);
	}

	void close() {
		cut();
		this.thread.shutdownNow();
	}

	/**
	 * Something on its way to the node.
	 */
	interface Parcel {

		/**
		 * It is there. Called without locks.
		 */
		void arrived();

		/**
		 * It will never be there. Called with the cable's lock held.
		 */
		default void missed() {
		}

		/**
		 * It will never be there. Called without locks.
		 */
		default void lost() {
		}

	}

	/**
	 * The answer to a request.
	 *
	 * @param <T> the kind of the value
	 */
	private record Answer<T>(CompletableFuture<T> future, T value, @Nullable Throwable failure,
			RelayUnavailableException unavailable) implements Parcel {

		@Override
		public void arrived() {
			if (this.failure != null) {
				this.future.completeExceptionally(this.failure);
			}
			else {
				this.future.complete(this.value);
			}
		}

		@Override
		public void lost() {
			this.future.completeExceptionally(this.unavailable);
		}

	}

}
