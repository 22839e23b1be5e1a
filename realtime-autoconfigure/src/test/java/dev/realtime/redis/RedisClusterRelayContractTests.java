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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterAll;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster of three masters keeps the contracts, with a user that may do no more than
 * the documentation says.
 */
class RedisClusterRelayContractTests extends RedisRelayContract {

	private final RedisServerCluster cluster = new RedisServerCluster(3, 0);

	RedisClusterRelayContractTests() throws IOException {
		String rules = (RedisAccessTests.rules() + " " + RedisAccessTests.clusterRules()).replace("rt:chat:",
				"realtime");
		this.cluster.servers().forEach((server) -> {
			List<String> command = new ArrayList<>(List.of("ACL", "SETUSER"));
			command.addAll(List.of(rules.split(" ")));
			server.cli(command.toArray(String[]::new));
		});
	}

	@Override
	RedisConnector connector() {
		List<RedisURI> seeds = this.cluster.servers()
			.stream()
			.map((server) -> RedisURI.create("127.0.0.1", server.port()))
			.toList();
		RedisURI uri = RedisURI.builder(seeds.get(0)).withAuthentication("realtime", "secret").build();
		return new RedisConnector(client(), uri, seeds);
	}

	@AfterAll
	void stopServers() {
		this.cluster.servers().forEach((server) -> assertThat(server.cli("ACL", "LOG")).isEmpty());
		this.cluster.close();
	}

}
