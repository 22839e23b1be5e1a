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

package dev.realtime.websocket;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.session.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every transport does on a real Tomcat.
 */
public abstract class TransportTests {

	private SocketRecorder sockets;

	private EndpointServer server;

	/** Return the factory of the transports to test. */
	protected abstract TransportFactory factory();

	/** Start the server with these sockets. */
	protected abstract EndpointServer start(SocketRecorder sockets) throws Exception;

	@BeforeEach
	void start() throws Exception {
		this.sockets = new SocketRecorder(factory());
		this.server = start(this.sockets);
	}

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	/** Return the sockets. */
	protected SocketRecorder sockets() {
		return this.sockets;
	}

	/** Return the server. */
	protected EndpointServer server() {
		return this.server;
	}

	/** Connect a client. */
	protected TestClient connect() {
		return new TestClient(this.server.uri("ws", ""));
	}

	@Test
	void sendsTextAndCompletes() throws Exception {
		TestClient client = connect();
		CompletableFuture<Throwable> failure = send(this.sockets.transport(), "{\"a\":\"\u20ac \ud83d\ude00\"}");
		assertThat(failure.get(10, TimeUnit.SECONDS)).isNull();
		assertThat(client.next()).isEqualTo("{\"a\":\"\u20ac \ud83d\ude00\"}");
	}

	@Test
	void sendsLargeFrames() throws Exception {
		TestClient client = connect();
		String text = "x".repeat(1_000_000);
		assertThat(send(this.sockets.transport(), text).get(10, TimeUnit.SECONDS)).isNull();
		assertThat(client.next()).isEqualTo(text);
	}

	@Test
	void completesEachWriteOnceAndWithoutRecursion() throws Exception {
		TestClient client = connect();
		Transport transport = this.sockets.transport();
		CountDownLatch done = new CountDownLatch(1);
		AtomicInteger completions = new AtomicInteger();
		Chain chain = new Chain(transport, 2_000, completions, done);
		chain.completed(null);
		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		for (int i = 2_000; i > 0; i--) {
			assertThat(client.next()).isEqualTo("" + i);
		}
		assertThat(completions).hasValue(2_001);
		assertThat(chain.recursive).isFalse();
	}

	@Test
	void pings() throws Exception {
		connect();
		this.sockets.transport().ping();
		assertThat(this.sockets.event()).isEqualTo("pong");
	}

	@Test
	void closesWithCodeAndReason() throws Exception {
		TestClient client = connect();
		this.sockets.transport().close(DisconnectReason.SHUTDOWN);
		assertThat(client.ending()).isEqualTo("3001 shutdown");
		assertThat(this.sockets.event()).isEqualTo("closed");
	}

	@Test
	void closesTwice() throws Exception {
		TestClient client = connect();
		Transport transport = this.sockets.transport();
		transport.close(DisconnectReason.TOO_BIG);
		transport.close(DisconnectReason.CLOSED);
		assertThat(client.ending()).isNotEqualTo("3000 connection closed");
	}

	@Test
	void whenClosedFailsToSend() throws Exception {
		TestClient client = connect();
		Transport transport = this.sockets.transport();
		transport.close(DisconnectReason.SHUTDOWN);
		client.ending();
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		try {
			transport.send("{}".getBytes(StandardCharsets.UTF_8), failure::complete);
		}
		catch (RuntimeException ex) {
			failure.complete(ex);
		}
		assertThat(failure.get(10, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void tellsTheAddressOfThePeer() throws Exception {
		connect();
		assertThat(this.sockets.transport().remoteAddress()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
	}

	/** Send a text; the result is the failure, or null. */
	protected static CompletableFuture<Throwable> send(Transport transport, String text) {
		CompletableFuture<Throwable> result = new CompletableFuture<>();
		transport.send(text.getBytes(StandardCharsets.UTF_8), result::complete);
		return result;
	}

	/** Sends again from each completion, as queues do. */
	private static final class Chain implements Transport.Completion {

		private final Transport transport;

		private final AtomicInteger completions;

		private final CountDownLatch done;

		private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0);

		private final AtomicBoolean recursive = new AtomicBoolean();

		private int left;

		Chain(Transport transport, int left, AtomicInteger completions, CountDownLatch done) {
			this.transport = transport;
			this.left = left;
			this.completions = completions;
			this.done = done;
		}

		@Override
		public void completed(Throwable failure) {
			int depth = this.depth.get();
			if (depth > 1) {
				this.recursive.set(true);
			}
			this.completions.incrementAndGet();
			int number = this.left--;
			if (number == 0) {
				this.done.countDown();
				return;
			}
			this.depth.set(depth + 1);
			this.transport.send(Integer.toString(number).getBytes(StandardCharsets.UTF_8), this);
			this.depth.set(depth);
		}

	}

}
