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

import java.util.List;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterAll;

/**
 * A cluster of three masters keeps the contracts.
 */
class RedisClusterRelayContractTests extends RedisRelayContract {

	private final RedisServerCluster cluster = new RedisServerCluster(3, 0);

	@Override
	RedisConnector connector() {
		List<RedisURI> seeds = this.cluster.servers()
			.stream()
			.map((server) -> RedisURI.create("127.0.0.1", server.port()))
			.toList();
		return new RedisConnector(client(), seeds.get(0), seeds);
	}

	@AfterAll
	void stopServers() {
		this.cluster.close();
	}

}
