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

package dev.realtime.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.realtime.RealtimeOperations;
import dev.realtime.core.RealtimeEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a client that stops reading, on a real socket: it is dropped within the
 * limits and nobody else notices.
 */
@Tag("fault")
class StalledClientTests {

	private static final int MESSAGES = 12_000;

	private static final String ROOM = "small:stalled";

	@Test
	void whenAClientStopsReadingOnlyItIsDropped() throws Exception {
		try (Sample sample = Sample.start("--realtime.outbound.send-time-limit=3s");
				Socket stalled = stalled(sample.port());
				RawClient other = RawClient.connect(sample.port())) {
			other.ask("{'id':2,'subscribe':{'channel':'" + ROOM + "'}}");
			RealtimeEngine engine = sample.bean(RealtimeEngine.class);
			RealtimeOperations operations = sample.bean(RealtimeOperations.class);
			String text = "x".repeat(1000);
			long largestQueue = 0;
			for (int i = 0; i < MESSAGES; i++) {
				operations.publish(ROOM, i + text);
				largestQueue = Math.max(largestQueue, engine.queuedBytes());
				assertThat(number(other.next())).isEqualTo(i);
			}
			assertThat(largestQueue).isBetween(500_000L, 2_100_000L);
			await().atMost(Duration.ofSeconds(15)).until(() -> engine.sessionCount() == 1);
			await().until(() -> engine.queuedBytes() == 0);
		}
	}

	private static int number(JsonNode message) {
		String data = message.path("push").path("pub").path("data").asString();
		return Integer.parseInt(data.substring(0, data.indexOf('x')));
	}

	/** Open a socket that joins the room and then never reads again. */
	private static Socket stalled(int port) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(2048);
		socket.connect(new InetSocketAddress("127.0.0.1", port));
		write(socket,
				("GET /realtime HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n"
						+ "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
						+ "Sec-WebSocket-Version: 13\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
		readUntil(socket.getInputStream(), "\r\n\r\n");
		byte[] text = ("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + ROOM + "\"}}")
			.getBytes(StandardCharsets.UTF_8);
		byte[] frame = new byte[text.length + 6];
		frame[0] = (byte) 0x81;
		frame[1] = (byte) (0x80 | text.length);
		System.arraycopy(text, 0, frame, 6, text.length);
		write(socket, frame);
		readUntil(socket.getInputStream(), "\"id\":2,\"subscribe\"");
		return socket;
	}

	private static void write(Socket socket, byte[] bytes) throws IOException {
		socket.getOutputStream().write(bytes);
	}

	private static void readUntil(InputStream in, String text) throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			int next = in.read();
			assertThat(next).as(read.toString()).isNotNegative();
			read.append((char) next);
		}
	}

}
