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

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.RealtimeSession;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.room.RoomRegistry;
import dev.realtime.websocket.PlainSessions;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for rooms in an application with a WebSocket handler of its own, in a real
 * embedded Tomcat.
 */
class PlainSessionsTests {

	private static ServletWebServerApplicationContext context;

	private final List<TestClient> clients = new ArrayList<>();

	@BeforeAll
	static void start() {
		context = (ServletWebServerApplicationContext) new SpringApplication(Application.class).run("--server.port=0",
				"--realtime.namespaces.chat.presence=true", "--realtime.namespaces.chat.subscribe=anyone",
				"--realtime.security.allow-anonymous=true");
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@AfterEach
	void disconnect() {
		this.clients.forEach((client) -> client.socket().sendClose(1000, ""));
		await().until(() -> context.getBean(RealtimeEngine.class).sessionCount() == 0);
	}

	@Test
	void clientsOfBothKindsShareARoom() throws Exception {
		TestClient plain = connect("/own");
		plain.socket().sendText("join", true).join();
		assertThat(plain.next()).isEqualTo("\"welcome\"");
		TestClient other = connect("/realtime");
		other.socket()
			.sendText("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"chat:a\"}}", true)
			.join();
		assertThat(other.next()).contains("\"subscribe\"");
		plain.socket().sendText("{\"text\":\"hello\"}", true).join();
		assertThat(plain.next()).isEqualTo("{\"text\":\"hello\"}");
		assertThat(other.next()).contains("\"data\":{\"text\":\"hello\"}").contains("\"info\"");
		operations().publish("chat:a", 7, PublishOptions.NONE);
		assertThat(plain.next()).isEqualTo("7");
	}

	@Test
	void whoLeavesGetsNothingMore() throws Exception {
		TestClient plain = connect("/own");
		plain.socket().sendText("join", true).join();
		assertThat(plain.next()).isEqualTo("\"welcome\"");
		plain.socket().sendText("leave", true).join();
		assertThat(plain.next()).isEqualTo("\"bye\"");
		await().until(() -> operations().members("chat:a").isEmpty());
		operations().publish("chat:a", 7);
		plain.socket().sendText("end", true).join();
		assertThat(plain.ending()).isEqualTo("3503 force disconnect");
	}

	@Test
	void whenTheSocketIsGoneNothingIsLeft() {
		TestClient plain = connect("/own");
		plain.socket().sendText("join", true).join();
		await().until(() -> !operations().members("chat:a").isEmpty());
		plain.socket().abort();
		await().untilAsserted(() -> assertThat(operations().members("chat:a")).isEmpty());
		await().untilAsserted(() -> assertThat(context.getBean(RealtimeEngine.class).roomCount()).isZero());
	}

	private static RealtimeOperations operations() {
		return context.getBean(RealtimeOperations.class);
	}

	private TestClient connect(String path) {
		TestClient client = new TestClient(
				URI.create("ws://localhost:%s%s".formatted(context.getWebServer().getPort(), path)));
		this.clients.add(client);
		return client;
	}

	/**
	 * An application that has rooms in a handler of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableWebSocket
	@ImportAutoConfiguration({ TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class, RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class })
	@Import(OwnHandler.class)
	static class Application implements WebSocketConfigurer {

		private final OwnHandler handler;

		Application(OwnHandler handler) {
			this.handler = handler;
		}

		@Override
		public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
			registry.addHandler(this.handler, "/own");
		}

	}

	/**
	 * A handler with a protocol of three words.
	 */
	@Component
	static class OwnHandler extends TextWebSocketHandler {

		private final PlainSessions sessions;

		private final RoomRegistry rooms;

		OwnHandler(PlainSessions sessions, RoomRegistry rooms) {
			this.sessions = sessions;
			this.rooms = rooms;
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession socket) {
			this.sessions.open(socket);
		}

		@Override
		protected void handleTextMessage(WebSocketSession socket, TextMessage message) {
			RealtimeSession session = this.sessions.get(socket);
			switch (message.getPayload()) {
				case "join" -> {
					session.send(Payload.ofJson("\"welcome\""));
					this.rooms.join(session, "chat:a");
				}
				case "leave" -> {
					this.rooms.leave(session, "chat:a");
					session.send(Payload.ofJson("\"bye\""));
				}
				case "end" -> session.disconnect(DisconnectReason.FORCE_DISCONNECT);
				default -> this.rooms.publish(session, "chat:a", Payload.ofJson(message.getPayload()));
			}
		}

		@Override
		public void afterConnectionClosed(WebSocketSession socket, CloseStatus status) {
			this.sessions.close(socket);
		}

	}

}
