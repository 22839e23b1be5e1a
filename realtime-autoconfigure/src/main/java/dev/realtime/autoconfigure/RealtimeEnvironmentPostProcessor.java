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

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps an application healthy that has the client of a broker on its class path only
 * because the starter brings it: the health check of a broker that nothing points to is
 * off unless the application says otherwise. And lets Spring Boot know the status that a
 * node has which serves its clients but has lost the others.
 */
final class RealtimeEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/**
	 * After the application's configuration files have been read.
	 */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new HashMap<>();
		defaults.put("management.endpoint.health.status.order", "down,out-of-service,degraded,up,unknown");
		if (!isUsed(environment, "redis", "spring.data.redis")) {
			defaults.put("management.health.redis.enabled", false);
		}
		if (!isUsed(environment, "rabbit", "spring.rabbitmq")) {
			defaults.put("management.health.rabbit.enabled", false);
		}
		defaults.keySet().removeIf((name) -> ConfiguredProperties.isSet(environment, name));
		if (!defaults.isEmpty()) {
			environment.getPropertySources().addLast(new MapPropertySource("realtimeDefaults", defaults));
		}
	}

	private boolean isUsed(ConfigurableEnvironment environment, String relay, String prefix) {
		return relay.equalsIgnoreCase(environment.getProperty("realtime.relay"))
				|| ConfiguredProperties.anyBelow(environment, prefix);
	}

}
