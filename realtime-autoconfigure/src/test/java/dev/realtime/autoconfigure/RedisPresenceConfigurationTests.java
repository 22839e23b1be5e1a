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

import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceStore;
import dev.realtime.redis.RedisPresenceStore;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for where members are kept with {@link RealtimeRedisAutoConfiguration}.
 */
class RedisPresenceConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, RealtimeRedisAutoConfiguration.class,
				RealtimeAutoConfiguration.class))
		.withPropertyValues("spring.application.name=members", "realtime.redis.command-timeout=50ms",
				"spring.data.redis.port=1");

	@Test
	void whenRelayIsRedisMembersAreKeptThere() {
		this.runner.withPropertyValues("realtime.relay=redis")
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(PresenceStore.class)
				.isInstanceOf(RedisPresenceStore.class));
	}

	@Test
	void whenRelayIsLocalMembersAreKeptInMemory() {
		this.runner.run((context) -> assertThat(context).getBean(PresenceStore.class)
			.isInstanceOf(InMemoryPresenceStore.class));
	}

	@Test
	void whenTheApplicationHasAPresenceStoreItIsUsed() {
		this.runner.withPropertyValues("realtime.relay=redis")
			.withBean("own", PresenceStore.class, InMemoryPresenceStore::new)
			.run((context) -> assertThat(context).getBeanNames(PresenceStore.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasARelayMembersAreKeptInMemory() {
		this.runner.withPropertyValues("realtime.relay=redis")
			.withBean("own", RoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
			.run((context) -> assertThat(context).getBean(PresenceStore.class)
				.isInstanceOf(InMemoryPresenceStore.class));
	}

}
