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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeEnvironmentPostProcessor}.
 */
class RealtimeEnvironmentPostProcessorTests {

	private static final String REDIS = "management.health.redis.enabled";

	private static final String RABBIT = "management.health.rabbit.enabled";

	@Test
	void whenNoBrokerIsUsedItsHealthCheckIsOff() {
		ConfigurableEnvironment environment = run();
		assertThat(environment.getProperty(REDIS)).isEqualTo("false");
		assertThat(environment.getProperty(RABBIT)).isEqualTo("false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--realtime.relay=redis", "--realtime.relay=REDIS", "--spring.data.redis.host=redis.local",
			"--spring.data.redis.sentinel.master=main", "--spring.data.redis.url=redis://redis.local" })
	void whenRedisIsUsedItsHealthCheckIsLeftAlone(String argument) {
		ConfigurableEnvironment environment = run(argument);
		assertThat(environment.getProperty(REDIS)).isNull();
		assertThat(environment.getProperty(RABBIT)).isEqualTo("false");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--realtime.relay=rabbit", "--spring.rabbitmq.host=rabbit.local" })
	void whenRabbitIsUsedItsHealthCheckIsLeftAlone(String argument) {
		ConfigurableEnvironment environment = run(argument);
		assertThat(environment.getProperty(RABBIT)).isNull();
		assertThat(environment.getProperty(REDIS)).isEqualTo("false");
	}

	@Test
	void whenTheEnvironmentOfTheProcessPointsToRedisItsHealthCheckIsLeftAlone() {
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("SPRING_DATA_REDIS_HOST", "redis.local")));
		new RealtimeEnvironmentPostProcessor().postProcessEnvironment(environment, new SpringApplication());
		assertThat(environment.getProperty(REDIS)).isNull();
		assertThat(environment.getProperty(RABBIT)).isEqualTo("false");
	}

	@Test
	void whatTheApplicationSaysWins() {
		SpringApplication application = new SpringApplication(Empty.class);
		application.setDefaultProperties(Map.of(REDIS, "true"));
		assertThat(run(application, "--" + RABBIT + "=true")).satisfies((environment) -> {
			assertThat(environment.getProperty(REDIS)).isEqualTo("true");
			assertThat(environment.getProperty(RABBIT)).isEqualTo("true");
		});
	}

	private static ConfigurableEnvironment run(String... arguments) {
		return run(new SpringApplication(Empty.class), arguments);
	}

	private static ConfigurableEnvironment run(SpringApplication application, String... arguments) {
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			return context.getEnvironment();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
