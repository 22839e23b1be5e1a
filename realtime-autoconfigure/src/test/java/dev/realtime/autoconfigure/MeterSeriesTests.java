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

import java.util.stream.Collectors;

import dev.realtime.RealtimeOperations;
import dev.realtime.redis.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what a room or a user is called is not part of a meter: anybody could make
 * as many series as there are names.
 */
@Timeout(120)
class MeterSeriesTests {

	private static final int ROOMS = 10_000;

	@Test
	void tenThousandRoomsAndUsersMakeNoMeter() {
		try (RedisServer server = RedisServer.create().start()) {
			new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(RealtimeMetricsAutoConfiguration.class, DataRedisAutoConfiguration.class,
								RealtimeRedisAutoConfiguration.class, RealtimeAutoConfiguration.class))
				.withBean(SimpleMeterRegistry.class)
				.withPropertyValues("spring.application.name=meters", "spring.data.redis.port=" + server.port(),
						"realtime.relay=redis", "realtime.namespaces.chat.publish=anyone")
				.run((context) -> {
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					RealtimeOperations operations = context.getBean(RealtimeOperations.class);
					publish(operations, "first");
					String before = series(registry);
					assertThat(before).contains("realtime.");
					for (int i = 0; i < ROOMS; i++) {
						publish(operations, String.valueOf(i));
					}
					assertThat(series(registry)).isEqualTo(before);
				});
		}
	}

	private static void publish(RealtimeOperations operations, String name) {
		operations.publish("chat:" + name, "hello");
		operations.sendToUser("user-" + name, "hello");
	}

	private static String series(MeterRegistry registry) {
		return registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().toString())
			.sorted()
			.collect(Collectors.joining("\n"));
	}

}
