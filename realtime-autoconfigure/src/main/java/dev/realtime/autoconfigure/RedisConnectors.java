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

import java.time.Duration;
import java.util.List;

import dev.realtime.redis.RedisConnector;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.util.StringUtils;

/**
 * Makes a connector of what Spring Boot knows about Redis: addresses and credentials of
 * the connection details, everything else of the application's own connection factory, so
 * that its customizers count here too.
 */
final class RedisConnectors {

	private static final String CLIENT_NAME = "realtime";

	private static final int MAX_QUEUE = 50_000;

	private final DataRedisConnectionDetails details;

	private final LettuceClientConfiguration configuration;

	private final boolean ownOptions;

	private final Duration timeout;

	/**
	 * Create the factory.
	 * @param details where Redis is
	 * @param configuration how the application's own connections are configured, or
	 * {@code null} if they are not of Lettuce
	 * @param timeout how long connecting may take
	 */
	RedisConnectors(DataRedisConnectionDetails details, @Nullable LettuceClientConfiguration configuration,
			Duration timeout) {
		this.details = details;
		this.ownOptions = configuration == null;
		this.configuration = (configuration != null) ? configuration
				: LettuceClientConfiguration.defaultConfiguration();
		this.timeout = timeout;
	}

	RedisConnector create() {
		RedisClient client = this.configuration.getClientResources()
			.map(RedisClient::create)
			.orElseGet(RedisClient::create);
		client.setOptions(options());
		DataRedisConnectionDetails.Cluster cluster = this.details.getCluster();
		List<RedisURI> seeds = (cluster != null)
				? cluster.getNodes().stream().map((node) -> RedisURI.create(node.host(), node.port())).toList()
				: List.of();
		return new RedisConnector(client, uri(), seeds);
	}

	/** The links reconnect by themselves and have time limits of their own. */
	private ClientOptions options() {
		ClientOptions options = this.configuration.getClientOptions().orElseGet(ClientOptions::create);
		SocketOptions sockets = options.getSocketOptions();
		ClientOptions.Builder builder = options.mutate()
			.autoReconnect(false)
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.requestQueueSize(MAX_QUEUE)
			.timeoutOptions(TimeoutOptions.create())
			.socketOptions(sockets.mutate().connectTimeout(this.timeout).keepAlive(true).build());
		SslBundle bundle = this.details.getSslBundle();
		if (bundle != null && this.ownOptions) {
			builder.sslOptions(SslOptions.builder()
				.keyManager(bundle.getManagers().getKeyManagerFactory())
				.trustManager(bundle.getManagers().getTrustManagerFactory())
				.build());
		}
		return builder.build();
	}

	private RedisURI uri() {
		RedisURI.Builder builder = address();
		builder.withSsl(this.configuration.isUseSsl() || this.details.getSslBundle() != null)
			.withVerifyPeer(this.configuration.getVerifyMode())
			.withStartTls(this.configuration.isStartTls())
			.withClientName(this.configuration.getClientName().orElse(CLIENT_NAME))
			.withTimeout(this.timeout);
		String password = this.details.getPassword();
		if (StringUtils.hasLength(this.details.getUsername()) && password != null) {
			builder.withAuthentication(this.details.getUsername(), password);
		}
		else if (password != null) {
			builder.withPassword(password.toCharArray());
		}
		return builder.build();
	}

	private RedisURI.Builder address() {
		DataRedisConnectionDetails.Sentinel sentinel = this.details.getSentinel();
		if (sentinel != null) {
			return sentinels(sentinel);
		}
		DataRedisConnectionDetails.Cluster cluster = this.details.getCluster();
		if (cluster != null) {
			DataRedisConnectionDetails.Node first = cluster.getNodes().get(0);
			return RedisURI.Builder.redis(first.host(), first.port());
		}
		DataRedisConnectionDetails.Standalone standalone = this.details.getStandalone();
		if (standalone == null) {
			throw new InvalidRealtimePropertyException("realtime.relay", "redis",
					"This version works with one Redis, with Sentinel and with Redis Cluster, not with static replicas",
					"Set spring.data.redis.host and spring.data.redis.port, spring.data.redis.sentinel.* or "
							+ "spring.data.redis.cluster.*.");
		}
		return RedisURI.Builder.redis(standalone.getHost(), standalone.getPort())
			.withDatabase(standalone.getDatabase());
	}

	private RedisURI.Builder sentinels(DataRedisConnectionDetails.Sentinel sentinel) {
		RedisURI.Builder builder = RedisURI.builder()
			.withSentinelMasterId(sentinel.getMaster())
			.withDatabase(sentinel.getDatabase());
		for (DataRedisConnectionDetails.Node node : sentinel.getNodes()) {
			RedisURI uri = RedisURI.create(node.host(), node.port());
			String password = sentinel.getPassword();
			if (password != null) {
				uri.setAuthentication(sentinel.getUsername(), password);
			}
			builder.withSentinel(uri);
		}
		return builder;
	}

	/**
	 * Return the database of the connections.
	 */
	static int database(DataRedisConnectionDetails details) {
		DataRedisConnectionDetails.Sentinel sentinel = details.getSentinel();
		DataRedisConnectionDetails.Standalone standalone = details.getStandalone();
		int single = (standalone != null) ? standalone.getDatabase() : 0;
		return (sentinel != null) ? sentinel.getDatabase() : single;
	}

}
