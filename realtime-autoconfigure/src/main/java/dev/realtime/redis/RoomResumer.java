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

package dev.realtime.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;

import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.relay.RelayMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what rooms have missed and lets them go on: with what is in their history, or
 * knowing that something is missing. Thread-safe; nothing blocks.
 */
final class RoomResumer {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisSubscriptions.class));

	private static final int MAX_CHECKED = 256;

	/** More than that is not fetched to fill a hole. */
	private static final int MAX_FILL = 1_000;

	/** When to ask again what Redis could not or would not tell. */
	private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

	private final Queue<RoomChannel> resuming = new ConcurrentLinkedQueue<>();

	private final Queue<RoomChannel> postponed = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final RedisKeys keys;

	private final RedisStreams streams;

	private final ScheduledExecutorService worker;

	private final IntUnaryOperator losses;

	private long lastRetry = System.nanoTime();

	/**
	 * Create a resumer.
	 * @param losses gives how often the subscriptions of a partition were lost: what was
	 * found out before does not count
	 */
	RoomResumer(RedisKeys keys, RedisStreams streams, ScheduledExecutorService worker, IntUnaryOperator losses) {
		this.keys = keys;
		this.streams = streams;
		this.worker = worker;
		this.losses = losses;
	}

	/**
	 * Messages of a room arrive again.
	 */
	void resume(RoomChannel channel) {
		this.resuming.add(channel);
		resumeSoon();
	}

	/** Something has not arrived although the connection is fine. */
	void missing(RoomChannel channel) {
		logger.warn("hole", "Not everything arrives from Redis: what room " + channel.room()
				+ " has missed is looked for in its history");
		resume(channel);
	}

	/** There is a connection by which to find out what rooms have missed. */
	void askable() {
		retry();
		resumeSoon();
	}

	private void retry() {
		for (RoomChannel channel = this.postponed.poll(); channel != null; channel = this.postponed.poll()) {
			this.resuming.add(channel);
		}
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		long now = System.nanoTime();
		if (now - this.lastRetry >= RETRY) {
			this.lastRetry = now;
			retry();
		}
		resumeAll();
	}

	private void resumeSoon() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.worker.execute(this::resumeAll);
		}
	}

	private void resumeAll() {
		this.scheduled.set(false);
		Map<Integer, List<RoomChannel>> partitions = new HashMap<>();
		for (RoomChannel channel = this.resuming.poll(); channel != null; channel = this.resuming.poll()) {
			int number = this.keys.partition(channel.room());
			List<RoomChannel> partition = partitions.computeIfAbsent(number, (key) -> new ArrayList<>());
			partition.add(channel);
			if (partition.size() == MAX_CHECKED) {
				resume(number, List.copyOf(partition));
				partition.clear();
			}
		}
		partitions.forEach((number, partition) -> {
			if (!partition.isEmpty()) {
				resume(number, partition);
			}
		});
	}

	private void resume(int partition, List<RoomChannel> channels) {
		int before = this.losses.applyAsInt(partition);
		this.streams.check(channels.stream().map(RoomChannel::known).toList()).whenComplete((tops, failure) -> {
			if (before != this.losses.applyAsInt(partition)) {
				// Not all rooms of the partition need have been lost
				this.resuming.addAll(channels);
				return;
			}
			if (failure != null) {
				this.postponed.addAll(channels);
				return;
			}
			for (RoomChannel channel : channels) {
				resume(partition, channel, tops.get(channel.room()));
			}
		});
	}

	private void resume(int partition, RoomChannel channel, @Nullable StreamPosition top) {
		int before = this.losses.applyAsInt(partition);
		StreamPosition last = channel.known().position();
		if (last == null || (top != null && top.equals(last))) {
			resumed(channel, (top != null) ? top : StreamPosition.START, List.of());
			return;
		}
		boolean fillable = channel.settings().hasHistory() && top != null && top.epoch().equals(last.epoch())
				&& top.offset() - last.offset() <= MAX_FILL;
		HistoryQuery query = fillable ? HistoryQuery.after(last, -1) : new HistoryQuery(0, null, false);
		this.streams.read(channel.room(), query).whenComplete((found, failure) -> {
			if (before != this.losses.applyAsInt(partition)) {
				this.resuming.add(channel);
				return;
			}
			if (found == null) {
				this.postponed.add(channel);
			}
			else {
				resumed(channel, found.top(), fillable ? found.messages() : null);
			}
		});
	}

	private void resumed(RoomChannel channel, StreamPosition top, @Nullable List<RelayMessage> found) {
		if (channel.resume(top, found)) {
			missing(channel);
		}
	}

}
