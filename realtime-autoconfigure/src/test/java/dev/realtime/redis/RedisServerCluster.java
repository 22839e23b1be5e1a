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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

import static org.awaitility.Awaitility.await;

/**
 * A cluster of Redis servers: masters that share the slots, and replicas of them.
 */
public final class RedisServerCluster implements AutoCloseable {

	private static final int SLOTS = 16_384;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final List<RedisServer> servers = new ArrayList<>();

	private final int masters;

	/**
	 * Start a cluster.
	 * @param masters how many masters
	 * @param replicas how many replicas each of them has
	 */
	public RedisServerCluster(int masters, int replicas) {
		this.masters = masters;
		try {
			for (int i = 0; i < masters * (1 + replicas); i++) {
				requireSharding(add());
			}
			for (int i = 0; i < masters; i++) {
				this.servers.get(i)
					.cli("CLUSTER", "ADDSLOTSRANGE", "" + SLOTS * i / masters, "" + (SLOTS * (i + 1) / masters - 1));
			}
			this.servers.subList(1, this.servers.size()).forEach(this::meet);
			awaitKnown();
			for (int i = masters; i < this.servers.size(); i++) {
				this.servers.get(i).cli("CLUSTER", "REPLICATE", id(this.servers.get(i % masters)));
			}
			awaitOk();
		}
		catch (RuntimeException ex) {
			// also when it is skipped
			close();
			throw ex;
		}
	}

	private static void requireSharding(RedisServer server) {
		if (server.majorVersion() < 7) {
			String missing = "Redis " + server.description() + " has no sharded channels";
			System.out.println(missing + ", tests with a cluster are skipped");
			Assumptions.abort(missing);
		}
	}

	/** Start another server, which nobody knows yet. */
	private RedisServer add() {
		RedisServer server = RedisServer
			.create(new RedisServerOptions().line("cluster-enabled yes")
				.line("cluster-node-timeout 2000")
				.line("cluster-require-full-coverage no")
				.line("cluster-allow-pubsubshard-when-down yes")
				.line("cluster-replica-validity-factor 0"))
			.start();
		this.servers.add(server);
		server.cli("CLUSTER", "SET-CONFIG-EPOCH", "" + this.servers.size());
		return server;
	}

	private void meet(RedisServer server) {
		server.cli("CLUSTER", "MEET", "127.0.0.1", "" + this.servers.get(0).port());
	}

	/**
	 * Start another master without slots, and let the others know it.
	 * @return the server
	 */
	public RedisServer addMaster() {
		RedisServer server = add();
		meet(server);
		awaitKnown();
		awaitOk();
		return server;
	}

	private void awaitKnown() {
		await().atMost(PATIENCE)
			.until(() -> running().allMatch(
					(server) -> server.cli("CLUSTER", "INFO").contains("cluster_known_nodes:" + this.servers.size())));
	}

	private Stream<RedisServer> running() {
		return this.servers.stream().filter(RedisServer::isRunning);
	}

	/**
	 * Wait until all servers that run take the cluster for healthy, and replicas follow.
	 */
	public void awaitOk() {
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(50))
			.ignoreExceptions()
			.until(() -> running().allMatch((server) -> server.cli("CLUSTER", "INFO").contains("cluster_state:ok")
					&& !server.cli("INFO", "replication").contains("master_link_status:down")));
	}

	/**
	 * Return the servers, those first that were masters at the start.
	 * @return the servers
	 */
	public List<RedisServer> servers() {
		return this.servers;
	}

	/**
	 * Return how many masters there were at the start.
	 * @return the number
	 */
	public int masters() {
		return this.masters;
	}

	/**
	 * Return where applications find the cluster.
	 * @return addresses, with commas
	 */
	public String nodes() {
		return this.servers.stream().map((server) -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
	}

	/**
	 * Return the id of a server.
	 * @param server the server
	 * @return the id
	 */
	public static String id(RedisServer server) {
		return server.cli("CLUSTER", "MYID");
	}

	/**
	 * Return the server that has a slot, as most say.
	 * @param slot the slot
	 * @return the master
	 */
	public RedisServer owner(int slot) {
		Map<Integer, Long> votes = running().flatMap((server) -> ports(server, slot))
			.collect(Collectors.groupingBy((port) -> port, Collectors.counting()));
		int port = votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
		return this.servers.stream().filter((server) -> server.port() == port).findFirst().orElseThrow();
	}

	private static Stream<Integer> ports(RedisServer server, int slot) {
		return server.cli("CLUSTER", "NODES").lines().filter((line) -> has(line, slot)).map((line) -> {
			String address = line.split(" ")[1];
			return Integer.valueOf(address.substring(address.indexOf(':') + 1, address.indexOf('@')));
		});
	}

	private static boolean has(String line, int slot) {
		String[] words = line.split(" ");
		return Stream.of(words).skip(8).filter((word) -> !word.startsWith("[")).anyMatch((word) -> {
			String[] range = word.split("-");
			return Integer.parseInt(range[0]) <= slot && slot <= Integer.parseInt(range[range.length - 1]);
		});
	}

	/**
	 * Move a slot with its keys from one master to another, as {@code redis-cli} does it.
	 * @param slot the slot
	 * @param from who has it
	 * @param to who is to have it
	 * @param pause for how long the slot is on both
	 */
	public void move(int slot, RedisServer from, RedisServer to, Duration pause) {
		String number = Integer.toString(slot);
		to.cli("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
		from.cli("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
		if (!pause.isZero()) {
			await().pollDelay(pause).until(() -> true);
		}
		List<String> keys = keys(from, number);
		while (!keys.isEmpty()) {
			for (String key : keys) {
				from.cli("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "5000");
			}
			keys = keys(from, number);
		}
		to.cli("CLUSTER", "SETSLOT", number, "NODE", id(to));
		running().filter((server) -> server != to).forEach((server) -> tell(server, number, id(to)));
	}

	private static void tell(RedisServer server, String slot, String owner) {
		try {
			server.cli("CLUSTER", "SETSLOT", slot, "NODE", owner);
		}
		catch (IllegalStateException ex) {
			// a replica hears it from its master, and a master without its last slot
			// becomes one
			if (!ex.getMessage().contains("only with masters")) {
				throw ex;
			}
		}
	}

	private static List<String> keys(RedisServer server, String slot) {
		return server.cli("CLUSTER", "GETKEYSINSLOT", slot, "50").lines().filter((key) -> !key.isEmpty()).toList();
	}

	@Override
	public void close() {
		this.servers.forEach(RedisServer::close);
	}

}
