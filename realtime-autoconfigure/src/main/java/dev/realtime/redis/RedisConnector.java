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

package dev.realtime.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

/**
 * Makes connections. Every attempt resolves the address anew.
 *
 * @param client the client, whose options do not reconnect by themselves
 * @param uri where Redis is, or the sentinels that know
 * @param seeds servers of a cluster, none if it is a single server
 * @since 0.1.0
 */
public record RedisConnector(RedisClient client, RedisURI uri, List<RedisURI> seeds) implements AutoCloseable {

	private static final Duration QUIET = Duration.ofSeconds(2);

	public RedisConnector {
		seeds = List.copyOf(seeds);
	}

	/**
	 * Create a connector for a single server.
	 * @param client the client, whose options do not reconnect by themselves
	 * @param uri where Redis is, or the sentinels that know
	 */
	public RedisConnector(RedisClient client, RedisURI uri) {
		this(client, uri, List.of());
	}

	boolean isCluster() {
		return !this.seeds.isEmpty();
	}

	/**
	 * Return a connector for one server of a cluster.
	 */
	RedisConnector at(String host, int port) {
		return new RedisConnector(this.client, RedisURI.builder(this.uri).withHost(host).withPort(port).build());
	}

	CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
		return this.client.connectAsync(ByteArrayCodec.INSTANCE, this.uri).thenApply((connection) -> {
			connection.setAutoFlushCommands(false);
			return connection;
		});
	}

	CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
		return this.client.connectPubSubAsync(ByteArrayCodec.INSTANCE, this.uri);
	}

	/**
	 * Give the client up.
	 */
	@Override
	public void close() {
		this.client.shutdown(Duration.ZERO, QUIET);
	}

}
