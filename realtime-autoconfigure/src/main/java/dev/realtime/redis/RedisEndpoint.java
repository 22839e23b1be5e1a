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

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

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

	private final LinkCommands commands;

	private final SubscriptionLine line;

	private final RelayCondition condition;

	private final RedisProbe probe;

	private final RetryGate gate = new RetryGate();

	private final Listener listener;

	/**
	 * Create an endpoint.
	 * @param observer is told how the server fares
	 * @param listener is told what becomes of the connections
	 */
	RedisEndpoint(RedisConnector connector, RedisRelaySettings settings, RedisKeys keys,
			SubscriptionLine.Owner subscriptions, ScheduledExecutorService worker, Executor flusher,
			RelayObserver observer, Listener listener) {
		this.listener = listener;
		this.condition = new RelayCondition(observer);
		this.commandLink = new RedisLink<>(connector::connect, worker, new CommandListener());
		this.pubSubLink = new RedisLink<>(connector::connectPubSub, worker, new PubSubListener());
		this.commands = new LinkCommands(this.commandLink, flusher, settings.commandTimeout().toNanos());
		this.line = new SubscriptionLine(subscriptions, worker, listener::refused);
		this.probe = new RedisProbe(this.commands, keys, settings.node(), this.condition,
				() -> this.pubSubLink.reset("no probe"), () -> listener.up(this), settings.probeInterval().toNanos());
		this.line.listen(this.probe.channel(), this.probe);
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
	}

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check() {
		this.commands.check();
		this.line.check();
		this.probe.check();
	}

	LinkCommands commands() {
		return this.commands;
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
		return this.probe.send();
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
		 * Redis refuses something, or there is none.
		 */
		void refused(Throwable failure);

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
			RedisEndpoint.this.listener.refused(failure);
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
			RedisEndpoint.this.probe.disconnected();
			RedisEndpoint.this.condition.hearing(false, reason);
			RedisEndpoint.this.condition.disconnected(reason);
		}

		@Override
		public void failed(Throwable failure) {
			RedisEndpoint.this.condition.hearing(false, String.valueOf(failure.getMessage()));
			RedisEndpoint.this.listener.refused(failure);
		}

	}

}
