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
import dev.realtime.redis.RedisServerOptions;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Applications that start or end while Redis is not there or refuses.
 */
@Tag("fault")
@ExtendWith(OutputCaptureExtension.class)
class RedisStartTests {

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 5);

	@Test
	void startsWithoutRedisAndLivesWhenItIsThere(CapturedOutput output) throws Exception {
		try (RedisServer server = RedisServer.create().start()) {
			server.kill();
			try (RedisRun run = new RedisRun(server)) {
				assertThat(run.listening().bean(RoomRelay.class).state()).isEqualTo(RelayState.DOWN);
				assertThat(output.getAll()).contains("There is no Redis yet");
				Member member = run.join("early", ROOMS, run.sockets());
				RedisRun.elapse(Duration.ofSeconds(2));
				assertThat(member.isIn()).isFalse();
				server.start();
				long begin = System.nanoTime();
				await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(20)).until(member::isIn);
				long joined = Duration.ofNanos(System.nanoTime() - begin).toMillis();
				RedisRun.awaitState(run.publishing(), RelayState.LIVE);
				Traffic traffic = run.publish(ROOMS, 15);
				run.awaitFlow(traffic);
				run.finish("R17: in " + joined + " ms after Redis is there");
				assertThat(joined).isLessThan(7_000);
			}
		}
	}

	@Test
	void doesNotStartWithoutRedisWhereThatIsSaid(CapturedOutput output) {
		try (RedisServer server = RedisServer.create().start()) {
			server.kill();
			assertRefuses(server, output, "There is no Redis that can be used: Connection refused",
					"realtime.redis.fail-fast=false", "--realtime.redis.fail-fast=true");
		}
	}

	@Test
	void doesNotStartOnAReplicaWhereRedisMustBeThere(CapturedOutput output) {
		try (RedisServer server = RedisServer.create().start()) {
			server.cli("REPLICAOF", "127.0.0.1", "1");
			assertRefuses(server, output, "There is no Redis that can be used: READONLY",
					"realtime.redis.fail-fast=false", "--realtime.redis.fail-fast=true");
		}
	}

	@Test
	void doesNotStartWithAWrongPassword(CapturedOutput output) {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().password("right")).start()) {
			assertRefuses(server, output, "Redis refuses: WRONGPASS", "spring.data.redis.password",
					"--spring.data.redis.password=wrong");
		}
	}

	@Test
	void doesNotStartWithoutAPassword(CapturedOutput output) {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().password("right")).start()) {
			assertRefuses(server, output, "Redis refuses: NOAUTH", "spring.data.redis.password");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-subscribe", "-@scripting", "-hset", "resetchannels", "resetkeys ~other:*" })
	void doesNotStartWithoutAPermission(String rules, CapturedOutput output) {
		RedisServerOptions options = new RedisServerOptions().user("app on >secret ~* &* +@all " + rules);
		try (RedisServer server = RedisServer.create(options).start()) {
			assertRefuses(server, output, "Redis refuses: ", "docs/redis.md", "--spring.data.redis.username=app",
					"--spring.data.redis.password=secret");
		}
	}

	private static void assertRefuses(RedisServer server, CapturedOutput output, String description, String action,
			String... settings) {
		int before = output.getAll().length();
		assertThatException().isThrownBy(() -> RedisRun.node(server.port(), settings).close());
		String log = output.getAll().substring(before);
		assertThat(log).contains("APPLICATION FAILED TO START")
			.containsSubsequence("Description:", description, "Action:", action)
			.doesNotContain("\tat dev.realtime");
	}

	@Test
	void secondApplicationDoesNotStartWithThePrefixOfTheFirst(CapturedOutput output) {
		try (RedisServer server = RedisServer.create().start();
				FaultNode first = RedisRun.node(server.port(), "--realtime.redis.key-prefix=same:")) {
			assertThat(first.bean(RoomRelay.class).state()).isEqualTo(RelayState.LIVE);
			assertRefuses(server, output, "belongs to the application 'faults', and this is 'other'",
					"realtime.redis.key-prefix", "--realtime.redis.key-prefix=same:",
					"--spring.application.name=other");
			assertThat(first.bean(RoomRelay.class).state()).isEqualTo(RelayState.LIVE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "killed", "hanging" })
	void endsWithoutRedis(String how) throws Exception {
		try (RedisServer server = RedisServer.create().start()) {
			RedisRun run = new RedisRun(server);
			run.join(5, ROOMS);
			run.publish(ROOMS, 15);
			if (how.equals("killed")) {
				server.kill();
			}
			else {
				server.pause();
			}
			RedisRun.elapse(Duration.ofMillis(500));
			long begin = System.nanoTime();
			run.listening().close();
			long listening = Duration.ofNanos(System.nanoTime() - begin).toMillis();
			begin = System.nanoTime();
			run.publishing().close();
			long publishing = Duration.ofNanos(System.nanoTime() - begin).toMillis();
			run.close();
			System.out.println("R16 Redis " + how + ": the listening node ended in " + listening
					+ " ms, the publishing node in " + publishing + " ms");
			assertThat(listening).isLessThan(7_000);
			assertThat(publishing).isLessThan(7_000);
		}
	}

}
