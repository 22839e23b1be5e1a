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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * The masters of a cluster, each with connections of its own, and which of them has which
 * partition. Every master is asked each second, and what one of them says of itself
 * counts at once. Thread-safe; partitions change their place on the worker only.
 */
final class ClusterServers implements RedisServers, RelayObserver {

	private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

	private static final long LOOK_SOON = TimeUnit.MILLISECONDS.toNanos(100);

	/** For how long what another server has not heard of yet does not count. */
	private static final long GOSSIP = TimeUnit.SECONDS.toNanos(3);

	/**
	 * For how long a master that has nothing is kept, since it may be given something.
	 */
	private static final long IDLE = TimeUnit.SECONDS.toNanos(30);

	private final Map<String, RedisEndpoint> endpoints = new ConcurrentHashMap<>();

	private final Map<RedisEndpoint, Long> idle = new HashMap<>();

	private final AtomicReferenceArray<@Nullable RedisEndpoint> owners;

	private final long[] epochs;

	private final long[] movedAt;

	private final RedisConnector connector;

	private final RedisEndpoint.Environment environment;

	private final RelayObserver observer;

	private final RedisEndpoint.Listener listener;

	private final RedisKeys keys;

	private final RedirectedCalls calls;

	private volatile @Nullable RedisSubscriptions subscriptions;

	private volatile boolean stopped;

	private volatile long nextLook = System.nanoTime();

	private boolean dialling;

	private int seed;

	private RelayState state = RelayState.DOWN;

	/**
	 * Create the servers.
	 * @param observer is told how they fare together
	 * @param listener is told what becomes of the connections
	 */
	ClusterServers(RedisConnector connector, RedisEndpoint.Environment environment, RelayObserver observer,
			RedisEndpoint.Listener listener) {
		this.connector = connector;
		this.environment = environment;
		this.observer = observer;
		this.listener = new Redirected(listener);
		this.keys = environment.keys();
		this.calls = new RedirectedCalls(this, worker(), environment.settings().commandTimeout().toNanos());
		this.owners = new AtomicReferenceArray<>(this.keys.partitions());
		this.epochs = new long[this.keys.partitions()];
		this.movedAt = new long[this.keys.partitions()];
	}

	private ScheduledExecutorService worker() {
		return this.environment.worker();
	}

	@Override
	public void start(RedisSubscriptions subscriptions) {
		this.subscriptions = subscriptions;
		worker().execute(this::look);
	}

	@Override
	public void stop() {
		this.stopped = true;
		this.endpoints.values().forEach(RedisEndpoint::stop);
	}

	@Override
	public void check() {
		this.endpoints.values().forEach(RedisEndpoint::check);
		if (System.nanoTime() - this.nextLook >= 0) {
			look();
		}
	}

	@Override
	public void lookSoon() {
		long soon = System.nanoTime() + LOOK_SOON;
		if (this.nextLook - soon > 0) {
			this.nextLook = soon;
		}
	}

	/** Ask every master, and if there is none, a server that there once was. */
	private void look() {
		this.nextLook = System.nanoTime() + LOOK;
		boolean[] asked = new boolean[1];
		this.endpoints.forEach((address, endpoint) -> {
			if (endpoint.connection() != null) {
				asked[0] = true;
				endpoint.commands()
					.send((redis) -> redis.clusterNodes())
					.thenAcceptAsync((text) -> read(text, host(address)), worker());
			}
		});
		if (!asked[0]) {
			dial();
		}
		retire();
	}

	private void dial() {
		if (this.dialling || this.stopped) {
			return;
		}
		this.dialling = true;
		List<RedisURI> seeds = this.connector.seeds();
		RedisURI uri = seeds.get(this.seed++ % seeds.size());
		this.connector.at(uri.getHost(), uri.getPort())
			.connect()
			.thenCompose(this::ask)
			.whenCompleteAsync((text, failure) -> {
				this.dialling = false;
				if (text != null) {
					read(text, uri.getHost());
				}
				else {
					this.listener.refused(null, failure);
				}
			}, worker());
	}

	private CompletionStage<String> ask(StatefulRedisConnection<byte[], byte[]> connection) {
		CompletableFuture<String> answer = connection.async().clusterNodes().toCompletableFuture();
		connection.flushCommands();
		return answer.orTimeout(this.environment.settings().commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((text, failure) -> connection.closeAsync());
	}

	private void read(String text, String host) {
		if (this.stopped) {
			return;
		}
		ClusterView view = ClusterView.of(text, host);
		long now = System.nanoTime();
		for (int i = 0; i < this.owners.length(); i++) {
			RedisClusterNode owner = view.owner(slot(i));
			if (owner != null && owner.getConfigEpoch() >= this.epochs[i]) {
				RedisEndpoint endpoint = endpoint(owner.getUri().getHost(), owner.getUri().getPort());
				boolean gossip = owner.getConfigEpoch() == this.epochs[i] && this.movedAt[i] != 0
						&& now - this.movedAt[i] < GOSSIP;
				if (endpoint == this.owners.get(i) || !gossip) {
					this.epochs[i] = owner.getConfigEpoch();
					assign(i, endpoint);
				}
			}
		}
	}

	private static int slot(int partition) {
		return SlotHash.getSlot(Integer.toString(partition));
	}

	/**
	 * Return the connections to a server, be it known already or not.
	 */
	RedisEndpoint endpoint(String host, int port) {
		return this.endpoints.computeIfAbsent(host + ":" + port, (address) -> {
			RedisEndpoint made = new RedisEndpoint(this.connector.at(host, port), "Redis at " + address,
					this.environment, Objects.requireNonNull(this.subscriptions), this, this.listener);
			worker().execute(() -> {
				if (!this.stopped) {
					made.start();
				}
			});
			return made;
		});
	}

	private static String host(String address) {
		return address.substring(0, address.lastIndexOf(':'));
	}

	private void assign(int partition, RedisEndpoint endpoint) {
		RedisEndpoint before = this.owners.getAndSet(partition, endpoint);
		if (before == endpoint) {
			return;
		}
		if (endpoint.probePartition() < 0) {
			endpoint.probeWith(partition);
		}
		if (before != null && before.probePartition() == partition) {
			before.probeWith(partitionOf(before));
		}
		Objects.requireNonNull(this.subscriptions).assign(partition, endpoint.line());
		if (partition == RedisKeys.COMMON && endpoint.connection() != null) {
			this.listener.up(endpoint);
		}
		changed(endpoint.state(), "partition " + partition + " has moved");
	}

	private int partitionOf(RedisEndpoint endpoint) {
		for (int i = 0; i < this.owners.length(); i++) {
			if (this.owners.get(i) == endpoint) {
				return i;
			}
		}
		return -1;
	}

	/** Give up masters that have had nothing for some time. */
	private void retire() {
		long now = System.nanoTime();
		this.endpoints.entrySet().removeIf((entry) -> {
			RedisEndpoint endpoint = entry.getValue();
			if (partitionOf(endpoint) >= 0) {
				this.idle.remove(endpoint);
				return false;
			}
			if (now - this.idle.computeIfAbsent(endpoint, (key) -> now) < IDLE) {
				return false;
			}
			this.idle.remove(endpoint);
			endpoint.stop();
			return true;
		});
	}

	/**
	 * A server has said where a partition is now.
	 */
	void moved(int partition, RedisEndpoint to) {
		worker().execute(() -> {
			if (!this.stopped && this.owners.get(partition) != to) {
				this.movedAt[partition] = System.nanoTime();
				assign(partition, to);
			}
		});
		lookSoon();
	}

	@Override
	public synchronized RelayState state() {
		return this.state;
	}

	@Override
	public RelayState state(int partition) {
		RedisEndpoint owner = this.owners.get(partition);
		return (owner != null) ? owner.state() : RelayState.DOWN;
	}

	/** One of them has changed. */
	@Override
	public void changed(RelayState changed, String reason) {
		RelayState next;
		synchronized (this) {
			next = together();
			if (next == this.state) {
				return;
			}
			this.state = next;
		}
		if (!this.stopped) {
			this.observer.changed(next, reason);
		}
	}

	/** While some work and some do not, not everything arrives. */
	private RelayState together() {
		RelayState first = state(0);
		for (int i = 1; i < this.owners.length(); i++) {
			if (state(i) != first) {
				return RelayState.DEAF;
			}
		}
		return first;
	}

	@Override
	public void disconnected(String reason) {
		this.observer.disconnected(reason);
	}

	@Override
	public @Nullable RedisEndpoint endpoint(int partition) {
		return this.owners.get(partition);
	}

	@Override
	public @Nullable Object connection(byte[] key) {
		RedisEndpoint owner = this.owners.get(this.keys.partition(key));
		return (owner != null) ? owner.connection() : null;
	}

	@Override
	public boolean isSpread() {
		return true;
	}

	@Override
	public CompletionStage<List<Object>> run(RedisScript script, byte[][] keys, byte[]... arguments) {
		return this.calls.call(this.keys.partition(keys[0]), (commands) -> commands.run(script, keys, arguments));
	}

	@Override
	public <T> CompletionStage<T> send(byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		return this.calls.call(this.keys.partition(key), (commands) -> commands.send(command));
	}

	/**
	 * Follows redirections of subscriptions, and passes on everything else.
	 */
	private final class Redirected implements RedisEndpoint.Listener {

		private final RedisEndpoint.Listener listener;

		Redirected(RedisEndpoint.Listener listener) {
			this.listener = listener;
		}

		@Override
		public void up(RedisEndpoint endpoint) {
			this.listener.up(endpoint);
		}

		@Override
		public void down(RedisEndpoint endpoint) {
			lookSoon();
			this.listener.down(endpoint);
		}

		@Override
		public void refused(@Nullable RedisEndpoint endpoint, Throwable failure) {
			if (Redirection.of(failure) != null) {
				lookSoon();
			}
			else {
				this.listener.refused(endpoint, failure);
			}
		}

	}

}
