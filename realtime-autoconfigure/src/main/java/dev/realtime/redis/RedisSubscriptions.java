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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.realtime.HistoryQuery;
import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to rooms. Those that come together share a command. The end of one is
 * put off, since the next member often comes soon. After the connection was lost all are
 * made again, and each room learns what it has missed, or that it has; so does a room
 * that gets a message which is not the next one.
 */
final class RedisSubscriptions {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisSubscriptions.class));

	private static final int MAX_CHANNELS = 512;

	private static final int MAX_TOPS = 256;

	/** More than that is not fetched to fill a hole. */
	private static final int MAX_FILL = 1_000;

	private static final long VACANCY = TimeUnit.SECONDS.toNanos(1);

	/** When to try again what Redis has refused. */
	private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

	private final Map<String, RoomChannel> channels = new ConcurrentHashMap<>();

	private final Queue<String> wanted = new ConcurrentLinkedQueue<>();

	private final Queue<RoomChannel> vacated = new ConcurrentLinkedQueue<>();

	private final Queue<RoomChannel> resuming = new ConcurrentLinkedQueue<>();

	/** Channels that Redis has refused to subscribe to. */
	private final Queue<String> refused = new ConcurrentLinkedQueue<>();

	/** Rooms of which Redis could not or would not tell what they missed. */
	private final Queue<RoomChannel> postponed = new ConcurrentLinkedQueue<>();

	/** How often the connection was lost: what was found out before does not count. */
	private final AtomicInteger losses = new AtomicInteger();

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final AtomicBoolean resumeScheduled = new AtomicBoolean();

	private final RedisKeys keys;

	private final RedisStreams streams;

	private final ScheduledExecutorService worker;

	private final Consumer<Throwable> failed;

	private final long timeoutNanos;

	private long lastRetry = System.nanoTime();

	private final Map<String, Listener> others = new ConcurrentHashMap<>();

	private volatile @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;

	/**
	 * Create the subscriptions.
	 * @param failed is told what Redis says when it refuses
	 */
	RedisSubscriptions(RedisKeys keys, RedisStreams streams, ScheduledExecutorService worker,
			Consumer<Throwable> failed, long timeoutNanos) {
		this.keys = keys;
		this.streams = streams;
		this.worker = worker;
		this.failed = failed;
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Listen to a channel that belongs to no room. To be called before the start.
	 */
	void listen(String channel, Listener listener) {
		this.others.put(channel, listener);
	}

	CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		String name = this.keys.channel(room);
		int before = this.losses.get();
		List<CompletionStage<Void>> ready = new ArrayList<>(1);
		boolean[] fresh = new boolean[1];
		RoomChannel channel = this.channels.compute(name, (key, present) -> {
			RoomChannel result = (present != null) ? present : new RoomChannel(room, settings);
			ready.add(result.occupy(subscriber));
			fresh[0] = present == null;
			return result;
		});
		if (fresh[0]) {
			this.wanted.add(name);
		}
		CompletableFuture<Void> stage = ready.get(0).toCompletableFuture();
		if (!stage.isDone()) {
			this.waiting.add(new Waiting(channel, stage, System.nanoTime() + this.timeoutNanos));
			schedule();
		}
		return stage.thenCompose((nothing) -> this.streams.top(room)).thenCompose((top) -> {
			if (before != this.losses.get()) {
				// What came between the top and the loss would be missing
				return subscribe(room, settings, subscriber);
			}
			channel.at(top);
			return CompletableFuture.completedStage(top);
		});
	}

	void unsubscribe(String room, RelaySubscriber subscriber) {
		RoomChannel channel = this.channels.get(this.keys.channel(room));
		if (channel != null && channel.vacate(subscriber, System.nanoTime())) {
			this.vacated.add(channel);
		}
	}

	int size() {
		return this.channels.size();
	}

	private static String text(byte[] name) {
		return new String(name, StandardCharsets.UTF_8);
	}

	/** There is a connection. */
	void up(StatefulRedisPubSubConnection<byte[], byte[]> made) {
		this.channels.values().forEach(RoomChannel::disconnected);
		this.resuming.clear();
		this.postponed.clear();
		this.refused.clear();
		made.addListener(new Receiver(made));
		this.connection = made;
		this.wanted.addAll(this.others.keySet());
		this.wanted.addAll(this.channels.keySet());
		schedule();
	}

	/** There is none any more. */
	void down() {
		this.losses.incrementAndGet();
		this.connection = null;
		this.channels.values().forEach(RoomChannel::disconnected);
	}

	private void schedule() {
		if (this.scheduled.compareAndSet(false, true)) {
			this.worker.execute(this::work);
		}
	}

	private void work() {
		this.scheduled.set(false);
		StatefulRedisPubSubConnection<byte[], byte[]> current = this.connection;
		if (current == null) {
			return;
		}
		byte[][] names = take(this.wanted);
		while (names.length > 0) {
			byte[][] some = names;
			current.async().subscribe(some).exceptionally((failure) -> {
				refused(some, RedisNode.unwrap(failure));
				return null;
			});
			names = take(this.wanted);
		}
	}

	private void refused(byte[][] names, Throwable failure) {
		if (failure instanceof RedisCommandExecutionException) {
			Arrays.stream(names).map(RedisSubscriptions::text).forEach(this.refused::add);
			this.failed.accept(failure);
		}
	}

	/** Take names, without those of rooms that have been left meanwhile. */
	private byte[][] take(Queue<String> queue) {
		Set<String> names = new LinkedHashSet<>();
		String name = queue.poll();
		while (name != null) {
			if (this.channels.containsKey(name) || this.others.containsKey(name)) {
				names.add(name);
			}
			name = (names.size() < MAX_CHANNELS) ? queue.poll() : null;
		}
		return names.stream().map(RedisKeys::bytes).toArray(byte[][]::new);
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		long now = System.nanoTime();
		this.waiting.removeIf((waiting) -> waiting.isOver(now));
		leaveVacant(now);
		if (now - this.lastRetry >= RETRY) {
			this.lastRetry = now;
			move(this.postponed, this.resuming);
			if (move(this.refused, this.wanted)) {
				schedule();
			}
		}
		resumeAll();
	}

	private static <T> boolean move(Queue<T> from, Queue<T> to) {
		boolean some = false;
		for (T item = from.poll(); item != null; item = from.poll()) {
			some |= to.add(item);
		}
		return some;
	}

	private void leaveVacant(long now) {
		StatefulRedisPubSubConnection<byte[], byte[]> current = this.connection;
		List<byte[]> names = new ArrayList<>();
		for (int i = this.vacated.size(); i > 0; i--) {
			RoomChannel channel = this.vacated.poll();
			if (channel == null || !channel.isVacant()) {
				continue;
			}
			String name = this.keys.channel(channel.room());
			boolean[] gone = new boolean[1];
			this.channels.computeIfPresent(name, (key, present) -> {
				if (present != channel || (current != null && !channel.isVacant(now, VACANCY))) {
					return present;
				}
				gone[0] = true;
				return null;
			});
			if (!gone[0]) {
				this.vacated.add(channel);
			}
			else {
				names.add(RedisKeys.bytes(name));
			}
		}
		if (current != null && !names.isEmpty()) {
			current.async().unsubscribe(names.toArray(new byte[0][]));
		}
	}

	private void subscribed(String name) {
		RoomChannel channel = this.channels.get(name);
		if (channel != null && channel.subscribed()) {
			this.resuming.add(channel);
			resumeSoon();
		}
		Listener other = this.others.get(name);
		if (other != null) {
			other.subscribed();
		}
	}

	/** Something has not arrived although the connection is fine. */
	private void missing(RoomChannel channel) {
		logger.warn("hole", "Not everything arrives from Redis: what room " + channel.room()
				+ " has missed is looked for in its history");
		this.resuming.add(channel);
		resumeSoon();
	}

	/** There is a connection by which to find out what rooms have missed. */
	void askable() {
		move(this.postponed, this.resuming);
		resumeSoon();
	}

	private void resumeSoon() {
		if (this.resumeScheduled.compareAndSet(false, true)) {
			this.worker.execute(this::resumeAll);
		}
	}

	/** Find out what rooms have missed. */
	private void resumeAll() {
		this.resumeScheduled.set(false);
		Map<Integer, List<RoomChannel>> partitions = new HashMap<>();
		RoomChannel channel = this.resuming.poll();
		while (channel != null) {
			List<RoomChannel> partition = partitions.computeIfAbsent(this.keys.partition(channel.room()),
					(key) -> new ArrayList<>());
			partition.add(channel);
			if (partition.size() == MAX_TOPS) {
				resume(List.copyOf(partition));
				partition.clear();
			}
			channel = this.resuming.poll();
		}
		partitions.values().stream().filter((partition) -> !partition.isEmpty()).forEach(this::resume);
	}

	private void resume(Collection<RoomChannel> some) {
		int before = this.losses.get();
		this.streams.check(some.stream().map(RoomChannel::known).toList()).whenComplete((tops, failure) -> {
			if (before != this.losses.get()) {
				return;
			}
			if (failure != null) {
				this.postponed.addAll(some);
				return;
			}
			for (RoomChannel channel : some) {
				resume(channel, tops.get(channel.room()));
			}
		});
	}

	private void resume(RoomChannel channel, @Nullable StreamPosition top) {
		int before = this.losses.get();
		StreamPosition last = channel.known().position();
		if (last == null || (top != null && top.equals(last))) {
			resumed(channel, (top != null) ? top : StreamPosition.START, List.of());
			return;
		}
		boolean fillable = channel.settings().hasHistory() && top != null && top.epoch().equals(last.epoch())
				&& top.offset() - last.offset() <= MAX_FILL;
		HistoryQuery query = fillable ? HistoryQuery.after(last, -1) : new HistoryQuery(0, null, false);
		this.streams.read(channel.room(), query).whenComplete((found, failure) -> {
			if (found == null) {
				this.postponed.add(channel);
			}
			else if (before == this.losses.get()) {
				resumed(channel, found.top(), fillable ? found.messages() : null);
			}
		});
	}

	private void resumed(RoomChannel channel, StreamPosition top, @Nullable List<RelayMessage> found) {
		if (channel.resume(top, found)) {
			missing(channel);
		}
	}

	/**
	 * Let everything fail that is waiting.
	 */
	void stop() {
		this.connection = null;
		this.channels.values().forEach((channel) -> channel.fail(new RelayUnavailableException("stopped", null)));
		this.channels.clear();
	}

	/**
	 * Listens to a channel that belongs to no room.
	 */
	interface Listener {

		/**
		 * Messages arrive from now on.
		 */
		void subscribed();

		/**
		 * Take a message.
		 */
		void message(byte[] message);

	}

	/**
	 * A subscriber that waits.
	 */
	private record Waiting(RoomChannel channel, CompletableFuture<Void> stage, long deadline) {

		boolean isOver(long now) {
			if (now - this.deadline >= 0 && !this.stage.isDone()) {
				this.stage.completeExceptionally(
						new RelayUnavailableException("Redis: no subscription to the room in time", null));
			}
			return this.stage.isDone();
		}

	}

	/**
	 * Gets what arrives on one connection. What comes late on an old one is ignored.
	 */
	private final class Receiver extends RedisPubSubAdapter<byte[], byte[]> {

		private final StatefulRedisPubSubConnection<byte[], byte[]> source;

		Receiver(StatefulRedisPubSubConnection<byte[], byte[]> source) {
			this.source = source;
		}

		@Override
		public void subscribed(byte[] channel, long count) {
			if (this.source == RedisSubscriptions.this.connection) {
				RedisSubscriptions.this.subscribed(text(channel));
			}
		}

		@Override
		public void message(byte[] name, byte[] message) {
			if (this.source != RedisSubscriptions.this.connection) {
				return;
			}
			String text = text(name);
			RoomChannel channel = RedisSubscriptions.this.channels.get(text);
			if (channel != null) {
				Delivery.read(channel.room(), channel.settings(), message, (read) -> {
					if (channel.take(read)) {
						missing(channel);
					}
				});
			}
			else {
				Listener other = RedisSubscriptions.this.others.get(text);
				if (other != null) {
					other.message(message);
				}
			}
		}

	}

}
