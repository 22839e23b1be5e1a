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

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is made again whenever it is lost. Lettuce's own reconnecting is
 * off: what was in flight then fails at once instead of being sent again, and it is known
 * when the new connection begins. Thread-safe; nothing blocks.
 *
 * @param <C> the kind of connection
 */
final class RedisLink<C extends StatefulConnection<byte[], byte[]>> {

	private static final long MIN_DELAY_MILLIS = 250;

	private static final long MAX_DELAY_MILLIS = 1_000;

	private final Supplier<? extends CompletionStage<C>> connector;

	private final ScheduledExecutorService timer;

	private final Listener<C> listener;

	private @Nullable C connection;

	private boolean running;

	private boolean connecting;

	private int failures;

	private volatile long downSince = System.nanoTime();

	private volatile boolean up;

	RedisLink(Supplier<? extends CompletionStage<C>> connector, ScheduledExecutorService timer, Listener<C> listener) {
		this.connector = connector;
		this.timer = timer;
		this.listener = listener;
	}

	void start() {
		synchronized (this) {
			this.running = true;
			this.failures = 0;
		}
		connect();
	}

	void stop() {
		C last;
		synchronized (this) {
			this.running = false;
			last = this.connection;
		}
		if (last != null) {
			lost(last, "stopped");
		}
	}

	/**
	 * Give the connection up and make a new one.
	 */
	void reset(String reason) {
		C last;
		synchronized (this) {
			last = this.connection;
		}
		if (last != null) {
			lost(last, reason);
		}
	}

	synchronized @Nullable C connection() {
		return this.connection;
	}

	boolean isUp() {
		return this.up;
	}

	/**
	 * Return for how long there has been no connection.
	 * @return nanoseconds, 0 if there is one
	 */
	long downNanos() {
		return this.up ? 0 : System.nanoTime() - this.downSince;
	}

	private void connect() {
		synchronized (this) {
			if (!this.running || this.connecting || this.connection != null) {
				return;
			}
			this.connecting = true;
		}
		try {
			this.connector.get().whenComplete(this::connected);
		}
		catch (RuntimeException ex) {
			connected(null, ex);
		}
	}

	private void connected(@Nullable C made, @Nullable Throwable failure) {
		boolean accepted;
		synchronized (this) {
			this.connecting = false;
			accepted = made != null && this.running;
			this.failures = accepted ? 0 : this.failures + 1;
			this.connection = accepted ? made : null;
			this.up = accepted;
		}
		if (made == null) {
			this.listener.failed((failure != null) ? failure : new NotConnectedException());
			again();
		}
		else if (!accepted) {
			made.closeAsync();
		}
		else {
			made.addListener(new Watcher(made));
			this.listener.up(made);
			if (!made.isOpen()) {
				lost(made, "closed");
			}
		}
	}

	private void again() {
		long delay;
		synchronized (this) {
			if (!this.running) {
				return;
			}
			long most = Math.min(MAX_DELAY_MILLIS, MIN_DELAY_MILLIS << Math.min(this.failures, 4));
			delay = (this.failures == 0) ? 0 : ThreadLocalRandom.current().nextLong(MIN_DELAY_MILLIS, most + 1);
		}
		this.timer.schedule(this::connect, delay, TimeUnit.MILLISECONDS);
	}

	private void lost(C last, String reason) {
		synchronized (this) {
			if (this.connection != last) {
				return;
			}
			this.connection = null;
			this.up = false;
			this.downSince = System.nanoTime();
		}
		last.closeAsync();
		this.listener.down(reason);
		again();
	}

	/**
	 * Is told what becomes of the connection.
	 */
	interface Listener<C> {

		/**
		 * There is a connection.
		 */
		void up(C connection);

		/**
		 * There is none any more.
		 */
		void down(String reason);

		/**
		 * None could be made.
		 */
		void failed(Throwable failure);

		/**
		 * Return one that does not care.
		 */
		static <C> Listener<C> none() {
			return new Listener<>() {

				@Override
				public void up(C connection) {
				}

				@Override
				public void down(String reason) {
				}

				@Override
				public void failed(Throwable failure) {
				}

			};
		}

	}

	/**
	 * Notices that the connection is lost.
	 */
	private final class Watcher implements RedisConnectionStateListener {

		private final C watched;

		Watcher(C watched) {
			this.watched = watched;
		}

		@Override
		public void onRedisDisconnected(RedisChannelHandler<?, ?> channel) {
			lost(this.watched, "connection lost");
		}

		@Override
		public void onRedisConnected(RedisChannelHandler<?, ?> channel, SocketAddress address) {
		}

		@Override
		public void onRedisExceptionCaught(RedisChannelHandler<?, ?> channel, Throwable cause) {
		}

	}

}
