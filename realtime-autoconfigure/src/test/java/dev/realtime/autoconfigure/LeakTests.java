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

package dev.realtime.autoconfigure;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectRequest;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.RealtimeController;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what must not get out: what clients send does not get into the log, and what
 * is inside the server does not get to clients.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class LeakTests {

	/** As JSON: it would begin a line of its own, in red. */
	private static final String MARKER = "marker\\r\\n\\u001b[31m2026-01-01 ERROR forged";

	private static final Pattern INNER = Pattern
		.compile("[a-z]+\\.[a-z]+\\.[A-Z]|Exception|\\bat [a-z]|/tmp|/home|\\.java|select |insert |table|secret");

	private static final Pattern CORRELATION = Pattern.compile("internal server error \\(([0-9a-f-]{36})\\)");

	private static ServletWebServerApplicationContext context;

	private static int port;

	@BeforeAll
	static void start() {
		context = (ServletWebServerApplicationContext) SpringApplication.run(Application.class, "--server.port=0",
				"--realtime.namespaces.chat.subscribe=anyone", "--realtime.namespaces.chat.publish=anyone",
				"--realtime.namespaces.chat.presence=true", "--realtime.namespaces.chat.history.size=10",
				"--logging.level.dev.realtime=trace");
		port = context.getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void nothingThatClientsSendIsInTheLog(CapturedOutput output) throws Exception {
		List<String> received = exchangeEverything();
		// Some of it must have arrived for the log to be worth a look
		assertThat(received).anyMatch((message) -> message.contains("\"pub\":{\"data\":\"" + MARKER));
		assertThat(output.getAll()).doesNotContainIgnoringCase("marker").doesNotContain("forged");
		assertThat(output.getAll().chars()).noneMatch((character) -> character == 0x1b);
	}

	@Test
	void anOriginIsLoggedInOneLineWithoutControlCharacters(CapturedOutput output) throws Exception {
		try (RawSocket socket = new RawSocket(port)) {
			assertThat(socket.request(RawSocket.handshake("/realtime", "Origin: https://\u001b[31mevil\t.com")))
				.startsWith("HTTP/1.1 40");
		}
		assertThat(output.getAll().chars()).noneMatch((character) -> character == 0x1b);
	}

	@Test
	void nothingFromInsideIsInWhatClientsGet(CapturedOutput output) throws Exception {
		List<String> received = exchangeEverything();
		assertThat(received).filteredOn((message) -> INNER.matcher(message).find()).isEmpty();
		List<String> ids = received.stream()
			.map(CORRELATION::matcher)
			.filter(Matcher::find)
			.map((matcher) -> matcher.group(1))
			.toList();
		assertThat(ids).hasSizeGreaterThanOrEqualTo(4).doesNotHaveDuplicates();
		assertThat(ids).allSatisfy((id) -> assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("ERROR") && line.contains("correlation id " + id))).hasSize(1));
	}

	/** Every command with the marker wherever there is room for it, and every ending. */
	private static List<String> exchangeEverything() throws Exception {
		List<String> received = new ArrayList<>();
		exchange(received, connect("good " + MARKER), """
				{"id":2,"subscribe":{"channel":"chat:1","token":"M","data":"M","epoch":"M","offset":3,"recover":true}}
				{"id":3,"subscribe":{"channel":"M"}}
				{"id":4,"subscribe":{"channel":"chat:denied","token":"M"}}
				{"id":5,"subscribe":{"channel":"chat:broken","token":"M"}}
				{"id":6,"publish":{"channel":"chat:1","data":"M"}}
				{"id":7,"publish":{"channel":"chat:broken","data":"M"}}
				{"id":8,"publish":{"channel":"strict:1","data":{"text":"M","number":"M"}}}
				{"id":9,"rpc":{"method":"M","data":"M"}}
				{"id":10,"rpc":{"method":"broken","data":"M"}}
				{"id":11,"rpc":{"method":"refused","data":"M"}}
				{"id":12,"rpc":{"method":"number","data":"M"}}
				{"id":13,"rpc":{"method":"error","data":"M"}}
				{"id":14,"history":{"channel":"chat:1","since":{"epoch":"M","offset":1},"limit":5}}
				{"id":15,"presence":{"channel":"chat:1"}}
				{"send":{"data":"M"}}
				{"id":16,"sub_refresh":{"channel":"chat:1","token":"M"}}
				{"id":17,"unsubscribe":{"channel":"M"}}
				{"id":18,"refresh":{"token":"M"}}
				""");
		exchange(received, connect("bad " + MARKER));
		exchange(received, connect("broken " + MARKER));
		exchange(received, connect(""), "{\"id\":2,\"M\":{\"M\":\"M\"}}");
		exchange(received, "{\"id\":\"M\"");
		exchange(received, "M");
		exchange(received, "{\"id\":1,\"subscribe\":{\"channel\":\"M\"}}");
		return received;
	}

	private static String connect(String token) {
		return "{\"id\":1,\"connect\":{\"token\":\"" + token
				+ "\",\"data\":\"M\",\"name\":\"M\",\"version\":\"M\",\"headers\":{\"M\":\"M\"}}}";
	}

	private static void exchange(List<String> received, String... frames) throws Exception {
		try (RawSocket socket = RawSocket.open(port)) {
			for (String frame : frames) {
				socket.text(frame.replace("M", MARKER).trim());
			}
			socket.text("{\"id\":99,\"rpc\":{\"method\":\"last\"}}");
			readUntilLast(received, socket);
			// What does not end by itself is ended
			socket.text("no command");
			received.add("closed with " + socket.ending());
			received.addAll(socket.messages());
		}
		catch (EOFException | SocketException ex) {
			received.add(String.valueOf(ex.getMessage()));
		}
	}

	private static void readUntilLast(List<String> received, RawSocket socket) throws IOException {
		String message = socket.next();
		received.add(message);
		while (!message.contains("\"id\":99")) {
			message = socket.next();
			received.add(message);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class })
	static class Application {

		@Bean
		ConnectAuthenticator tokens() {
			return Application::authenticate;
		}

		private static Identity authenticate(ConnectRequest request) {
			if (request.token().startsWith("broken")) {
				throw new IllegalStateException("select secret from table where /home/app/x.java");
			}
			String user = request.token()
				.replaceAll("\\P{Alnum}", "")
				.substring(0, Math.min(4, request.token().length()));
			return request.token().startsWith("good") ? Identity.of(user) : null;
		}

		@Bean
		RoomAuthorizer authorizer() {
			return (access) -> {
				if (access.room().equals("chat:broken")) {
					throw new IllegalArgumentException("insert into secret /tmp/x.java");
				}
				return RoomDecision.of(!access.room().equals("chat:denied"));
			};
		}

		@Bean
		Chat chat() {
			return new Chat();
		}

	}

	/** Methods that fail in every way. */
	@RealtimeController
	static class Chat {

		@OnPublish("strict:{room}")
		Object say(@Payload Strict message) {
			return message;
		}

		@OnRpc("broken")
		String broken(@Payload String text) {
			throw new IllegalStateException("no row in table secret of /home/app");
		}

		@OnRpc("refused")
		String refused(@Payload String text) {
			throw new RealtimeException(401, "not you");
		}

		@OnRpc("number")
		int number(@Payload int number) {
			return number;
		}

		@OnRpc("error")
		String error(@Payload String text) {
			throw new UnsupportedOperationException("dev.example.Secret");
		}

		@OnSend
		void receive(@Payload String text) {
			throw new RealtimeException(402, text);
		}

	}

	/** What a client has to send. */
	record Strict(String text, int number) {

	}

}
