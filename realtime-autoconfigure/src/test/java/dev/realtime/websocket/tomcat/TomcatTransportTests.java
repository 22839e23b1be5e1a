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

package dev.realtime.websocket.tomcat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.realtime.DisconnectReason;
import dev.realtime.session.Transport;
import dev.realtime.websocket.EndpointServer;
import dev.realtime.websocket.SocketRecorder;
import dev.realtime.websocket.TestClient;
import dev.realtime.websocket.TransportFactory;
import dev.realtime.websocket.TransportTests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class TomcatTransportTests extends TransportTests {

	private static final byte[] HANDSHAKE = ("GET /realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
			+ "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
		.getBytes(StandardCharsets.US_ASCII);

	@Override
	protected TransportFactory factory() {
		return new TomcatTransportFactory();
	}

	@Override
	protected EndpointServer start(SocketRecorder sockets) throws Exception {
		return new EndpointServer(sockets, List.of(), new TomcatTuning(true, true)::apply);
	}

	@Test
	void thisTomcatHasWhatIsNeeded() {
		assertThat(TomcatTransportFactory.isAvailable()).isTrue();
	}

	@Test
	void completesOnTheThreadThatSends() throws Exception {
		TestClient client = connect();
		Transport transport = sockets().transport();
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		transport.send("{}".getBytes(StandardCharsets.UTF_8), (failure) -> thread.complete(Thread.currentThread()));
		assertThat(thread.getNow(null)).isSameAs(Thread.currentThread());
		assertThat(client.next()).isEqualTo("{}");
	}

	@Test
	void doesNotModifyTheFrame() throws Exception {
		TestClient client = connect();
		byte[] frame = "{}".getBytes(StandardCharsets.UTF_8);
		Transport transport = sockets().transport();
		transport.send(frame, (failure) -> transport.send(frame, (ignored) -> {
		}));
		assertThat(client.next()).isEqualTo("{}");
		assertThat(client.next()).isEqualTo("{}");
		assertThat(frame).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void stopsReadingAndGoesOn() throws Exception {
		TestClient client = connect();
		Transport transport = sockets().transport();
		transport.suspend();
		transport.suspend();
		client.socket().sendText("a", true).join();
		client.socket().sendText("b", true).join();
		assertThat(send(transport, "still writes").get(10, TimeUnit.SECONDS)).isNull();
		assertThat(client.next()).isEqualTo("still writes");
		assertThat(sockets().isQuiet()).isTrue();
		transport.resume();
		transport.resume();
		assertThat(sockets().event()).isEqualTo("a");
		assertThat(sockets().event()).isEqualTo("b");
	}

	@Test
	void whenNotReadingCloses() throws Exception {
		TestClient client = connect();
		Transport transport = sockets().transport();
		transport.suspend();
		transport.close(DisconnectReason.NO_PONG);
		assertThat(client.ending()).isEqualTo("3012 no pong");
	}

	@Test
	@Timeout(10)
	void whenThePeerDoesNotReadNothingBlocks() throws Exception {
		try (Socket socket = new Socket("localhost", server().port())) {
			socket.getOutputStream().write(HANDSHAKE);
			Transport transport = sockets().transport();
			CompletableFuture<Throwable> stuck = send(transport, "x".repeat(32_000_000));
			transport.ping();
			assertThat(stuck).isNotDone();
			transport.close(DisconnectReason.SLOW);
			assertThat(stuck.get(5, TimeUnit.SECONDS)).isNotNull();
			assertThat(sockets().event()).isEqualTo("closed");
		}
	}

	@Test
	void pingsBetweenMessages() throws Exception {
		TestClient client = connect();
		Transport transport = sockets().transport();
		String text = "x".repeat(8_000_000);
		CompletableFuture<Throwable> first = send(transport, text);
		transport.ping();
		CompletableFuture<Throwable> second = first.thenCompose((failure) -> send(transport, "second"));
		assertThat(client.next()).isEqualTo(text);
		assertThat(client.next()).isEqualTo("second");
		assertThat(second.get(10, TimeUnit.SECONDS)).isNull();
		assertThat(sockets().event()).isEqualTo("pong");
	}

	@Test
	void dropsTheConnectionWithoutAWord() throws Exception {
		TestClient client = connect();
		sockets().transport().close(DisconnectReason.CLOSED);
		assertThat(client.ending()).isIn("lost", "1006 ");
		assertThat(sockets().event()).isEqualTo("closed");
	}

}
