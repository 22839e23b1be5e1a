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

package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import dev.realtime.DisconnectReason;
import dev.realtime.core.SessionGateway;
import dev.realtime.core.SessionInbound;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.session.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Connects to an engine in the same JVM without any socket.
 */
final class InMemoryConnector implements Connector {

	private final SessionGateway gateway;

	InMemoryConnector(SessionGateway gateway) {
		this.gateway = gateway;
	}

	@Override
	public Connection open(Handshake handshake, Duration timeout, Receiver receiver) {
		if (!handshake.headers().isEmpty()) {
			throw new IllegalStateException("There is no web server that HTTP headers could be sent to");
		}
		InMemoryConnection connection = new InMemoryConnection(receiver);
		connection.open(this.gateway, handshake);
		return connection;
	}

	/**
	 * Both ends of a connection. Its one thread is for the engine what a thread of a web
	 * server is, so that nothing of a test (its transaction, for one) reaches the engine,
	 * and no write is completed inside of itself.
	 */
	private static final class InMemoryConnection implements Connection, Transport {

		private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "realtime-test-connection");
			thread.setDaemon(true);
			return thread;
		});

		private final Receiver receiver;

		private @Nullable SessionInbound inbound;

		InMemoryConnection(Receiver receiver) {
			this.receiver = receiver;
		}

		void open(SessionGateway gateway, Handshake handshake) {
			execute(() -> this.inbound = gateway.open(this, new JsonWireCodec(), handshake.principal(), false));
		}

		/** Return false if the connection has ended. */
		private boolean execute(Runnable task) {
			try {
				this.thread.execute(task);
				return true;
			}
			catch (RejectedExecutionException ex) {
				return false;
			}
		}

		@Override
		public void send(String frame) {
			execute(() -> {
				if (this.inbound != null) {
					this.inbound.frame(frame.getBytes(StandardCharsets.UTF_8));
				}
			});
		}

		@Override
		public void close() {
			execute(() -> end(1000, ""));
		}

		@Override
		public void abort() {
			execute(() -> end(1006, "connection lost"));
		}

		@Override
		public void send(byte[] frame, Completion completion) {
			String text = new String(frame, StandardCharsets.UTF_8);
			boolean open = execute(() -> {
				this.receiver.frame(text);
				completion.completed(null);
			});
			if (!open) {
				throw new IllegalStateException("The connection is closed");
			}
		}

		@Override
		public void close(DisconnectReason reason) {
			if (reason.equals(DisconnectReason.CLOSED)) {
				abort();
				return;
			}
			execute(() -> end(reason.code(), reason.reason()));
		}

		private void end(int code, String reason) {
			this.thread.shutdown();
			if (this.inbound != null) {
				this.inbound.closed();
			}
			this.receiver.closed(code, reason);
		}

		@Override
		public void ping() {
			// Only the protocol's own pings are asked for
		}

		@Override
		public void suspend() {
			// Commands wait in the engine, as many as a test sends
		}

		@Override
		public void resume() {
			// Never suspended
		}

		@Override
		public String remoteAddress() {
			return "127.0.0.1";
		}

	}

}
