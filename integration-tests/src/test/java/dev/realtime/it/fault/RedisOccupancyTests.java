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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Rooms are occupied and vacated for all nodes together.
 */
@Timeout(120)
class RedisOccupancyTests {

	private static final List<String> ROOMS = RedisRun.rooms("plain:r", 20);

	private static final String[] PLAIN = { "--realtime.namespaces.plain.subscribe=anyone" };

	@Test
	void eachRoomIsOccupiedOnceAndVacatedOnceWhateverNodeItIsOn() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server, PLAIN)) {
			Sockets other = run.open(new Sockets(run.publishing().port()));
			for (int round = 1; round <= 3; round++) {
				List<Member> members = new ArrayList<>();
				for (int i = 0; i < 10; i++) {
					members.add(run.join("m" + round + i, ROOMS, (i % 2 == 0) ? run.sockets() : other));
				}
				run.awaitIn();
				int occupied = round * ROOMS.size();
				await().untilAsserted(() -> assertThat(occupied(run)).isEqualTo(occupied));
				assertThat(vacated(run)).isEqualTo(occupied - ROOMS.size());
				Collections.shuffle(members);
				members.forEach(Member::close);
				run.members().clear();
				await().untilAsserted(() -> assertThat(vacated(run)).isEqualTo(occupied));
				assertThat(occupied(run)).isEqualTo(occupied);
			}
			assertThat(server.cli("KEYS", "*:room:*")).isEmpty();
		}
	}

	private static int occupied(RedisRun run) {
		return run.publishing().recorder().occupied() + run.listening().recorder().occupied();
	}

	private static int vacated(RedisRun run) {
		return run.publishing().recorder().vacated() + run.listening().recorder().vacated();
	}

}
