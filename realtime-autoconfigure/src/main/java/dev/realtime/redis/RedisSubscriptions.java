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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelaySubscriber;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions to rooms, each on the line of its partition. The end of one is put
 * off, since the next member often comes soon. After a line was lost, or a partition has
 * moved to another one, each room learns what it has missed, or that it has; so does a
 * room that gets a message which is not the next one.
 */
final class RedisSubscriptions implements SubscriptionLine.Owner {

	private static final long VACANCY = TimeUnit.SECONDS.toNanos(1);

	private final Map<String, RoomChannel> channels = new ConcurrentHashMap<>();

	private final Queue<RoomChannel> vacated = new ConcurrentLinkedQueue<>();

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	private final Map<String, ChannelListener> listeners = new ConcurrentHashMap<>();

	private final AtomicReferenceArray<@Nullable SubscriptionLine> lines;

	/** How often each partition was lost: what was found out before does not count. */
	private final AtomicIntegerArray losses;

	private final RedisKeys keys;

	private final RedisStreams streams;

	private final RoomResumer resumer;

	private final Runnable moved;

	private final long timeoutNanos;

	/**
	 * Create the subscriptions.
	 * @param moved is told that a partition may be on another server
	 */
	RedisSubscriptions(RedisKeys keys, RedisStreams streams, ScheduledExecutorService worker, Runnable moved,
			long timeoutNanos) {
		this.keys = keys;
		this.streams = streams;
		this.moved = moved;
		this.timeoutNanos = timeoutNanos;
		this.lines = new AtomicReferenceArray<>(keys.partitions());
		this.losses = new AtomicIntegerArray(keys.partitions());
		this.resumer = new RoomResumer(keys, streams, worker, this.losses::get);
	}

	RoomResumer resumer() {
		return this.resumer;
	}

	/**
	 * Listen to a channel that belongs to no room. To be called before the start.
	 */
	void listen(String channel, ChannelListener listener) {
		this.listeners.put(channel, listener);
	}

	/**
	 * Let the subscriptions of a partition be made on a line.
	 * @param line the line, or {@code null} if there is none
	 */
	void assign(int partition, @Nullable SubscriptionLine line) {
		SubscriptionLine before = this.lines.getAndSet(partition, line);
		if (before == line) {
			return;
		}
		List<String> moved = namesOf(partition);
		lost(partition);
		if (before != null) {
			before.end(moved);
		}
		if (line != null) {
			line.want(moved);
		}
	}

	private List<String> namesOf(int partition) {
		List<String> names = new ArrayList<>((partition == RedisKeys.COMMON) ? this.listeners.keySet() : List.of());
		this.channels.forEach((name, channel) -> {
			if (this.keys.partition(channel.room()) == partition) {
				names.add(name);
			}
		});
		return names;
	}

	CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		String name = this.keys.channel(room);
		int partition = this.keys.partition(room);
		int before = this.losses.get(partition);
		List<CompletionStage<Void>> ready = new ArrayList<>(1);
		boolean[] fresh = new boolean[1];
		RoomChannel channel = this.channels.compute(name, (key, present) -> {
			RoomChannel result = (present != null) ? present : new RoomChannel(room, settings);
			ready.add(result.occupy(subscriber));
			fresh[0] = present == null;
			return result;
		});
		SubscriptionLine line = this.lines.get(partition);
		if (fresh[0] && line != null) {
			line.want(name);
		}
		CompletableFuture<Void> stage = ready.get(0).toCompletableFuture();
		if (!stage.isDone()) {
			this.waiting.add(new Waiting(channel, stage, System.nanoTime() + this.timeoutNanos));
		}
		return stage.thenCompose((nothing) -> this.streams.top(room)).thenCompose((top) -> {
			if (before != this.losses.get(partition)) {
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

	@Override
	public Collection<String> channels(SubscriptionLine line) {
		List<String> names = new ArrayList<>(
				(this.lines.get(RedisKeys.COMMON) == line) ? this.listeners.keySet() : List.of());
		this.channels.forEach((name, channel) -> {
			if (lineOf(channel) == line) {
				names.add(name);
			}
		});
		return names;
	}

	@Override
	public boolean isWanted(String name, SubscriptionLine line) {
		RoomChannel channel = this.channels.get(name);
		return (channel != null) ? lineOf(channel) == line
				: this.listeners.containsKey(name) && this.lines.get(RedisKeys.COMMON) == line;
	}

	private @Nullable SubscriptionLine lineOf(RoomChannel channel) {
		return this.lines.get(this.keys.partition(channel.room()));
	}

	@Override
	public void lost(SubscriptionLine line) {
		for (int i = 0; i < this.lines.length(); i++) {
			if (this.lines.get(i) == line) {
				this.losses.incrementAndGet(i);
			}
		}
		this.channels.values().forEach((channel) -> {
			if (lineOf(channel) == line) {
				channel.disconnected();
			}
		});
	}

	private void lost(int partition) {
		this.losses.incrementAndGet(partition);
		this.channels.values().forEach((channel) -> {
			if (this.keys.partition(channel.room()) == partition) {
				channel.disconnected();
			}
		});
	}

	@Override
	public void subscribed(String name, SubscriptionLine line) {
		RoomChannel channel = this.channels.get(name);
		if (channel != null && lineOf(channel) == line && channel.subscribed()) {
			this.resumer.resume(channel);
		}
		ChannelListener listener = this.listeners.get(name);
		if (listener != null) {
			listener.subscribed();
		}
	}

	@Override
	public void ended(String name, SubscriptionLine line) {
		RoomChannel channel = this.channels.get(name);
		int partition = (channel != null) ? this.keys.partition(channel.room()) : RedisKeys.COMMON;
		boolean own = channel != null || this.listeners.containsKey(name);
		if (own && this.lines.get(partition) == line) {
			this.losses.incrementAndGet(partition);
			if (channel != null) {
				channel.disconnected();
			}
			line.want(name);
			this.moved.run();
		}
	}

	@Override
	public boolean message(String name, byte[] message, SubscriptionLine line) {
		RoomChannel channel = this.channels.get(name);
		if (channel != null) {
			if (lineOf(channel) == line) {
				Delivery.read(channel.room(), channel.settings(), message, (read) -> {
					if (channel.take(read)) {
						this.resumer.missing(channel);
					}
				});
			}
			return true;
		}
		ChannelListener listener = this.listeners.get(name);
		if (listener != null) {
			listener.message(message);
		}
		return listener != null;
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		long now = System.nanoTime();
		this.waiting.removeIf((waiting) -> waiting.isOver(now));
		leaveVacant(now);
		this.resumer.check();
	}

	private void leaveVacant(long now) {
		Map<SubscriptionLine, List<String>> left = new HashMap<>();
		for (int i = this.vacated.size(); i > 0; i--) {
			RoomChannel channel = this.vacated.poll();
			if (channel == null || !channel.isVacant()) {
				continue;
			}
			SubscriptionLine line = lineOf(channel);
			boolean up = line != null && line.isUp();
			String name = this.keys.channel(channel.room());
			boolean[] gone = new boolean[1];
			this.channels.computeIfPresent(name, (key, present) -> {
				if (present != channel || (up && !channel.isVacant(now, VACANCY))) {
					return present;
				}
				gone[0] = true;
				return null;
			});
			if (!gone[0]) {
				this.vacated.add(channel);
			}
			else if (line != null) {
				left.computeIfAbsent(line, (key) -> new ArrayList<>()).add(name);
			}
		}
		left.forEach(SubscriptionLine::end);
	}

	/**
	 * Let everything fail that is waiting.
	 */
	void stop() {
		this.channels.values().forEach((channel) -> channel.fail(new RelayUnavailableException("stopped", null)));
		this.channels.clear();
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

}
