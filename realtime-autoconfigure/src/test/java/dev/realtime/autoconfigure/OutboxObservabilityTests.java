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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.realtime.OutboxOperations;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.health.RealtimeHealthIndicator;
import dev.realtime.redis.RedisServer;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what an operator sees of the outbox, with a real Redis that is stopped.
 */
class OutboxObservabilityTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner(RedisServer redis) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class, DataRedisAutoConfiguration.class,
					RealtimeMetricsAutoConfiguration.class, RealtimeRedisAutoConfiguration.class,
					RealtimeOutboxAutoConfiguration.class, RealtimeAutoConfiguration.class,
					RealtimeHealthAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.withPropertyValues("realtime.relay=redis", "realtime.redis.key-prefix=seen",
					"realtime.namespaces.chat.history.size=10", "spring.data.redis.url=" + redis.uri());
	}

	@Test
	void backlogIsMeasuredAndDegradesTheNode() {
		try (RedisServer redis = RedisServer.create().start()) {
			runner(redis).withPropertyValues("realtime.outbox.path=" + this.directory.resolve("outbox"))
				.run((context) -> {
					awaitState(context, RelayState.LIVE);
					assertThat(health(context).getDetails()).containsEntry("outbox",
							Map.of("waiting", 0L, "bytes", 0L, "oldest", "0s", "parked", 0L));
					redis.kill();
					awaitState(context, RelayState.DOWN);
					for (int i = 0; i < 3; i++) {
						assertThat(context.getBean(RealtimeOperations.class).publish("chat:a", i))
							.isInstanceOf(PublishResult.Spilled.class);
					}
					assertThat(context.getBean(OutboxOperations.class).backlog().messages()).isEqualTo(3);
					await().untilAsserted(() -> assertThat(value(context, "size")).isEqualTo(3));
					await().untilAsserted(() -> assertThat(value(context, "oldest.age")).isGreaterThan(0.5));
					assertThat(value(context, "bytes")).isBetween(100.0, 1_000.0);
					assertThat(value(context, "spilled")).isEqualTo(3);
					assertThat(value(context, "replayed")).isZero();
					assertThat(value(context, "parked")).isZero();
					assertThat(health(context).getStatus()).isEqualTo(RealtimeHealthIndicator.DEGRADED);
					assertThat(health(context).getDetails().get("outbox")).asString().contains("waiting=3");
					redis.start();
					await().untilAsserted(() -> assertThat(value(context, "replayed")).isEqualTo(3));
					await().untilAsserted(() -> assertThat(value(context, "size")).isZero());
					assertThat(value(context, "oldest.age")).isZero();
					await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
				});
		}
	}

	@Test
	void withoutAnOutboxNothingIsMeasured() {
		try (RedisServer redis = RedisServer.create().start()) {
			runner(redis).run((context) -> {
				assertThat(context.getBean(MeterRegistry.class).find("realtime.outbox.size").meter()).isNull();
				assertThat(context.getBean(MeterRegistry.class).find("realtime.relay.state").meter()).isNotNull();
				assertThat(health(context).getDetails()).doesNotContainKey("outbox");
				OutboxOperations operations = context.getBean(OutboxOperations.class);
				assertThat(operations.backlog().messages() + operations.retryAll() + operations.retry(List.of(1L))
						+ operations.discard(List.of(1L)))
					.isZero();
				assertThat(operations.parked(1)).isEmpty();
			});
		}
	}

	private static void awaitState(ApplicationContext context, RelayState state) {
		await().until(() -> context.getBean(RoomRelay.class).state() == state);
	}

	private static double value(ApplicationContext context, String name) {
		return context.getBean(MeterRegistry.class)
			.get("realtime.outbox." + name)
			.meters()
			.stream()
			.mapToDouble((meter) -> meter.measure().iterator().next().getValue())
			.sum();
	}

	private static Health health(ApplicationContext context) {
		return context.getBean(RealtimeHealthIndicator.class).health();
	}

}
