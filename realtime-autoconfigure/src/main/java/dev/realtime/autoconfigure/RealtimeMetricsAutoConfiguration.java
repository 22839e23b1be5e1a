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

import dev.realtime.core.RealtimeEngine;
import dev.realtime.micrometer.OutboxMetrics;
import dev.realtime.micrometer.RelayMetrics;
import dev.realtime.relay.RelayObserver;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configures what is measured.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = { RealtimeRedisAutoConfiguration.class, RealtimeAutoConfiguration.class },
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
public final class RealtimeMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(RelayObserver.class)
	@ConditionalOnProperty(name = "realtime.relay", havingValue = "redis")
	RelayMetrics realtimeRelayMetrics(MeterRegistry registry) {
		return new RelayMetrics(registry);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty(name = "realtime.relay", havingValue = "redis")
	OutboxMetrics realtimeOutboxMetrics(ObjectProvider<RealtimeEngine> engine) {
		return new OutboxMetrics(() -> {
			RealtimeEngine present = engine.getIfAvailable();
			return (present != null) ? present.outboxMonitor() : null;
		});
	}

}
