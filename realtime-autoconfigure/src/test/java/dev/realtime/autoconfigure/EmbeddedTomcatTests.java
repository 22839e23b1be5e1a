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
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Arrays;
import java.util.concurrent.CompletionException;

import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.ProtocolHandler;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the endpoint in a real embedded Tomcat.
 */
class EmbeddedTomcatTests {

	@Test
	void raisesTheNumberOfConnections() {
		try (var context = run()) {
			AbstractProtocol<?> protocol = protocol(context);
			assertThat(protocol.getMaxConnections()).isGreaterThan(8192);
			assertThat(protocol.getAcceptCount()).isGreaterThan(100);
		}
	}

	@Test
	void whenTheApplicationSetsTheNumberOfConnectionsLeavesItAlone() {
		try (var context = run("--server.tomcat.max-connections=77")) {
			assertThat(protocol(context).getMaxConnections()).isEqualTo(77);
			assertThat(protocol(context).getAcceptCount()).isGreaterThan(100);
		}
	}

	@Test
	void whenTheApplicationSetsTheAcceptCountLeavesItAlone() {
		try (var context = run("--server.tomcat.acceptCount=7")) {
			assertThat(protocol(context).getAcceptCount()).isEqualTo(7);
			assertThat(protocol(context).getMaxConnections()).isGreaterThan(8192);
		}
	}

	@Test
	void whenTuningIsOffLeavesTomcatAlone() {
		try (var context = run("--realtime.tomcat.tuning=off")) {
			assertThat(protocol(context).getMaxConnections()).isEqualTo(8192);
			assertThat(protocol(context).getAcceptCount()).isEqualTo(100);
		}
	}

	@Test
	void acceptsItsOwnOrigin() {
		try (var context = run()) {
			assertThat(handshake(context, "http://localhost:" + port(context))).isEqualTo(101);
		}
	}

	@Test
	void allowedOrigins() {
		try (var context = run("--realtime.allowed-origins=https://a.example.com,https://*.example.org")) {
			assertThat(handshake(context, "https://a.example.com")).isEqualTo(101);
			assertThat(handshake(context, "https://b.example.org")).isEqualTo(101);
			assertThat(handshake(context, "https://b.example.com")).isEqualTo(403);
		}
	}

	@Test
	void survivesThatTheContextIsStoppedAndStarted() {
		try (var context = run()) {
			context.stop();
			context.start();
			assertThat(handshake(context, "http://localhost:" + port(context))).isEqualTo(101);
		}
	}

	@Test
	void whenEverythingIsLazyTheEndpointIsThere() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setLazyInitialization(true);
		try (var context = run(application)) {
			assertThat(handshake(context, "http://localhost:" + port(context))).isEqualTo(101);
		}
	}

	private static ServletWebServerApplicationContext run(String... arguments) {
		return run(new SpringApplication(Application.class), arguments);
	}

	private static ServletWebServerApplicationContext run(SpringApplication application, String... arguments) {
		String[] all = Arrays.copyOf(arguments, arguments.length + 1);
		all[arguments.length] = "--server.port=0";
		return (ServletWebServerApplicationContext) application.run(all);
	}

	private static int port(ServletWebServerApplicationContext context) {
		return context.getWebServer().getPort();
	}

	private static AbstractProtocol<?> protocol(ServletWebServerApplicationContext context) {
		ProtocolHandler handler = ((TomcatWebServer) context.getWebServer()).getTomcat()
			.getConnector()
			.getProtocolHandler();
		return (AbstractProtocol<?>) handler;
	}

	private static int handshake(ServletWebServerApplicationContext context, String origin) {
		URI uri = URI.create("ws://localhost:%s/realtime".formatted(port(context)));
		try {
			WebSocket socket = HttpClient.newHttpClient()
				.newWebSocketBuilder()
				.header("Origin", origin)
				.buildAsync(uri, new WebSocket.Listener() {
				})
				.join();
			socket.abort();
			return 101;
		}
		catch (CompletionException ex) {
			return ((WebSocketHandshakeException) ex.getCause()).getResponse().statusCode();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class })
	static class Application {

	}

}
