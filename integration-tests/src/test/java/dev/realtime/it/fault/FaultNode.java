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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.Identity;
import dev.realtime.RealtimeOperations;
import dev.realtime.core.RealtimeEngine;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node in this JVM. The token of a client is the name of its user; rooms that begin
 * with {@code chat:} have presence and history.
 */
final class FaultNode implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final int port;

	/**
	 * Start a node on a free port.
	 * @param settings additional properties, as on a command line
	 */
	FaultNode(String... settings) {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.main.banner-mode=off", "--server.port=0", "--realtime.namespaces.chat.publish=anyone",
						"--realtime.namespaces.chat.history.size=500", "--realtime.rate-limit.enabled=false"));
		arguments.addAll(Arrays.asList(settings));
		this.context = new SpringApplicationBuilder(FaultApplication.class).run(arguments.toArray(String[]::new));
		this.port = Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	int port() {
		return this.port;
	}

	RealtimeEngine engine() {
		return this.context.getBean(RealtimeEngine.class);
	}

	RealtimeOperations operations() {
		return this.context.getBean(RealtimeOperations.class);
	}

	Recorder recorder() {
		return this.context.getBean(Recorder.class);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Wait until nothing is left of all sessions, and check that each had its events.
	 * @param limit how long to wait
	 */
	void awaitEmpty(Duration limit) {
		Recorder recorder = recorder();
		await().atMost(limit).untilAsserted(() -> {
			assertThat(engine().sessionCount()).as("sessions").isZero();
			assertThat(engine().roomCount()).as("rooms").isZero();
			assertThat(engine().queuedBytes()).as("queued bytes").isZero();
			assertThat(recorder.disconnected()).as("disconnected").isEqualTo(recorder.connected());
			assertThat(recorder.left()).as("left").isEqualTo(recorder.joined());
			assertThat(recorder.vacated()).as("vacated").isEqualTo(recorder.occupied());
		});
		assertThat(recorder.faults()).isEmpty();
		assertThat(recorder.sessions()).isEmpty();
		assertThat(recorder.members()).isEmpty();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * An application with the starter and nothing else.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { ManagementWebSecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class })
	static class FaultApplication {

		@Bean
		Recorder recorder() {
			return new Recorder();
		}

		@Bean
		ConnectAuthenticator tokens() {
			return (request) -> request.token().isEmpty() ? null : Identity.of(request.token());
		}

		/** The kernel would take megabytes for a client that does not read. */
		@Bean
		@ConditionalOnProperty("fault.send-buffer")
		TomcatConnectorCustomizer smallSendBuffer(@Value("${fault.send-buffer}") String bytes) {
			return (connector) -> connector.setProperty("socket.txBufSize", bytes);
		}

	}

}
