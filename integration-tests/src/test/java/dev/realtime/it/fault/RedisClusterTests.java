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
import java.util.List;
import java.util.Random;

import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerCluster;
import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cluster moves slots and loses masters while messages are published.
 */
@Tag("fault")
class RedisClusterTests {

	private static final int PARTITIONS = 64;

	private static final int MOVES = Integer.getInteger("fault.moves", 20);

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 24);

	@Test
	void slotsThatMoveCostNothing() throws Exception {
		Random random = new Random(9);
		try (RedisServerCluster cluster = new RedisServerCluster(3, 0); RedisRun run = run(cluster)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 5);
			long longest = 0;
			for (int i = 0; i < MOVES; i++) {
				int slot = slot(partition(ROOMS.get(i % ROOMS.size())));
				RedisServer from = cluster.owner(slot);
				RedisServer to = cluster.servers().get(random.nextInt(3));
				if (to != from) {
					cluster.move(slot, from, to, Duration.ofMillis(random.nextInt(500)));
					longest = Math.max(longest, run.awaitFlow(traffic));
				}
			}
			int failures = traffic.takeFailures();
			run.finish("R9: " + MOVES + " slots moved, all rooms live again at most " + longest + " ms later, "
					+ failures + " failures, slowest call " + traffic.takeSlowestMillis() + " ms");
			assertThat(longest).isLessThan(5_000);
		}
	}

	@Test
	void masterWithoutReplicaTakesOnlyItsOwnRoomsAlong() throws Exception {
		try (RedisServerCluster cluster = new RedisServerCluster(3, 0); RedisRun run = run(cluster)) {
			RedisServer lost = cluster.owner(slot(partition(ROOMS.get(0))));
			List<String> others = ROOMS.stream()
				.filter((room) -> cluster.owner(slot(partition(room))) != lost)
				.toList();
			run.join(1, ROOMS);
			Traffic spared = run.publish(others, 5);
			Traffic all = run.publish(ROOMS, 5);
			spared.takeSlowestMillis();
			lost.kill();
			RedisRun.elapse(Duration.ofSeconds(4));
			long slowest = spared.takeSlowestMillis();
			int failures = spared.takeFailures();
			assertThat(all.takeFailures()).isPositive();
			lost.start();
			cluster.awaitOk();
			long live = run.awaitFlow(all);
			run.finish("R10 no replica: " + failures + " failures of other rooms, slowest call " + slowest
					+ " ms, live " + live + " ms after the restart");
			assertThat(failures).isZero();
			assertThat(slowest).isLessThan(1_000);
		}
	}

	@Test
	void replicaTakesOver() throws Exception {
		try (RedisServerCluster cluster = new RedisServerCluster(3, 1); RedisRun run = run(cluster)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 5);
			RedisServer lost = cluster.owner(slot(partition(ROOMS.get(0))));
			long begin = System.nanoTime();
			lost.kill();
			run.awaitFlow(traffic);
			long live = (System.nanoTime() - begin) / 1_000_000;
			lost.start();
			cluster.awaitOk();
			run.awaitFlow(traffic);
			run.finish("R10 replica: live " + live + " ms after the master was lost, " + traffic.takeFailures()
					+ " failures");
			assertThat(live).isLessThan(10_000);
		}
	}

	@Test
	void masterIsAddedAndRemoved() throws Exception {
		try (RedisServerCluster cluster = new RedisServerCluster(3, 0); RedisRun run = run(cluster)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 5);
			RedisServer added = cluster.addMaster();
			for (int partition = 0; partition < PARTITIONS; partition += 2) {
				cluster.move(slot(partition), cluster.owner(slot(partition)), added, Duration.ZERO);
			}
			run.awaitFlow(traffic);
			for (int partition = 0; partition < PARTITIONS; partition += 2) {
				cluster.move(slot(partition), added, cluster.servers().get(partition % 3), Duration.ZERO);
			}
			run.awaitFlow(traffic);
			added.kill();
			run.awaitFlow(traffic);
			run.finish("R10 added and removed: " + traffic.takeFailures() + " failures");
		}
	}

	private static RedisRun run(RedisServerCluster cluster) {
		return new RedisRun(cluster.servers().get(0), "--spring.data.redis.cluster.nodes=" + cluster.nodes());
	}

	/** As the relay spreads rooms. */
	private static int partition(String room) {
		int hash = room.hashCode();
		return Math.floorMod(hash ^ (hash >>> 16), PARTITIONS);
	}

	private static int slot(int partition) {
		return SlotHash.getSlot(Integer.toString(partition));
	}

}
