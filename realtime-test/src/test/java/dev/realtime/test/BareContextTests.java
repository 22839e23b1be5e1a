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

package dev.realtime.test;

import dev.realtime.RealtimeOperations;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.test.autoconfigure.RealtimeTestClientAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

class BareContextTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
		.withPropertyValues("realtime.namespaces.chat.subscribe=authenticated");

	@Test
	void clientNeedsNothingButTheContext() {
		this.runner.run((context) -> {
			RealtimeTestClient client = RealtimeTestClient.bindToApplicationContext(context).user("anna").connect();
			assertThat(client.subscribe("chat:lobby")).isSuccessful();
			context.getBean(RealtimeOperations.class).publish("chat:lobby", "hello");
			assertThat(client).received("chat:lobby").payloads().containsExactly("hello");
		});
	}

	@Test
	void clientNeedsNothingButAGateway() {
		this.runner.run((context) -> {
			RealtimeTestClientBuilder builder = RealtimeTestClient
				.bindToGateway(context.getBean(RealtimeEngine.class).gateway());
			assertThat(builder.build().connect()).hasError(101);
			try (RealtimeTestClient client = builder.user("anna").connect()) {
				assertThat(client).isConnected();
			}
			assertThat(context.getBean(RealtimeEngine.class).sessionCount()).isZero();
		});
	}

	@Test
	void whenContextClosesClientsAreToldToGo() {
		RealtimeTestClient[] client = new RealtimeTestClient[1];
		this.runner.withConfiguration(AutoConfigurations.of(RealtimeTestClientAutoConfiguration.class))
			.run((context) -> client[0] = context.getBean(RealtimeTestClients.class).connect("anna"));
		assertThat(client[0]).isDisconnectedWith(3001);
	}

	@Test
	void servletsAreNotNeeded() {
		this.runner.withConfiguration(AutoConfigurations.of(RealtimeTestClientAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web",
					"org.springframework.boot.web"))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(TestUsers.FILTER_BEAN_NAME);
				assertThat(context.getBean(RealtimeTestClients.class).connect("anna")).isConnected();
			});
	}

}
