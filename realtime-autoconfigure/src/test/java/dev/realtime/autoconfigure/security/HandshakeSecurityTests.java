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

package dev.realtime.autoconfigure.security;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of handshakes with hostile origins and paths, in a real Tomcat with Spring
 * Security.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeSecurityTests {

	private static final String HANDSHAKE = "Connection: Upgrade\r\nUpgrade: websocket\r\n"
			+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

	private static int connects;

	private SecuredServer server;

	@BeforeAll
	void start() {
		this.server = SecuredServer.start(List.of(Counter.class), "realtime.security.allow-anonymous=true",
				"realtime.allowed-origins=https://good.com,https://*.good.org", "server.forward-headers-strategy=none");
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.com", "null", "https://good.com.evil.com", "https://evil.com/good.com",
			"http://good.com", "https://good.com:8443", "https://good.com:443.evil.com", "https://GOOD.com",
			"https://good.com.", "https://notgood.com", "https://good.org", "https://evil.com#good.org",
			"https://good.com@evil.com", "file://", "https://good.com https://evil.com",
			"https://good.com,https://good.com", "chrome-extension://good.com", "https://localhost", "http://localhost",
			"http://127.0.0.1", "*", " " })
	void aForeignOriginIsRefusedAndNobodyIsAsked(String origin) throws Exception {
		int before = connects;
		assertThat(status("/realtime", "Host: localhost:" + this.server.port() + "\r\nOrigin: " + origin + "\r\n"))
			.isEqualTo(403);
		assertThat(connects).isEqualTo(before);
	}

	@Test
	void anOriginOfAnotherPortOrSchemeIsForeign() throws Exception {
		String host = "Host: localhost:" + this.server.port() + "\r\n";
		assertThat(status("/realtime", host + "Origin: http://localhost:" + (this.server.port() + 1) + "\r\n"))
			.isEqualTo(403);
		assertThat(status("/realtime", host + "Origin: https://localhost:" + this.server.port() + "\r\n"))
			.isEqualTo(403);
		assertThat(status("/realtime", host + "Origin: HTTP://LOCALHOST:" + this.server.port() + "\r\n"))
			.isEqualTo(403);
		assertThat(status("/realtime", host + "Origin: http://localhost:" + this.server.port() + "\r\n"))
			.isEqualTo(101);
	}

	@Test
	void twoOriginsAreRefused() throws Exception {
		String host = "Host: localhost:" + this.server.port() + "\r\n";
		assertThat(status("/realtime", host + "Origin: https://good.com\r\nOrigin: https://evil.com\r\n"))
			.isEqualTo(403);
		assertThat(status("/realtime", host + "Origin: https://good.com\r\nOrigin: https://good.com\r\n"))
			.isEqualTo(403);
	}

	@Test
	void aForwardedHostThatNobodyTrustsChangesNothing() throws Exception {
		String host = "Host: localhost:" + this.server.port() + "\r\n";
		for (String forwarded : List.of("X-Forwarded-Host: evil.com\r\n", "Forwarded: host=evil.com;proto=https\r\n",
				"X-Forwarded-Host: evil.com\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Port: 443\r\n")) {
			assertThat(status("/realtime", host + forwarded + "Origin: https://evil.com\r\n")).isEqualTo(403);
			assertThat(status("/realtime", host + forwarded + "Origin: http://evil.com\r\n")).isEqualTo(403);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://good.com", "https://a.good.org", "https://a.b.good.org", "https://good.com:443" })
	void anAllowedOriginIsAccepted(String origin) throws Exception {
		assertThat(status("/realtime", "Host: localhost:" + this.server.port() + "\r\nOrigin: " + origin + "\r\n"))
			.isEqualTo(101);
	}

	@Test
	void aForeignOriginWithALoginIsRefused() throws Exception {
		String cookie = this.server.login("ann");
		assertThat(this.server.handshake("/realtime", "Cookie", cookie, "Origin", "https://evil.com")).isEqualTo(403);
	}

	@Test
	void whoIsNotLoggedInGetsTheBrowserClient() throws Exception {
		assertThat(this.server.get("/realtime/client.js").statusCode()).isEqualTo(200);
		assertThat(this.server.get("/realtime").statusCode()).isEqualTo(426);
	}

	/**
	 * The variants of the path that reach the endpoint are open to all as it is, and of
	 * the others none reaches it.
	 */
	@ParameterizedTest
	@CsvSource({ "/realtime,101", "/realtime/,101", "/realtime;x,400", "/realtime;x=y/,400", "//realtime,400",
			"/%2frealtime,400", "/realtime%2f,400", "/realtime%2F,400", "/%72ealtime,101", "/./realtime,400",
			"/x/../realtime,400", "/realtime%00,400", "/realtime%0a,400", "/realtime%3bx,400", "/REALTIME,302",
			"/Realtime/,302", "/realtime/x,302", "/realtime.json,302", "/realtime/client.js/,302",
			"/realtime//client.js,400" })
	void theChainAndTheEndpointAgreeOnAPath(String path, int status) throws Exception {
		assertThat(status(path, "Host: localhost:" + this.server.port() + "\r\nAccept: text/html\r\n"))
			.isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/realtime", "/realtime/", "/realtime;x", "/realtime;x=y/", "//realtime", "/%2frealtime",
			"/realtime%2f", "/%72ealtime", "/REALTIME", "/realtime/x", "/x/../realtime" })
	void whereTheEndpointIsForUsersNoPathLeadsAroundTheLogin(String path) throws Exception {
		try (SecuredServer closed = SecuredServer.start(List.of(Closed.class), "realtime.security.allow-anonymous=true",
				"spring.main.allow-bean-definition-overriding=true")) {
			assertThat(status(closed.port(), path, "Host: localhost:" + closed.port() + "\r\n")).as(path)
				.isIn(302, 400, 403);
		}
	}

	@Test
	void theEndpointIsFoundUnderAnotherPathAndServlet() throws Exception {
		try (SecuredServer moved = SecuredServer.start(List.of(), "realtime.security.allow-anonymous=true",
				"realtime.path=/ws/rooms", "spring.mvc.servlet.path=/app", "server.servlet.context-path=/shop")) {
			assertThat(moved.handshake("/shop/app/ws/rooms")).isEqualTo(101);
			assertThat(moved.handshake("/shop/app/ws/rooms/")).isEqualTo(101);
			assertThat(moved.get("/shop/app/ws/rooms/client.js").statusCode()).isEqualTo(200);
			for (String path : List.of("/shop/realtime", "/shop/ws/rooms", "/shop/app/realtime", "/shop/app/")) {
				assertThat(moved.get(path).statusCode()).as(path).isIn(401, 404);
			}
		}
	}

	@Test
	void atTheRootTheRestOfTheApplicationStaysClosed() throws Exception {
		try (SecuredServer root = SecuredServer.start(List.of(), "realtime.security.allow-anonymous=true",
				"realtime.path=/")) {
			assertThat(root.handshake("/")).isEqualTo(101);
			assertThat(root.get("/client.js").statusCode()).isEqualTo(200);
			assertThat(root.get("/secret").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void whenTheLibraryIsOffNothingIsOpen() throws Exception {
		try (SecuredServer off = SecuredServer.start(List.of(), "realtime.enabled=false")) {
			assertThat(off.get("/realtime").statusCode()).isEqualTo(401);
		}
	}

	@Test
	void aUserOfTheHandshakeIsWhoTheClientIs() throws Exception {
		TestClient client = this.server.open("Cookie", this.server.login("bob"), "Origin",
				"http://localhost:" + this.server.port());
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"");
		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.operations().isOnline("bob"));
	}

	private int status(String path, String headers) throws IOException {
		return status(this.server.port(), path, headers);
	}

	/** Clients of the JDK do not send what an attacker would. */
	private static int status(int port, String path, String headers) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(10_000);
			String request = "GET " + path + " HTTP/1.1\r\n" + headers + HANDSHAKE + "\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
			return Integer.parseInt(line.substring(9, 12));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Counter {

		@Bean
		ConnectHandler counting() {
			return (request) -> {
				connects++;
				return ConnectReply.EMPTY;
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Closed {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated()).formLogin((form) -> {
			}).build();
		}

	}

}
