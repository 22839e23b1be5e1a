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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

import dev.realtime.redis.LinkCommands.Mode;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.jspecify.annotations.Nullable;

/**
 * One Redis server: a connection for commands, one by which messages arrive, and what is
 * known of them.
 */
final class RedisEndpoint {

	private final RedisLink<StatefulRedisConnection<byte[], byte[]>> commandLink;

	private final RedisLink<StatefulRedisPubSubConnection<byte[], byte[]>> pubSubLink;

	private final RetryGate gate = new RetryGate();

	private final RedisConnector connector;

	private final Environment environment;

	private final Listener listener;

	private final LinkCommands commands;

	private final SubscriptionLine line;

	private final RelayCondition condition;

	private volatile @Nullable RedisProbe probe;

	private @Nullable RedisLink<StatefulRedisConnection<byte[], byte[]>> askingLink;

	private @Nullable LinkCommands asking;

	/**
	 * Create an endpoint.
	 * @param connector makes the connections
	 * @param name what the log calls the server
	 * @param environment what all endpoints have in common
	 * @param subscriptions what is to be subscribed to
	 * @param observer is told how the server fares
	 * @param listener is told what becomes of the connections
	 */
	RedisEndpoint(RedisConnector connector, String name, Environment environment, SubscriptionLine.Owner subscriptions,
			RelayObserver observer, Listener listener) {
		this.connector = connector;
		this.environment = environment;
		this.listener = listener;
		this.condition = new RelayCondition(name, observer);
		this.commandLink = new RedisLink<>(connector::connect, environment.worker(), new CommandListener());
		this.pubSubLink = new RedisLink<>(connector::connectPubSub, environment.worker(), new PubSubListener());
		this.commands = commands(this.commandLink, environment.cluster() ? Mode.CLUSTER : Mode.SINGLE);
		this.line = new SubscriptionLine(subscriptions, environment.worker(),
				(failure) -> listener.refused(this, failure), environment.cluster());
	}

	private LinkCommands commands(RedisLink<StatefulRedisConnection<byte[], byte[]>> link, Mode mode) {
		return new LinkCommands(link, this.environment.flusher(),
				this.environment.settings().commandTimeout().toNanos(), mode);
	}

	void start() {
		this.commandLink.start();
		this.pubSubLink.start();
	}

	void stop() {
		this.condition.stop();
		this.line.stop();
		this.commandLink.stop();
		this.pubSubLink.stop();
		synchronized (this) {
			if (this.askingLink != null) {
				this.askingLink.stop();
			}
		}
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		this.commands.check();
		this.line.check();
		RedisProbe current = this.probe;
		if (current != null) {
			current.check();
		}
	}

	/**
	 * Check with a partition whether messages arrive.
	 * @param partition the partition, which the server has, or -1 if it has none
	 */
	void probeWith(int partition) {
		RedisProbe before = this.probe;
		if (probePartition() == partition) {
			return;
		}
		RedisProbe next = (partition >= 0) ? new RedisProbe(this.commands, this.environment.keys(), partition,
				this.environment.settings().node(), this.condition, () -> this.pubSubLink.reset("no probe"),
				() -> this.listener.up(this), this.environment.settings().probeInterval().toNanos()) : null;
		this.probe = next;
		if (before != null) {
			this.line.forget(before.channel());
		}
		if (next != null) {
			this.line.listen(next.channel(), next);
		}
	}

	/**
	 * Return with which partition it is checked whether messages arrive, or -1.
	 */
	int probePartition() {
		RedisProbe current = this.probe;
		return (current != null) ? current.partition() : -1;
	}

	LinkCommands commands() {
		return this.commands;
	}

	/**
	 * Return commands for what the server is just being given by another one.
	 */
	synchronized LinkCommands asking() {
		LinkCommands result = this.asking;
		if (result == null) {
			RedisLink<StatefulRedisConnection<byte[], byte[]>> link = new RedisLink<>(this.connector::connect,
					this.environment.worker(), RedisLink.Listener.none());
			result = commands(link, Mode.ASKING);
			this.askingLink = link;
			this.asking = result;
			link.start();
		}
		return result;
	}

	SubscriptionLine line() {
		return this.line;
	}

	/**
	 * Return what keeps publications from being tried too often.
	 */
	RetryGate gate() {
		return this.gate;
	}

	RelayState state() {
		return this.condition.state();
	}

	/**
	 * Note whether what is published is accepted.
	 */
	void accepting(boolean accepting, String reason) {
		this.condition.accepting(accepting, reason);
	}

	/**
	 * Publish something that has to come back.
	 */
	CompletionStage<?> probe() {
		RedisProbe current = this.probe;
		return (current != null) ? current.send() : CompletableFuture.completedFuture(null);
	}

	/**
	 * Return the connection by which commands are sent, if there is one.
	 */
	@Nullable Object connection() {
		return this.commandLink.connection();
	}

	/**
	 * Return for how long commands cannot be sent.
	 * @return nanoseconds, 0 if they can
	 */
	long downNanos() {
		return this.commandLink.downNanos();
	}

	/**
	 * What the endpoints of a node have in common.
	 *
	 * @param settings how Redis is used
	 * @param keys how keys are named
	 * @param worker looks after the connections
	 * @param flusher flushes commands
	 * @param cluster whether they are of a cluster
	 */
	record Environment(RedisRelaySettings settings, RedisKeys keys, ScheduledExecutorService worker, Executor flusher,
			boolean cluster) {

	}

	/**
	 * Is told what becomes of the connections.
	 */
	interface Listener {

		/**
		 * Commands can be sent, or a probe can be heard.
		 */
		void up(RedisEndpoint endpoint);

		/**
		 * Commands cannot be sent any more.
		 */
		void down(RedisEndpoint endpoint);

		/**
		 * The server refuses something, or is not there.
		 */
		void refused(@Nullable RedisEndpoint endpoint, Throwable failure);

	}

	/**
	 * Follows the connection by which commands are sent.
	 */
	private final class CommandListener implements RedisLink.Listener<StatefulRedisConnection<byte[], byte[]>> {

		@Override
		public void up(StatefulRedisConnection<byte[], byte[]> connection) {
			RedisEndpoint.this.listener.up(RedisEndpoint.this);
		}

		@Override
		public void down(String reason) {
			RedisEndpoint.this.listener.down(RedisEndpoint.this);
			RedisEndpoint.this.condition.accepting(false, reason);
			RedisEndpoint.this.condition.disconnected(reason);
			if (reason.equals(LinkCommands.NO_ANSWER)) {
				// Another server may have taken over from one that hangs
				RedisEndpoint.this.pubSubLink.reset(reason);
			}
		}

		@Override
		public void failed(Throwable failure) {
			RedisEndpoint.this.condition.accepting(false, String.valueOf(failure.getMessage()));
			RedisEndpoint.this.listener.refused(RedisEndpoint.this, failure);
		}

	}

	/**
	 * Follows the connection by which messages arrive.
	 */
	private final class PubSubListener implements RedisLink.Listener<StatefulRedisPubSubConnection<byte[], byte[]>> {

		@Override
		public void up(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
			RedisEndpoint.this.line.up(connection);
		}

		@Override
		public void down(String reason) {
			RedisEndpoint.this.line.down();
			RedisProbe current = RedisEndpoint.this.probe;
			if (current != null) {
				current.disconnected();
			}
			RedisEndpoint.this.condition.hearing(false, reason);
			RedisEndpoint.this.condition.disconnected(reason);
		}

		@Override
		public void failed(Throwable failure) {
			RedisEndpoint.this.condition.hearing(false, String.valueOf(failure.getMessage()));
			RedisEndpoint.this.listener.refused(RedisEndpoint.this, failure);
		}

	}

}
