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
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.control.ControlListener;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.lettuce.core.RedisCommandExecutionException;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One run of the relay, from start to stop: two connections and what is done on them.
 */
final class RedisNode {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisRoomRelay.class));

	private static final long TICK_MILLIS = 100;

	/** So that who waits hears what is missing, and not just that time is over. */
	private static final long CONTROL_MARGIN = TimeUnit.MILLISECONDS.toNanos(150);

	private final RedisRelaySettings settings;

	private final ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1, threads("realtime-redis-"));

	private final ExecutorService flusher = Executors.newSingleThreadExecutor(threads("realtime-redis-flush-"));

	private final ReplyLanes lanes = new ReplyLanes(Runtime.getRuntime().availableProcessors(),
			threads("realtime-redis-reply-"));

	private final RedisServers servers;

	private final RedisKeys keys;

	private final RedisPublisher publisher;

	private final RedisStreams streams;

	private final RedisSubscriptions subscriptions;

	private final RedisPresence presence;

	private final ControlListener control;

	private final LiveNodes nodes;

	private final ControlSender sender;

	private final RedisBans bans;

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	private volatile @Nullable String stranger;

	private volatile String trouble = "";

	private final LimitedLog troubles = LimitedLog.ofStates(LogFactory.getLog(RedisRoomRelay.class));

	RedisNode(RedisConnector connector, RedisRelaySettings settings, RelayObserver observer, Clock clock,
			PresenceBook book, NodeTimes times, ControlListener control) {
		this.settings = settings;
		this.control = control;
		long timeout = settings.commandTimeout().toNanos();
		this.keys = new RedisKeys(settings);
		StreamArguments arguments = new StreamArguments(this.keys);
		this.servers = servers(connector, new ReadyObserver(observer));
		this.streams = new RedisStreams(this.servers, this.keys, arguments, clock);
		this.subscriptions = new RedisSubscriptions(this.keys, this.streams, this.worker, this.servers::lookSoon,
				timeout);
		this.publisher = new RedisPublisher(this.servers, arguments, this.keys, this.lanes, clock, timeout);
		this.presence = new RedisPresence(book, this.servers, this.keys, settings.node(), this.lanes, times);
		ControlSeal seal = new ControlSeal(this.keys.controlChannel() + " " + settings.application(),
				settings.controlSecret());
		this.nodes = new RegisteredNodes(this.presence.registry());
		this.sender = new ControlSender(this.servers, this.keys, seal, this.nodes,
				Math.max(timeout - CONTROL_MARGIN, timeout / 2));
		this.bans = new RedisBans(this.servers, this.keys, (task) -> this.lanes.execute(ControlReceiver.LANE, task));
		this.subscriptions.listen(this.keys.controlChannel(),
				new ControlReceiver(seal, this.sender, control, this.lanes));
		this.subscriptions.listen(this.keys.answerChannel(this.sender.address()), this.sender);
	}

	private RedisServers servers(RedisConnector connector, RelayObserver observer) {
		RedisEndpoint.Environment environment = new RedisEndpoint.Environment(this.settings, this.keys, this.worker,
				this.flusher, connector.isCluster());
		EndpointListener listener = new EndpointListener();
		return connector.isCluster() ? new ClusterServers(connector, environment, observer, listener)
				: new SingleServer((subscriptions) -> new RedisEndpoint(connector, "Redis", environment, subscriptions,
						observer, listener), this.keys.partitions());
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	/**
	 * Start, and wait a moment for Redis.
	 */
	void start() {
		this.worker.setRemoveOnCancelPolicy(true);
		this.worker.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
		this.servers.start(this.subscriptions);
		try {
			this.ready.get(this.settings.commandTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RedisRelayException refused) {
				throw refused;
			}
			throw new IllegalStateException(ex.getCause());
		}
		catch (TimeoutException ex) {
			if (this.settings.failFast()) {
				throw new RedisRelayException("There is no Redis that can be used" + this.trouble,
						"Start Redis, check spring.data.redis.*, or set "
								+ "realtime.redis.fail-fast=false to start without it",
						ex);
			}
			logger.warn("start", "There is no Redis yet that can be used" + this.trouble
					+ ". Until there is, rooms are not shared with other nodes, and what is published fails");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void tick() {
		try {
			this.servers.check();
			this.publisher.check();
			this.subscriptions.check();
			this.presence.check();
			this.sender.check();
		}
		catch (RuntimeException ex) {
			logger.warn("tick", "Looking after Redis failed: " + ex);
		}
	}

	void stop() {
		this.subscriptions.stop();
		this.sender.stop();
		this.presence.stop();
		// What is in flight has been answered by now, if Redis answers
		this.publisher.stop();
		this.servers.stop();
		this.worker.shutdownNow();
		this.flusher.shutdown();
		this.lanes.stop();
	}

	CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings, boolean again) {
		RelayUnavailableException refusal = refusal(this.keys.partition(message.room()));
		return (refusal != null) ? CompletableFuture.failedFuture(refusal)
				: this.publisher.publish(message, settings, again);
	}

	/**
	 * Return why nothing can be sent to a partition, if it is known.
	 */
	@Nullable RelayUnavailableException refusal(int partition) {
		if (this.stranger != null) {
			return new RelayUnavailableException("The prefix belongs to the application " + this.stranger, null);
		}
		RedisEndpoint endpoint = this.servers.endpoint(partition);
		return (endpoint == null || endpoint.downNanos() > this.settings.commandTimeout().toNanos())
				? new RelayUnavailableException("There is no Redis", null) : null;
	}

	RelayState state() {
		return this.servers.state();
	}

	RelayState state(String room) {
		return this.servers.state(this.keys.partition(room));
	}

	RedisStreams streams() {
		return this.streams;
	}

	RedisSubscriptions subscriptions() {
		return this.subscriptions;
	}

	RedisPresence presence() {
		return this.presence;
	}

	/**
	 * Return which nodes there are, for those who wait for them.
	 */
	LiveNodes nodes() {
		return this.nodes;
	}

	ControlSender sender() {
		return this.sender;
	}

	RedisBans bans() {
		return this.bans;
	}

	static Throwable unwrap(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/** See whose prefix it is, and whether everything is allowed that will be needed. */
	private void introduce(RedisEndpoint endpoint) {
		byte[] key = this.keys.application();
		byte[] name = RedisKeys.bytes(this.settings.application());
		this.servers.send(key, (redis) -> redis.setnx(key, name))
			.thenCompose((claimed) -> this.servers.send(key, (redis) -> redis.get(key)))
			.thenAccept(this::checkOwner)
			.thenCompose((nothing) -> endpoint.probe())
			.exceptionally((failure) -> {
				mute(endpoint, unwrap(failure));
				return null;
			});
	}

	/** Nothing can be said. */
	private void mute(RedisEndpoint endpoint, Throwable failure) {
		if (!(failure instanceof NotConnectedException)) {
			endpoint.accepting(false, String.valueOf(failure.getMessage()));
			refused(failure);
		}
	}

	private void checkOwner(byte @Nullable [] owner) {
		String name = (owner != null) ? new String(owner, StandardCharsets.UTF_8) : this.settings.application();
		boolean own = name.equals(this.settings.application());
		this.stranger = own ? null : name;
		if (!own) {
			throw new RedisRelayException(
					"The prefix '" + this.settings.keyPrefix() + "' in this Redis belongs to the application '" + name
							+ "', and this is '" + this.settings.application() + "'",
					"Set realtime.redis.key-prefix to something else", null);
		}
		this.presence.connected(this.servers.connection(this.keys.nodes()));
	}

	private void refused(Throwable failure) {
		if (failure instanceof RedisRelayException) {
			logger.warn("stranger", String.valueOf(failure.getMessage()));
			this.ready.completeExceptionally(failure);
			return;
		}
		Throwable cause = failure;
		while (cause.getCause() != null && !(cause instanceof RedisCommandExecutionException)) {
			cause = cause.getCause();
		}
		String message = String.valueOf(cause.getMessage());
		String code = RedisFailure.code(message);
		this.trouble = ": " + message;
		this.troubles.warn(message, "Redis is not usable: " + message);
		if (cause instanceof RedisCommandExecutionException
				&& (code.equals("NOPERM") || code.equals("WRONGPASS") || code.equals("NOAUTH"))) {
			this.ready.completeExceptionally(new RedisRelayException("Redis refuses: " + message,
					code.equals("NOPERM") ? "Give the user the commands, keys and channels that docs/redis.md lists"
							: "Check spring.data.redis.username and spring.data.redis.password",
					cause));
		}
		else if (cause instanceof GeneralSecurityException) {
			this.ready
				.completeExceptionally(new RedisRelayException("The certificate of Redis is not trusted: " + message,
						"Check spring.data.redis.ssl.bundle, and the host name that the certificate is for", cause));
		}
	}

	/**
	 * Follows the connections.
	 */
	private final class EndpointListener implements RedisEndpoint.Listener {

		@Override
		public void up(RedisEndpoint endpoint) {
			introduce(endpoint);
			if (endpoint != RedisNode.this.servers.endpoint(RedisKeys.COMMON)) {
				RedisNode.this.presence.returned();
			}
			RedisNode.this.subscriptions.resumer().askable();
		}

		@Override
		public void down(RedisEndpoint endpoint) {
			if (endpoint == RedisNode.this.servers.endpoint(RedisKeys.COMMON)) {
				RedisNode.this.presence.disconnected();
			}
		}

		@Override
		public void refused(@Nullable RedisEndpoint endpoint, Throwable failure) {
			RedisNode.this.refused(unwrap(failure));
		}

	}

	/**
	 * Notices that everything works.
	 */
	private final class ReadyObserver implements RelayObserver {

		private final RelayObserver observer;

		ReadyObserver(RelayObserver observer) {
			this.observer = observer;
		}

		@Override
		public void changed(RelayState state, String reason) {
			if (state == RelayState.LIVE) {
				RedisNode.this.ready.complete(null);
				RedisNode.this.troubles.forget();
				RedisNode.this.control.resumed();
			}
			this.observer.changed(state, reason);
		}

		@Override
		public void disconnected(String reason) {
			this.observer.disconnected(reason);
		}

	}

}
