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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/**
 * The handler that tutorials show for several nodes: every message goes through Redis to
 * a {@link RedisMessageListenerContainer} as Spring sets it up, and from there to every
 * session. Endpoint {@code /realtime}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocket
public class ContainerServer {

	private static final String CHANNEL = "bench";

	/**
	 * Start the server.
	 * @param args the arguments of Spring Boot
	 */
	public static void main(String[] args) {
		System.setProperty("realtime.enabled", "false");
		SpringApplication.run(ContainerServer.class, args);
	}

	@Bean
	Broadcast broadcast(StringRedisTemplate redis) {
		return new Broadcast(redis);
	}

	@Bean
	RedisMessageListenerContainer container(RedisConnectionFactory connections, Broadcast broadcast) {
		RedisMessageListenerContainer container = new RedisMessageListenerContainer();
		container.setConnectionFactory(connections);
		container.addMessageListener(broadcast, new ChannelTopic(CHANNEL));
		return container;
	}

	@Bean
	WebSocketConfigurer endpoint(Broadcast broadcast) {
		return (registry) -> registry.addHandler(broadcast, "/realtime").setAllowedOrigins("*");
	}

	/**
	 * Sends every message to Redis, and what comes from there to every session.
	 */
	static final class Broadcast extends TextWebSocketHandler implements MessageListener {

		private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();

		private final StringRedisTemplate redis;

		Broadcast(StringRedisTemplate redis) {
			this.redis = redis;
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession session) {
			this.sessions.add(new ConcurrentWebSocketSessionDecorator(session, DecoratorServer.SEND_TIME_LIMIT,
					DecoratorServer.BUFFER_SIZE_LIMIT));
		}

		@Override
		protected void handleTextMessage(WebSocketSession sender, TextMessage message) {
			this.redis.convertAndSend(CHANNEL, message.getPayload());
		}

		@Override
		public void onMessage(Message message, byte[] pattern) {
			TextMessage text = new TextMessage(new String(message.getBody(), StandardCharsets.UTF_8));
			for (WebSocketSession session : this.sessions) {
				try {
					session.sendMessage(text);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}

		@Override
		public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
			this.sessions.removeIf((decorated) -> decorated.getId().equals(session.getId()));
		}

	}

}
