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

import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A node is killed, in a JVM of its own. {@code -Dfault.clients=5000} lets so many
 * clients lose it.
 */
@Tag("fault")
class RedisNodeLossTests {

	private static final int CLIENTS = Integer.getInteger("fault.clients", 300);

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 10);

	@Test
	void clientsOfANodeThatIsKilledGoOnAtAnother() throws Exception {
		try (RedisServer server = RedisServer.create().start();
				RedisRun run = new RedisRun(server);
				NodeProcess other = new NodeProcess(RedisRun.settings(server.port()))) {
			run.join(5, ROOMS);
			Sockets theirs = run.open(new Sockets(other.port()));
			List<Member> movers = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				movers.add(run.join("mover" + i, ROOMS.subList(i % 10, i % 10 + 1), theirs, run.sockets()));
			}
			run.awaitIn();
			Traffic traffic = run.publish(ROOMS, 10);
			RedisRun.elapse(Duration.ofSeconds(1));
			other.close();
			long begin = System.nanoTime();
			await().until(() -> movers.stream().noneMatch((mover) -> mover.codes().isEmpty()));
			await().pollInterval(Duration.ofMillis(20))
				.atMost(Duration.ofSeconds(30))
				.until(() -> movers.stream().allMatch(Member::isIn));
			long back = Duration.ofNanos(System.nanoTime() - begin).toMillis();
			run.awaitFlow(traffic);
			int failures = traffic.takeFailures();
			run.finish("W6/W5: " + CLIENTS + " clients are back after " + back + " ms, " + failures + " failures");
			assertThat(failures).isZero();
			assertThat(back).isLessThan(15_000);
			assertThat(movers).allSatisfy((mover) -> {
				assertThat(mover.gaps()).isZero();
				assertThat(mover.codes()).containsExactly(FaultClient.ABNORMAL);
			});
			run.members().removeAll(movers);
			assertThat(run.members()).hasSize(5).allSatisfy((member) -> assertThat(member.codes()).isEmpty());
		}
	}

}
