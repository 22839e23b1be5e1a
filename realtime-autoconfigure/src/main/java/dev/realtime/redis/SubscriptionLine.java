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
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that are made on the connections to one server. Those that come
 * together share a command, and all are made again on a new connection. Thread-safe.
 */
final class SubscriptionLine {

	private static final int MAX_CHANNELS = 512;

	/** When to try again what Redis has refused. */
	private static final long RETRY = TimeUnit.SECONDS.toNanos(1);

	private final Queue<String> wanted = new ConcurrentLinkedQueue<>();

	/** Channels that Redis has refused to subscribe to. */
	private final Queue<String> refused = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final Map<String, ChannelListener> listeners = new ConcurrentHashMap<>();

	private final Owner owner;

	private final ScheduledExecutorService worker;

	private final Consumer<Throwable> failed;

	private final boolean sharded;

	private long lastRetry = System.nanoTime();

	private volatile @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;

	/**
	 * Create a line.
	 * @param owner knows what is to be subscribed to
	 * @param failed is told what Redis says when it refuses
	 * @param sharded whether messages are sharded, as in a cluster
	 */
	SubscriptionLine(Owner owner, ScheduledExecutorService worker, Consumer<Throwable> failed, boolean sharded) {
		this.owner = owner;
		this.worker = worker;
		this.failed = failed;
		this.sharded = sharded;
	}

	/**
	 * Listen to a channel on this line, wherever others are listened to.
	 */
	void listen(String channel, ChannelListener listener) {
		this.listeners.put(channel, listener);
		want(channel);
	}

	/**
	 * Listen no more.
	 */
	void forget(String channel) {
		this.listeners.remove(channel);
		end(List.of(channel));
	}

	void want(String channel) {
		this.wanted.add(channel);
		schedule();
	}

	void want(Collection<String> channels) {
		this.wanted.addAll(channels);
		schedule();
	}

	/**
	 * Subscribe no more.
	 */
	void end(List<String> channels) {
		StatefulRedisPubSubConnection<byte[], byte[]> current = this.connection;
		if (current != null && !channels.isEmpty()) {
			RedisPubSubAsyncCommands<byte[], byte[]> commands = current.async();
			together(channels)
				.forEach((names) -> (this.sharded ? commands.sunsubscribe(names) : commands.unsubscribe(names))
					.exceptionally((failure) -> null));
		}
	}

	/** A command takes only channels of one slot where they are sharded. */
	private Collection<byte[][]> together(Collection<String> names) {
		return names.stream()
			.map(RedisKeys::bytes)
			.collect(Collectors.groupingBy((name) -> this.sharded ? SlotHash.getSlot(name) : 0,
					Collectors.collectingAndThen(Collectors.toList(), (some) -> some.toArray(byte[][]::new))))
			.values();
	}

	boolean isUp() {
		return this.connection != null;
	}

	/** There is a connection. */
	void up(StatefulRedisPubSubConnection<byte[], byte[]> made) {
		this.refused.clear();
		made.addListener(new Receiver(made));
		this.connection = made;
		this.wanted.addAll(this.listeners.keySet());
		this.wanted.addAll(this.owner.channels(this));
		schedule();
	}

	/** There is none any more. */
	void down() {
		this.connection = null;
		this.owner.lost(this);
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
		Set<String> names = take();
		while (!names.isEmpty()) {
			together(names).forEach((some) -> subscribe(current.async(), some));
			names = take();
		}
	}

	private void subscribe(RedisPubSubAsyncCommands<byte[], byte[]> commands, byte[][] names) {
		(this.sharded ? commands.ssubscribe(names) : commands.subscribe(names)).exceptionally((failure) -> {
			refused(names, RedisNode.unwrap(failure));
			return null;
		});
	}

	private void refused(byte[][] names, Throwable failure) {
		if (failure instanceof RedisCommandExecutionException) {
			Arrays.stream(names).map(SubscriptionLine::text).forEach(this.refused::add);
			this.failed.accept(failure);
		}
	}

	/** Take names, without those of rooms that have been left meanwhile. */
	private Set<String> take() {
		Set<String> names = new LinkedHashSet<>();
		String name = this.wanted.poll();
		while (name != null) {
			if (this.listeners.containsKey(name) || this.owner.isWanted(name, this)) {
				names.add(name);
			}
			name = (names.size() < MAX_CHANNELS) ? this.wanted.poll() : null;
		}
		return names;
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		long now = System.nanoTime();
		if (now - this.lastRetry >= RETRY) {
			this.lastRetry = now;
			for (String name = this.refused.poll(); name != null; name = this.refused.poll()) {
				want(name);
			}
		}
	}

	/**
	 * Let nothing more arrive.
	 */
	void stop() {
		this.connection = null;
	}

	private static String text(byte[] name) {
		return new String(name, StandardCharsets.UTF_8);
	}

	/**
	 * Knows what is to be subscribed to, and takes what arrives.
	 */
	interface Owner {

		/**
		 * Return the channels whose subscriptions are made on a line.
		 */
		Collection<String> channels(SubscriptionLine line);

		/**
		 * Return whether there is to be a subscription on a line.
		 */
		boolean isWanted(String name, SubscriptionLine line);

		/**
		 * Messages arrive on a line from now on.
		 */
		void subscribed(String name, SubscriptionLine line);

		/**
		 * The server has ended a subscription, perhaps because it has to.
		 */
		void ended(String name, SubscriptionLine line);

		/**
		 * Take a message.
		 * @return {@code false} if it is for nobody here
		 */
		boolean message(String name, byte[] message, SubscriptionLine line);

		/**
		 * All subscriptions of a line are lost.
		 */
		void lost(SubscriptionLine line);

	}

	/**
	 * Gets what arrives on one connection. What comes late on an old one is ignored.
	 */
	private final class Receiver extends RedisPubSubAdapter<byte[], byte[]> {

		private final StatefulRedisPubSubConnection<byte[], byte[]> source;

		Receiver(StatefulRedisPubSubConnection<byte[], byte[]> source) {
			this.source = source;
		}

		private boolean isOld() {
			return this.source != SubscriptionLine.this.connection;
		}

		@Override
		public void subscribed(byte[] channel, long count) {
			if (isOld()) {
				return;
			}
			String name = text(channel);
			ChannelListener listener = SubscriptionLine.this.listeners.get(name);
			if (listener != null) {
				listener.subscribed();
			}
			else {
				SubscriptionLine.this.owner.subscribed(name, SubscriptionLine.this);
			}
		}

		@Override
		public void ssubscribed(byte[] channel, long count) {
			subscribed(channel, count);
		}

		@Override
		public void sunsubscribed(byte[] channel, long count) {
			if (!isOld()) {
				SubscriptionLine.this.owner.ended(text(channel), SubscriptionLine.this);
			}
		}

		@Override
		public void smessage(byte[] channel, byte[] message) {
			message(channel, message);
		}

		@Override
		public void message(byte[] channel, byte[] message) {
			if (isOld()) {
				return;
			}
			String name = text(channel);
			if (!SubscriptionLine.this.owner.message(name, message, SubscriptionLine.this)) {
				ChannelListener listener = SubscriptionLine.this.listeners.get(name);
				if (listener != null) {
					listener.message(message);
				}
			}
		}

	}

}
