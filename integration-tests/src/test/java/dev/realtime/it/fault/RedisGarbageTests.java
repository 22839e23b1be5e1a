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

import dev.realtime.it.checker.Verdict;
import dev.realtime.redis.RedisServer;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody else writes to our channels and keys.
 */
@Tag("fault")
@ExtendWith(OutputCaptureExtension.class)
class RedisGarbageTests {

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 4);

	@Test
	void garbageOnChannelsIsIgnored(CapturedOutput output) throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			List<String> channels = new ArrayList<>(ROOMS.stream().map(run::channel).toList());
			List<String> probes = server.cli("PUBSUB", "CHANNELS", "rt:faults:*:p0:*").lines().toList();
			assertThat(probes).hasSize(2);
			channels.addAll(probes);
			List<String> garbage = List.of("", " ", "1", "2", "hello", "1 ", "1 1 ", "1epoch 1 ", "1epoch -1 x",
					"1epoch 99999999999999999999 x", "1epoch 999999999999999999 x", "1epoch 5 {\"data\":1}",
					"2epoch 5 \u0001\u0002\u0003", "1epoch 5 \u0000\u0000\u0000\u0000\u00ff\u00ff\u00ff",
					"1epoch 5 \u0001\u007f\u007f\u007f\u007f\u007f", "\u20ac".repeat(100), "1epoch 0 9999999999",
					"1e 0 99999999999999999", "1e 0 -1", "x".repeat(4_000_000));
			int before = output.getAll().length();
			long begin = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				for (String channel : channels) {
					for (String message : garbage) {
						if (i == 0 || message.length() < 1_000) {
							server.cli("PUBLISH", channel, message);
						}
					}
				}
			}
			long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds() + 1;
			long live = run.awaitFlow(traffic);
			String log = output.getAll().substring(before);
			long lines = log.lines().filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ")).count();
			long causes = log.lines()
				.filter((line) -> line.contains(" WARN "))
				.map((line) -> line.replaceAll(".*: ", ""))
				.distinct()
				.count();
			Verdict verdict = run.finish("G1: " + lines + " lines of " + causes + " causes in " + seconds
					+ " s, live after " + live + " ms");
			assertThat(verdict.gapSignals()).isZero();
			assertThat(traffic.takeFailures()).isZero();
			assertThat(run.members()).allSatisfy((member) -> assertThat(member.codes()).isEmpty());
			assertThat(run.listening().bean(RoomRelay.class).state()).isEqualTo(RelayState.LIVE);
			assertThat(lines).isLessThanOrEqualTo(causes * (seconds + 1));
			assertThat(log.length()).isLessThan(50_000);
		}
	}

	@Test
	void garbageInTheHistoryIsLeftOut(CapturedOutput output) throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(1, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			run.awaitFlow(traffic);
			traffic.stop();
			Member member = run.members().get(0);
			String stream = server.cli("KEYS", "rt:faults:*:s:" + ROOMS.get(0));
			member.leave();
			server.cli("XADD", stream, "*", "a", "b");
			server.cli("XADD", stream, "*", "i", "x", "d", "garbage");
			server.cli("CLIENT", "KILL", "TYPE", "pubsub");
			RedisRun.elapse(Duration.ofMillis(500));
			member.back();
			run.awaitIn();
			Traffic more = run.publish(ROOMS, 15);
			long live = run.awaitFlow(more);
			run.finish("G2: live after " + live + " ms, " + member.gaps() + " gap signals");
			assertThat(output.getAll()).contains("is no publication");
		}
	}

}
