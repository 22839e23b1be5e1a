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

import java.util.Map;

import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeOperations;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.websocket.RealtimeHandlerMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of web applications from whose class path one library is missing.
 */
class OptionalLibrariesTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	@Test
	void withAllOfThemThereIsEverything() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(RealtimeHandlerMapping.class)
			.hasSingleBean(TransactionBinding.class)
			.hasSingleBean(PlatformTransactionManager.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.data", "io.lettuce", "io.micrometer", "org.springframework.jdbc",
			"org.springframework.security", "org.springframework.messaging", "org.springframework.amqp" })
	void withoutOneOfThemTheEndpointAndTransactionsAreThere(String library) {
		this.runner.withClassLoader(new FilteredClassLoader(library))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RealtimeHandlerMapping.class)
				.hasSingleBean(TransactionBinding.class));
	}

	@Test
	void withoutTransactionsTheEndpointIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RealtimeHandlerMapping.class)
				.doesNotHaveBean("realtimeTransactionBinding"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "actuate", "data", "health", "jackson", "jdbc", "micrometer", "security", "tomcat",
			"transaction" })
	void withoutOneOfBootsModulesTheEndpointIsThere(String module) {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class,
							RealtimeWebSocketAutoConfiguration.class, DispatcherServletAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.boot." + module))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeHandlerMapping.class));
	}

	@Test
	void withoutBootsJsonMapperAnotherOneWritesPayloads() {
		this.runner
			.withPropertyValues("spring.autoconfigure.exclude=" + JacksonAutoConfiguration.class.getName(),
					"realtime.namespaces.chat.history.size=1")
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(JsonMapper.class);
				RealtimeOperations operations = context.getBean(RealtimeOperations.class);
				operations.publish("chat:lobby", Map.of("text", "hello"));
				assertThat(operations.history("chat:lobby", HistoryQuery.newest(1)).publications()).singleElement()
					.satisfies(
							(publication) -> assertThat(publication.data().text()).isEqualTo("{\"text\":\"hello\"}"));
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
