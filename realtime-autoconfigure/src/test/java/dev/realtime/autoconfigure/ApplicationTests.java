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

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import dev.realtime.RealtimeOperations;
import dev.realtime.core.RealtimeLifecycle;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of an application that has everything on its class path and nothing configured.
 */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationTests {

	@Test
	void withoutRedisTheApplicationIsHealthy() throws Exception {
		HttpResponse<String> health = health();
		assertThat(health.body()).contains("\"status\":\"UP\"").contains("\"db\"").doesNotContain("\"redis\"");
		assertThat(health.statusCode()).isEqualTo(200);
	}

	@Test
	void whenRedisIsConfiguredAndNotThereTheApplicationIsNotHealthy() throws Exception {
		HttpResponse<String> health = health("--spring.data.redis.port=" + unusedPort());
		assertThat(health.body()).contains("\"redis\"");
		assertThat(health.statusCode()).isEqualTo(503);
	}

	@Test
	void whenASettingIsImpossibleTheLogSaysWhatToChange(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(Application.class).properties("server.port=0")
				.run("--realtime.session.pong-timeout=30s"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value 'PT30S' for configuration property 'realtime.session.pong-timeout'")
			.contains("(originating from '\"realtime.session.pong-timeout\" from property source")
			.contains("Make it shorter, or realtime.session.ping-interval longer.");
	}

	@Test
	void whenTheWebApplicationIsReactiveTheLogSaysWhatToDo(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE).run());
		assertThat(output).contains("APPLICATION FAILED TO START").contains("depend on spring-boot-starter-webmvc");
	}

	private static HttpResponse<String> health(String... arguments) throws Exception {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "management.endpoint.health.show-details=always");
		try (var context = (ServletWebServerApplicationContext) application.run(arguments)) {
			URI uri = URI.create("http://localhost:%s/actuator/health".formatted(context.getWebServer().getPort()));
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
		}
	}

	private static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Nested
	@SpringBootTest(classes = Application.class, properties = "realtime.namespaces.chat.presence=true")
	class MockEnvironmentTests {

		@Autowired
		private RealtimeLifecycle lifecycle;

		@Autowired
		private RealtimeOperations operations;

		@Test
		void starts() {
			assertThat(this.lifecycle.isRunning()).isTrue();
			assertThat(this.operations.isOnline("nobody")).isFalse();
		}

	}

}
