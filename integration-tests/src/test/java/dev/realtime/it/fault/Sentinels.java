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

package dev.realtime.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;

import static org.awaitility.Awaitility.await;

/**
 * One master, two replicas and three sentinels that take a master for gone after a
 * second.
 */
final class Sentinels implements AutoCloseable {

	private static final String NAME = "primary";

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<RedisServer> servers = new ArrayList<>();

	private final List<RedisServer> sentinels = new ArrayList<>();

	/**
	 * Start them.
	 * @param lines further configuration of the servers
	 */
	Sentinels(String... lines) {
		RedisServer first = RedisServer.create(options(lines)).start();
		this.servers.add(first);
		for (int i = 0; i < 2; i++) {
			this.servers.add(RedisServer.create(options(lines).replicaOf("127.0.0.1", first.port())).start());
		}
		await().atMost(PATIENCE).until(() -> first.cli("INFO", "replication").contains("connected_slaves:2"));
		for (int i = 0; i < 3; i++) {
			this.sentinels.add(RedisServer.create(sentinel(first.port())).start());
		}
		await().atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> this.sentinels.stream()
				.allMatch((sentinel) -> sentinel.cli("SENTINEL", "CKQUORUM", NAME).startsWith("OK 3")
						&& sentinel.cli("SENTINEL", "REPLICAS", NAME).lines().filter("name"::equals).count() == 2));
	}

	private static RedisServerOptions options(String... lines) {
		RedisServerOptions options = new RedisServerOptions();
		Stream.of(lines).forEach(options::line);
		return options;
	}

	private static RedisServerOptions sentinel(int master) {
		return new RedisServerOptions().sentinel()
			.line("sentinel monitor " + NAME + " 127.0.0.1 " + master + " 2")
			.line("sentinel down-after-milliseconds " + NAME + " 1000")
			.line("sentinel failover-timeout " + NAME + " 5000")
			.line("sentinel parallel-syncs " + NAME + " 2");
	}

	/** Return the properties of a node. */
	List<String> settings() {
		String nodes = this.sentinels.stream()
			.map((sentinel) -> "127.0.0.1:" + sentinel.port())
			.collect(Collectors.joining(","));
		return List.of("--spring.data.redis.sentinel.master=" + NAME, "--spring.data.redis.sentinel.nodes=" + nodes);
	}

	/** Return the server that the sentinels take for the master. */
	RedisServer master() {
		int port = port(this.sentinels.get(0));
		return this.servers.stream().filter((server) -> server.port() == port).findFirst().orElseThrow();
	}

	private static int port(RedisServer sentinel) {
		List<String> address = sentinel.cli("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).lines().toList();
		return Integer.parseInt(address.get(1));
	}

	/** Wait until all sentinels know another master than one that has failed. */
	RedisServer awaitOther(RedisServer failed) {
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> this.sentinels.stream().allMatch((sentinel) -> port(sentinel) != failed.port()));
		return master();
	}

	/** Let a sentinel choose another master. */
	RedisServer failover() {
		RedisServer before = master();
		await().atMost(PATIENCE).ignoreExceptions().until(() -> {
			this.sentinels.get(0).cli("SENTINEL", "FAILOVER", NAME);
			return true;
		});
		return awaitOther(before);
	}

	/** Wait until all servers run and follow the master. */
	void awaitHealthy() {
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptions()
			.until(() -> this.servers.stream().allMatch(RedisServer::isRunning)
					&& master().cli("INFO", "replication").contains("connected_slaves:2"));
	}

	@Override
	public void close() {
		this.sentinels.forEach(RedisServer::close);
		this.servers.forEach(RedisServer::close);
	}

}
