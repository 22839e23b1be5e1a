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

package dev.realtime.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that take what they can get and give nothing. Honest ones still connect.
 */
@Tag("fault")
@Timeout(120)
class HostileConnectionsTests {

	private static final int MANY = 2_000;

	private static final int HONEST = 200;

	private static final Duration PROMPT = Duration.ofSeconds(1);

	private static final byte[] HALF_A_HANDSHAKE = ("GET /realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
			+ "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nX: ")
		.getBytes(StandardCharsets.ISO_8859_1);

	@Test
	void handshakesThatDripKeepNobodyOut() throws Exception {
		List<SocketChannel> drips = new ArrayList<>();
		ScheduledExecutorService tap = Executors.newSingleThreadScheduledExecutor();
		try (FaultNode node = new FaultNode("--server.tomcat.connection-timeout=3s")) {
			for (int i = 0; i < MANY; i++) {
				SocketChannel drip = open(node);
				drip.write(ByteBuffer.wrap(HALF_A_HANDSHAKE));
				drips.add(drip);
			}
			tap.scheduleAtFixedRate(() -> drips.forEach(HostileConnectionsTests::drip), 1, 1, TimeUnit.SECONDS);
			assertHonestConnectsArePrompt(node);
			assertThat(drips).allMatch(SocketChannel::isConnected);
			tap.shutdownNow();
			// They are not even fed any more
			await().atMost(Duration.ofSeconds(20))
				.until(() -> drips.stream().allMatch(HostileConnectionsTests::isOver));
			node.awaitEmpty(Duration.ofSeconds(10));
		}
		finally {
			tap.shutdownNow();
			for (SocketChannel drip : drips) {
				drip.close();
			}
		}
	}

	private static SocketChannel open(FaultNode node) throws IOException {
		return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
	}

	private static void drip(SocketChannel drip) {
		try {
			drip.write(ByteBuffer.wrap(new byte[] { 'x' }));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The server says 400 or 408, or nothing, and closes. */
	private static boolean isOver(SocketChannel drip) {
		try {
			drip.configureBlocking(false);
			return drip.read(ByteBuffer.allocate(4096)) < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Test
	void idleSocketsKeepNobodyOutAndAreClosed() throws Exception {
		try (FaultNode node = new FaultNode("--realtime.session.connect-timeout=10s");
				Sockets sockets = new Sockets(node.port())) {
			List<FaultClient> idle = IntStream.range(0, MANY).mapToObj((i) -> sockets.open()).toList();
			assertThat(idle).allSatisfy((client) -> assertThat(client.opened()).succeedsWithin(Duration.ofSeconds(20)));
			assertHonestConnectsArePrompt(node);
			assertThat(idle).allSatisfy(
					(client) -> assertThat(client.closed()).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(3502));
			node.awaitEmpty(Duration.ofSeconds(10));
		}
	}

	/**
	 * The container answers pings by itself, and waits for whoever does not read the
	 * answers: with more of them than it has threads, if it waits for long, nobody else
	 * is served.
	 */
	@Test
	void pingsWhoseAnswersNobodyReadsKeepNobodyOut() throws Exception {
		List<SocketChannel> flooders = new ArrayList<>();
		try (FaultNode node = new FaultNode("--server.tomcat.threads.max=20", "--fault.send-buffer=65536")) {
			for (int i = 0; i < 40; i++) {
				flooders.add(flooder(node));
			}
			assertThat(honestConnects(node).get(HONEST - 1)).isLessThan(Duration.ofSeconds(8));
			for (SocketChannel flooder : flooders) {
				flooder.close();
			}
			node.awaitEmpty(Duration.ofSeconds(20));
		}
	}

	private static SocketChannel flooder(FaultNode node) throws IOException {
		SocketChannel channel = SocketChannel.open();
		channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
		channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
		channel.write(ByteBuffer.wrap(("GET /realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
				+ "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
			.getBytes(StandardCharsets.ISO_8859_1)));
		channel.read(ByteBuffer.allocate(1024));
		ByteBuffer pings = ByteBuffer.allocate(131 * 5_000);
		while (pings.hasRemaining()) {
			pings.put((byte) 0x89).put((byte) (0x80 | 125)).putInt(0).put(new byte[125]);
		}
		pings.flip();
		channel.configureBlocking(false);
		for (int i = 0; i < 1_000 && pings.hasRemaining(); i++) {
			channel.write(pings);
		}
		return channel;
	}

	private static void assertHonestConnectsArePrompt(FaultNode node) {
		assertThat(honestConnects(node).get(HONEST * 99 / 100)).isLessThan(PROMPT);
	}

	/** Return how long each took, the longest last. */
	private static List<Duration> honestConnects(FaultNode node) {
		List<Duration> times = new ArrayList<>();
		try (Sockets sockets = new Sockets(node.port())) {
			for (int i = 0; i < HONEST; i++) {
				long start = System.nanoTime();
				try (FaultClient client = sockets.open().connect("u" + i)) {
					assertThat(client.next().has("connect")).isTrue();
				}
				times.add(Duration.ofNanos(System.nanoTime() - start));
			}
		}
		times.sort(null);
		System.out.println("honest connects: p50 " + times.get(HONEST / 2).toMillis() + " ms, p99 "
				+ times.get(HONEST * 99 / 100).toMillis() + " ms, max " + times.get(HONEST - 1).toMillis() + " ms");
		return times;
	}

}
