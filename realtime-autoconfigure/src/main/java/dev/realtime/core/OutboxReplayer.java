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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what waits in the outbox once the broker is back, room by room and in order,
 * and removes what has gone out. It asks the store nothing while there is nothing to do,
 * except now and then for what nobody looks after. A room that the broker refuses is left
 * alone for a while, longer each time.
 */
final class OutboxReplayer {

	private static final Log logger = LogFactory.getLog(OutboxReplayer.class);

	private static final int THREADS = 4;

	private static final int REMOVED_AT_ONCE = 500;

	private static final long LOOK_MILLIS = 100;

	private static final long FIRST_PAUSE_MILLIS = 200;

	/** So many pauses, doubled each time, are long enough to find a broker down. */
	private static final int PAUSES = 4;

	private static final long STOP_SECONDS = 5;

	private final RoomRelay relay;

	private final Outbox outbox;

	private final Namespaces namespaces;

	private final OutboxLanes lanes;

	private final LocalDelivery local;

	private final OutboxMonitor monitor = new OutboxMonitor(System::nanoTime);

	private final OutboxDrain.Shared shared;

	private final Duration sweepInterval;

	private final Queue<Long> gone = new ConcurrentLinkedQueue<>();

	private final Set<String> draining = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean counting = new AtomicBoolean();

	private final Map<String, Pause> pauses = new ConcurrentHashMap<>();

	private volatile ExecutorService storers = pool("realtime-outbox-store-");

	private volatile ExecutorService drainers = pool("realtime-outbox-drain-");

	private volatile boolean sweepIsDue;

	private volatile boolean retried;

	private volatile @Nullable ScheduledExecutorService timer;

	OutboxReplayer(RoomRelay relay, Outbox outbox, Namespaces namespaces, LocalDelivery local, Clock clock,
			Duration sweepInterval) {
		this.relay = relay;
		this.outbox = outbox;
		this.namespaces = namespaces;
		this.sweepInterval = sweepInterval;
		this.local = local;
		this.lanes = new OutboxLanes(relay, outbox, (task) -> this.storers.execute(task), this.gone::add, this::spilled,
				clock);
		this.shared = new OutboxDrain.Shared(relay, outbox, this.lanes, local, this.monitor, new Semaphore(1));
	}

	private static ExecutorService pool(String prefix) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 5, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads(prefix), (task, stopped) -> task.run());
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	private void spilled(RelayMessage message) {
		this.monitor.spilled();
		this.local.stored(message);
	}

	OutboxMonitor monitor() {
		return this.monitor;
	}

	/** What was parked may be worked off. */
	void retried() {
		this.retried = true;
	}

	OutboxLanes lanes() {
		return this.lanes;
	}

	/**
	 * Start. What waits from earlier comes before everything that is published from now
	 * on.
	 */
	void start() {
		this.monitor.recount();
		guarded(() -> takeOver(Duration.ZERO));
		if (this.storers.isShutdown()) {
			this.storers = pool("realtime-outbox-store-");
			this.drainers = pool("realtime-outbox-drain-");
		}
		ScheduledExecutorService started = Executors
			.newSingleThreadScheduledExecutor(threads("realtime-outbox-timer-"));
		started.scheduleWithFixedDelay(() -> this.sweepIsDue = true, this.sweepInterval.toMillis(),
				this.sweepInterval.toMillis(), TimeUnit.MILLISECONDS);
		started.scheduleWithFixedDelay(() -> guarded(this::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
		this.timer = started;
	}

	/**
	 * Stop, after what was being done: what has failed is stored, what has gone out is
	 * removed.
	 */
	void stop() {
		ScheduledExecutorService running = this.timer;
		this.timer = null;
		if (running != null) {
			finish(running);
			finish(this.drainers);
			finish(this.storers);
			guarded(this::removeGone);
		}
	}

	private static void finish(ExecutorService executor) {
		executor.shutdown();
		try {
			if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
				logger.warn("The outbox is still at work while it is being stopped");
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
		countIfDue(!this.lanes.spilling().isEmpty());
		if (this.relay.state() == RelayState.DOWN) {
			this.pauses.clear();
			this.monitor.progress();
			return;
		}
		for (String room : this.lanes.drainable()) {
			Pause pause = this.pauses.get(room);
			if (pause == null || pause.isOver()) {
				drainSoon(room);
			}
		}
		if (this.retried) {
			this.retried = false;
			this.monitor.recount();
			takeOver(Duration.ZERO);
		}
		if (this.sweepIsDue) {
			this.sweepIsDue = false;
			takeOver(this.sweepInterval);
		}
	}

	/** Not on this thread, since counting many may take a while. */
	private void countIfDue(boolean busy) {
		if (this.monitor.isDue(busy) && this.counting.compareAndSet(false, true)) {
			this.drainers.execute(() -> {
				guarded(() -> this.monitor.count(this.outbox));
				this.counting.set(false);
			});
		}
	}

	/** Publications that had to wait for nothing but their commit. */
	private void removeGone() {
		List<Long> rows = takeGone();
		while (!rows.isEmpty()) {
			try {
				this.outbox.remove(rows);
			}
			catch (RuntimeException ex) {
				this.gone.addAll(rows);
				throw ex;
			}
			rows = takeGone();
		}
	}

	private List<Long> takeGone() {
		List<Long> rows = new ArrayList<>();
		Long row = this.gone.poll();
		while (row != null) {
			rows.add(row);
			row = (rows.size() < REMOVED_AT_ONCE) ? this.gone.poll() : null;
		}
		return rows;
	}

	/** Look for what is left behind. It is worked off at the next look. */
	private void takeOver(Duration interval) {
		List<String> rooms = this.outbox.sweep(interval);
		if (!rooms.isEmpty()) {
			this.monitor.recount();
		}
		for (String room : rooms) {
			RoomSettings settings = this.namespaces.find(room);
			if (settings != null) {
				this.lanes.spill(room, settings);
			}
		}
	}

	private void drainSoon(String room) {
		RoomSettings settings = this.namespaces.find(room);
		if (settings != null && !this.drainers.isShutdown() && this.draining.add(room)) {
			this.drainers.execute(() -> {
				try {
					drain(room, settings);
				}
				finally {
					this.draining.remove(room);
				}
			});
		}
	}

	private void drain(String room, RoomSettings settings) {
		Pause pause = this.pauses.get(room);
		boolean patient = pause == null || pause.number() < PAUSES;
		boolean fine = false;
		try {
			fine = new OutboxDrain(this.shared, room, settings, patient).run();
		}
		catch (RuntimeException ex) {
			logger.warn("The outbox of room " + room + " cannot be worked off: " + ex);
		}
		if (fine) {
			this.pauses.remove(room);
		}
		else {
			this.pauses.put(room, Pause.after(pause));
		}
	}

	/**
	 * How long a room is left alone.
	 *
	 * @param number how many pauses it has had
	 * @param until when it is over, by the monotonic clock
	 */
	private record Pause(int number, long until) {

		static Pause after(@Nullable Pause last) {
			int number = (last != null) ? Math.min(last.number() + 1, PAUSES) : 0;
			return new Pause(number, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FIRST_PAUSE_MILLIS << number));
		}

		boolean isOver() {
			return System.nanoTime() - this.until >= 0;
		}

	}

}
