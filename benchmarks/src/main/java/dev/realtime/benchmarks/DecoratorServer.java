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

package dev.realtime.benchmarks;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * The handler that tutorials show: every message goes to every session, each behind a
 * {@link ConcurrentWebSocketSessionDecorator}. Endpoint {@code /realtime}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocket
public class DecoratorServer {

	static final int SEND_TIME_LIMIT = 15_000;

	static final int BUFFER_SIZE_LIMIT = 1024 * 1024;

	/**
	 * Start the server.
	 * @param args the arguments of Spring Boot
	 */
	public static void main(String[] args) {
		System.setProperty("realtime.enabled", "false");
		SpringApplication.run(DecoratorServer.class, args);
	}

	@Bean
	WebSocketConfigurer endpoint() {
		return (registry) -> registry.addHandler(new Broadcast(), "/realtime").setAllowedOrigins("*");
	}

	/**
	 * Sends every message to every session.
	 */
	private static final class Broadcast extends TextWebSocketHandler {

		private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			this.sessions.add(new ConcurrentWebSocketSessionDecorator(session, SEND_TIME_LIMIT, BUFFER_SIZE_LIMIT));
		}

		@Override
		protected void handleTextMessage(WebSocketSession sender, TextMessage message) throws Exception {
			for (WebSocketSession session : this.sessions) {
				session.sendMessage(message);
			}
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.sessions.removeIf((decorated) -> decorated.getId().equals(session.getId()));
		}

	}

}
