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

import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sentinels choose another master while messages are published.
 */
@Tag("fault")
class RedisSentinelTests {

	private static final int TIMES = Integer.getInteger("fault.failovers", 3);

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 6);

	@Test
	void masterThatHangsAcknowledgesNothingWhenItComesBack() throws Exception {
		try (Sentinels sentinels = new Sentinels("min-replicas-to-write 1", "min-replicas-max-lag 2");
				RedisRun run = run(sentinels)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			long longest = 0;
			for (int i = 0; i < TIMES; i++) {
				RedisServer master = sentinels.master();
				long begin = System.nanoTime();
				master.pause();
				sentinels.awaitOther(master);
				run.awaitFlow(traffic);
				longest = Math.max(longest, (System.nanoTime() - begin) / 1_000_000);
				master.resume();
				sentinels.awaitHealthy();
				run.awaitFlow(traffic);
			}
			run.finish("R7: " + TIMES + " times, live again at most " + longest + " ms after the master hung, "
					+ traffic.takeFailures() + " failures");
		}
	}

	@Test
	void masterThatIsLostIsReplaced() throws Exception {
		try (Sentinels sentinels = new Sentinels(); RedisRun run = run(sentinels)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			long longest = 0;
			for (int i = 0; i < TIMES; i++) {
				RedisServer master = sentinels.master();
				long begin = System.nanoTime();
				if (i % 2 == 0) {
					master.kill();
					sentinels.awaitOther(master);
				}
				else {
					sentinels.failover();
				}
				run.awaitFlow(traffic);
				longest = Math.max(longest, (System.nanoTime() - begin) / 1_000_000);
				master.start();
				sentinels.awaitHealthy();
				run.awaitFlow(traffic);
			}
			run.finish("R8: " + TIMES + " times, live again after at most " + longest + " ms, " + traffic.takeFailures()
					+ " failures");
			assertThat(longest).isLessThan(Duration.ofSeconds(10).toMillis());
		}
	}

	private static RedisRun run(Sentinels sentinels) {
		return new RedisRun(sentinels.master(), sentinels.settings().toArray(String[]::new));
	}

}
