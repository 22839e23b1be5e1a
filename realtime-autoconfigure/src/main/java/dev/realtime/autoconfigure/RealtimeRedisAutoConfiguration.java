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

import java.util.UUID;

import dev.realtime.control.ControlBus;
import dev.realtime.presence.PresenceStore;
import dev.realtime.redis.RedisConnector;
import dev.realtime.redis.RedisPresenceStore;
import dev.realtime.redis.RedisRelaySettings;
import dev.realtime.redis.RedisRoomRelay;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RoomRelay;
import io.lettuce.core.RedisClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.StringUtils;

/**
 * Auto-configures the relay of rooms through Redis.
 *
 * @since 0.1.0
 */
@AutoConfiguration(before = RealtimeAutoConfiguration.class,
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({ RedisClient.class, DataRedisConnectionDetails.class, LettuceConnectionFactory.class })
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "realtime.relay", havingValue = "redis")
@EnableConfigurationProperties(RealtimeProperties.class)
public final class RealtimeRedisAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RedisRelaySettings realtimeRedisSettings(RealtimeProperties properties, DataRedisConnectionDetails details,
			Environment environment) {
		RedisProperties redis = properties.getRedis();
		String application = environment.getProperty("spring.application.name", "");
		return new RedisRelaySettings(prefix(redis, application), RedisConnectors.database(details),
				redis.getPartitions(), application, node(properties), redis.getCommandTimeout(),
				redis.getProbeInterval(), redis.isFailFast(),
				StringUtils.hasText(redis.getControlSecret()) ? redis.getControlSecret() : null);
	}

	private static String prefix(RedisProperties redis, String application) {
		String prefix = redis.getKeyPrefix();
		if (StringUtils.hasText(prefix)) {
			return prefix;
		}
		if (!StringUtils.hasText(application)) {
			throw new InvalidRealtimePropertyException("realtime.redis.key-prefix", "",
					"Neither this property nor spring.application.name is set, so that rooms of different applications "
							+ "could get mixed up",
					"Set spring.application.name, or realtime.redis.key-prefix.");
		}
		return "rt:" + application.replace("{", "").replace("}", "") + ":";
	}

	private static String node(RealtimeProperties properties) {
		String node = properties.getNodeId();
		return StringUtils.hasText(node) ? node : UUID.randomUUID().toString();
	}

	@Bean(defaultCandidate = false)
	@ConditionalOnMissingBean
	RedisConnector realtimeRedisConnector(DataRedisConnectionDetails details,
			ObjectProvider<LettuceConnectionFactory> factory, RealtimeProperties properties) {
		LettuceConnectionFactory own = factory.getIfUnique();
		return new RedisConnectors(details, (own != null) ? own.getClientConfiguration() : null,
				properties.getRedis().getCommandTimeout())
			.create();
	}

	@Bean
	@ConditionalOnMissingBean(RoomRelay.class)
	RedisRoomRelay realtimeRelay(RedisRelaySettings settings, ObjectProvider<RelayObserver> observer,
			@Qualifier("realtimeRedisConnector") RedisConnector connector) {
		return new RedisRoomRelay(connector, settings, observer.getIfAvailable(() -> RelayObserver.NONE));
	}

	@Bean
	@ConditionalOnBean(RedisRoomRelay.class)
	@ConditionalOnMissingBean(PresenceStore.class)
	RedisPresenceStore realtimePresenceStore(RedisRoomRelay relay) {
		return new RedisPresenceStore(relay);
	}

	@Bean
	@ConditionalOnBean(RedisRoomRelay.class)
	@ConditionalOnMissingBean
	ControlBus realtimeControlBus(RedisRoomRelay relay) {
		return relay.controlBus();
	}

}
