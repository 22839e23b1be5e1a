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

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what waits in the outbox once the broker is back, room by room and in order,
 * and removes what has gone out. It asks the store nothing while there is nothing to do,
 * except now and then for what nobody looks after.
 */
final class OutboxReplayer {

	private static final Log logger = LogFactory.getLog(OutboxReplayer.class);

	private static final int BATCH = 200;

	private static final int THREADS = 4;

	private static final long LOOK_MILLIS = 100;

	private static final long SWEEP_MILLIS = 30_000;

	private static final long ANSWER_SECONDS = 10;

	private final RoomRelay relay;

	private final Outbox outbox;

	private final Namespaces namespaces;

	private final OutboxLanes lanes;

	private final ThreadPoolExecutor workers;

	private final Queue<Long> gone = new ConcurrentLinkedQueue<>();

	private final Set<String> draining = ConcurrentHashMap.newKeySet();

	private volatile @Nullable ScheduledExecutorService timer;

	OutboxReplayer(RoomRelay relay, Outbox outbox, Namespaces namespaces, Clock clock) {
		this.relay = relay;
		this.outbox = outbox;
		this.namespaces = namespaces;
		this.workers = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threads("realtime-outbox-"), (task, pool) -> task.run());
		this.workers.allowCoreThreadTimeOut(true);
		this.lanes = new OutboxLanes(relay, outbox, this.workers, this.gone::add, clock);
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	OutboxLanes lanes() {
		return this.lanes;
	}

	/**
	 * Start. What waits from earlier comes before everything that is published from now
	 * on.
	 */
	void start() {
		guarded(this::takeOver);
		ScheduledExecutorService started = Executors
			.newSingleThreadScheduledExecutor(threads("realtime-outbox-timer-"));
		started.scheduleWithFixedDelay(() -> guarded(this::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
		started.scheduleWithFixedDelay(() -> guarded(this::sweep), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
		this.timer = started;
	}

	/**
	 * Stop, after what was being done.
	 */
	void stop() {
		ScheduledExecutorService running = this.timer;
		if (running != null) {
			running.shutdown();
			guarded(this::removeGone);
		}
	}

	/**
	 * Give the threads back, once what they were doing is done.
	 */
	void close() {
		this.workers.shutdown();
		try {
			if (!this.workers.awaitTermination(ANSWER_SECONDS, TimeUnit.SECONDS)) {
				logger.warn("The outbox is still being worked off while it is closed");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void guarded(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			logger.warn("The outbox cannot be worked off: " + ex);
		}
	}

	private void look() {
		removeGone();
		if (this.relay.state() == RelayState.DOWN) {
			return;
		}
		this.lanes.spilling().forEach(this::drainSoon);
	}

	/** Publications that had to wait for nothing but their commit. */
	private void removeGone() {
		List<Long> rows = new ArrayList<>();
		Long row = this.gone.poll();
		while (row != null) {
			rows.add(row);
			row = this.gone.poll();
		}
		if (!rows.isEmpty()) {
			try {
				this.outbox.remove(rows);
			}
			catch (RuntimeException ex) {
				this.gone.addAll(rows);
				throw ex;
			}
		}
	}

	/** Look for what a node has left behind that is gone. */
	private void sweep() {
		if (this.relay.state() != RelayState.DOWN) {
			takeOver();
		}
	}

	/** It is worked off at the next look. */
	private void takeOver() {
		for (String room : this.outbox.sweep()) {
			RoomSettings settings = this.namespaces.find(room);
			if (settings != null) {
				this.lanes.spill(room, settings);
			}
		}
	}

	private void drainSoon(String room) {
		if (this.draining.add(room)) {
			this.workers.execute(() -> {
				try {
					drain(room);
				}
				catch (RuntimeException ex) {
					logger.warn("The outbox of room " + room + " cannot be worked off: " + ex);
				}
				finally {
					this.draining.remove(room);
				}
			});
		}
	}

	private void drain(String room) {
		RoomSettings settings = this.namespaces.find(room);
		if (settings == null || !this.outbox.claim(room)) {
			return;
		}
		try {
			boolean more = true;
			while (more) {
				int stores = this.lanes.stores(room);
				List<OutboxMessage> messages = this.outbox.read(room, BATCH);
				if (messages.isEmpty()) {
					more = !this.lanes.resume(room, stores) && this.outbox.claim(room);
				}
				else {
					more = publish(messages, settings) && this.outbox.claim(room);
				}
			}
		}
		finally {
			this.outbox.release(room);
		}
	}

	/** Publish a batch; return false if the rest has to wait. */
	private boolean publish(List<OutboxMessage> messages, RoomSettings settings) {
		Map<OutboxMessage, CompletableFuture<StreamPosition>> sent = new LinkedHashMap<>();
		messages.forEach((message) -> sent.put(message, publish(message, settings)));
		List<Long> accepted = new ArrayList<>();
		boolean fine = true;
		for (Map.Entry<OutboxMessage, CompletableFuture<StreamPosition>> entry : sent.entrySet()) {
			Throwable failure = failure(entry.getValue());
			if (failure == null) {
				accepted.add(entry.getKey().row());
			}
			else {
				fine &= failed(entry.getKey(), failure);
			}
		}
		if (!accepted.isEmpty()) {
			this.outbox.remove(accepted);
		}
		return fine;
	}

	private CompletableFuture<StreamPosition> publish(OutboxMessage message, RoomSettings settings) {
		try {
			RelayMessage decoded = EnvelopeCodec.decodePending(message.room(), message.body());
			return this.relay.publishAgain(decoded, settings).toCompletableFuture();
		}
		catch (ProtocolException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static @Nullable Throwable failure(CompletableFuture<StreamPosition> stage) {
		try {
			stage.get(ANSWER_SECONDS, TimeUnit.SECONDS);
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ex;
		}
		catch (Exception ex) {
			return (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/** Return whether the room can go on without the message. */
	private boolean failed(OutboxMessage message, Throwable failure) {
		if (failure instanceof RelayUnavailableException && this.relay.state() != RelayState.LIVE) {
			return false;
		}
		boolean parked = this.outbox.fail(message.row(), String.valueOf(failure.getMessage()));
		if (parked) {
			logger.error("A publication to room " + message.room() + " is given up, row " + message.row() + ": "
					+ failure.getMessage());
		}
		return parked;
	}

}
