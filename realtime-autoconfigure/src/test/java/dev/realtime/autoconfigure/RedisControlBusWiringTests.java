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

import java.time.Clock;

import dev.realtime.control.ControlBus;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.control.LocalControlBus;
import dev.realtime.redis.RedisRoomRelay;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the control bus in {@link RealtimeRedisAutoConfiguration}, without a Redis.
 */
class RedisControlBusWiringTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, RealtimeAutoConfiguration.class,
				RealtimeRedisAutoConfiguration.class))
		.withPropertyValues("spring.application.name=app", "spring.data.redis.port=1", "realtime.relay=redis",
				"realtime.redis.command-timeout=100ms", "realtime.publish.timeout=100ms");

	@Test
	void theBusIsThatOfTheRelay() {
		this.runner.run((context) -> assertThat(context).getBean(ControlBus.class)
			.isSameAs(context.getBean(RedisRoomRelay.class).controlBus()));
	}

	@Test
	void whenTheApplicationHasAControlBusItIsUsed() {
		this.runner.withBean("own", ControlBus.class, () -> new LocalControlBus(new InMemoryBanStore(System::nanoTime)))
			.run((context) -> assertThat(context).getBeanNames(ControlBus.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasARelayTheBusIsLocal() {
		this.runner.withBean(RoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
			.run((context) -> assertThat(context).hasSingleBean(LocalControlBus.class));
	}

}
