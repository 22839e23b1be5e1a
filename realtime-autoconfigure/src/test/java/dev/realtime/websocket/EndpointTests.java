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

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The handshake as clients see it, on a real Tomcat.
 */
class EndpointTests {

	private final SocketRecorder sockets = new SocketRecorder(
			(session, binary) -> new StandardTransport(session, binary, Runnable::run));

	private boolean accepting = true;

	private EndpointServer server;

	@BeforeEach
	void start() throws Exception {
		this.server = new EndpointServer(this.sockets,
				List.of(new AcceptingGuard(() -> this.accepting), new OriginGuard(List.of("https://friend.com"))),
				(connector) -> {
				});
	}

	@AfterEach
	void stop() throws Exception {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "?format=json" })
	void connects(String suffix) throws Exception {
		TestClient client = new TestClient(this.server.uri("ws", suffix));
		TransportTests.send(this.sockets.transport(), "{}");
		assertThat(client.next()).isEqualTo("{}");
		assertThat(client.socket().getSubprotocol()).isEmpty();
	}

	@Test
	void echoesTheSubProtocol() {
		TestClient client = new TestClient(this.server.uri("ws", ""), "centrifuge-json");
		assertThat(client.socket().getSubprotocol()).isEqualTo("centrifuge-json");
	}

	@Test
	void tellsAPlainRequestToUpgrade() throws Exception {
		HttpResponse<String> response = get("");
		assertThat(response.statusCode()).isEqualTo(426);
		assertThat(response.headers().allValues("Upgrade")).containsExactly("websocket");
		assertThat(response.body()).contains("WebSocket");
	}

	@Test
	void whenTheConnectionHeaderIsMissingTellsToUpgrade() throws Exception {
		assertThat(exchange("Upgrade: websocket")).startsWith("HTTP/1.1 426 ").contains("Upgrade: websocket");
	}

	@Test
	void negotiatesNoExtension() throws Exception {
		String response = exchange(handshake(
				"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nOrigin: https://friend.com"));
		assertThat(response).startsWith("HTTP/1.1 101 ").doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.com", "null", "https://friend.com.evil.com", "http://localhost" })
	void whenTheOriginIsNotAllowedRefuses(String origin) throws Exception {
		assertThat(exchange(handshake("Origin: " + origin))).startsWith("HTTP/1.1 403 ").contains("Content-Length: 0");
		assertThat(this.sockets.isQuiet()).isTrue();
	}

	@Test
	void whenThereAreTwoOriginsRefuses() throws Exception {
		assertThat(exchange(handshake("Origin: https://friend.com\r\nOrigin: https://friend.com")))
			.startsWith("HTTP/1.1 403 ");
	}

	@Test
	void whenTheOriginIsTheServersConnects() throws Exception {
		assertThat(exchange(handshake("Origin: http://localhost:" + this.server.port()))).startsWith("HTTP/1.1 101 ");
	}

	@Test
	void whenNotAcceptingTellsToComeBack() throws Exception {
		this.accepting = false;
		assertThat(exchange(handshake("X: y"))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");
	}

	@Test
	void servesTheBrowserClient() throws Exception {
		HttpResponse<String> response = get("/client.js");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("export function connect");
		assertThat(get("/client.d.ts").statusCode()).isEqualTo(200);
		assertThat(get("/client.py").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> get(String suffix) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.server.uri("http", suffix)).build(),
					HttpResponse.BodyHandlers.ofString());
	}

	private static String handshake(String more) {
		return "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more;
	}

	private String exchange(String headers) throws IOException {
		try (Socket socket = new Socket("localhost", this.server.port())) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write(("GET /realtime HTTP/1.1\r\nHost: localhost:" + this.server.port() + "\r\n" + headers
						+ "\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return head(socket.getInputStream());
		}
	}

	private static String head(InputStream stream) throws IOException {
		StringBuilder result = new StringBuilder();
		int character = stream.read();
		while (character >= 0 && result.indexOf("\r\n\r\n") < 0) {
			result.append((char) character);
			character = (result.indexOf("\r\n\r\n") < 0) ? stream.read() : -1;
		}
		return result.toString();
	}

}
