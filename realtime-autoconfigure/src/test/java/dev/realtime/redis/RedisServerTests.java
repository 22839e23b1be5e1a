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

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisServer}.
 */
@Timeout(60)
class RedisServerTests {

	@Test
	void startedServerAnswersAndIsEmptyAfterARestart() {
		try (RedisServer server = RedisServer.create().start()) {
			int port = server.port();
			assertThat(server.uri()).isEqualTo("redis://127.0.0.1:" + port);
			assertThat(server.description()).contains(" from ");
			assertThat(server.cli("SET", "a", "\u00e9 \n")).isEqualTo("OK");
			assertThat(server.cli("GET", "a")).isEqualTo("\u00e9 \n");
			assertThat(server.cli("GET", "b")).isEmpty();
			assertThat(server.cli("RPUSH", "l", "1", "2")).isEqualTo("2");
			assertThat(server.cli("LRANGE", "l", "0", "-1")).isEqualTo("1\n2");
			server.restart();
			assertThat(server.port()).isEqualTo(port);
			assertThat(server.cli("DBSIZE")).isEqualTo("0");
		}
	}

	@Test
	void whenThereIsAnAppendOnlyFileNothingIsLostByBeingKilled() {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().appendOnly("everysec")).start()) {
			server.cli("SET", "a", "1");
			server.kill();
			assertThat(server.isRunning()).isFalse();
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> server.cli("PING"));
			server.start();
			assertThat(server.cli("GET", "a")).isEqualTo("1");
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void pausedServerAnswersWhenItIsResumed() {
		try (RedisServer server = RedisServer.create().start()) {
			server.pause();
			await().atMost(Duration.ofSeconds(5)).until(() -> state(server) == 'T');
			server.resume();
			assertThat(server.cli("PING")).isEqualTo("PONG");
			server.pause();
			server.stop();
			assertThat(server.isRunning()).isFalse();
		}
	}

	private static char state(RedisServer server) throws Exception {
		String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
		return stat.charAt(stat.lastIndexOf(')') + 2);
	}

	@Test
	void closedServerLeavesNothing() {
		RedisServer server = RedisServer.create().start();
		ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
		server.close();
		assertThat(process.isAlive()).isFalse();
		assertThat(server.directory()).doesNotExist();
		server.close();
	}

	@Test
	void passwordAndUsersDoNotHinderTheHarness() {
		RedisServerOptions options = new RedisServerOptions().password("secret")
			.user("app on >secret ~* &* +@all -@scripting");
		try (RedisServer server = RedisServer.create(options).start()) {
			assertThat(server.uri()).isEqualTo("redis://:secret@127.0.0.1:" + server.port());
			server.cli("CONFIG", "SET", "requirepass", "other");
			assertThat(server.cli("ACL", "LIST")).contains("user app on").contains("-@scripting");
		}
	}

	@Test
	void replicaFollowsItsMaster() {
		try (RedisServer master = RedisServer.create(new RedisServerOptions().password("secret").minReplicasToWrite(1))
			.start();
				RedisServer replica = RedisServer
					.create(new RedisServerOptions().password("secret").replicaOf("127.0.0.1", master.port()))
					.start()) {
			await().atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.until(() -> "OK".equals(master.cli("SET", "a", "1")));
			await().until(() -> "1".equals(replica.cli("GET", "a")));
			assertThatIllegalStateException().isThrownBy(() -> replica.cli("SET", "a", "2"))
				.withMessageStartingWith("READONLY");
		}
	}

	@Test
	void memoryDebugAndOtherSettingsAreApplied() {
		RedisServerOptions options = new RedisServerOptions().maxMemory("2mb", "allkeys-lru")
			.debugCommand()
			.line("timeout 17");
		try (RedisServer server = RedisServer.create(options).start()) {
			assertThat(server.cli("CONFIG", "GET", "maxmemory")).endsWith("2097152");
			assertThat(server.cli("CONFIG", "GET", "maxmemory-policy")).endsWith("allkeys-lru");
			assertThat(server.cli("CONFIG", "GET", "timeout")).endsWith("17");
			assertThat(server.cli("DEBUG", "SLEEP", "0")).isEqualTo("OK");
		}
	}

	@Test
	void whenSettingIsWrongTheLogIsShown() {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().line("no-such-setting 1"))) {
			assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("no-such-setting");
		}
	}

	@Test
	void whenPortIsTakenAnotherServerDoesNotStart() {
		try (RedisServer server = RedisServer.create().start();
				RedisServer other = RedisServer.create(new RedisServerOptions().port(server.port()))) {
			assertThatIllegalStateException().isThrownBy(other::start).withMessageContaining("Redis did not start");
			assertThat(server.cli("PING")).isEqualTo("PONG");
		}
	}

	@Test
	void whenItIsNotInstalledTheEmbeddedOneIsUnpacked(@TempDir Path directory) {
		RedisServerBinary binary = RedisServerBinary.unpack(directory, false);
		assertThat(binary.executable()).isExecutable().hasParent(directory);
		assertThat(binary.major()).isGreaterThanOrEqualTo(6);
		assertThat(binary.description()).endsWith("embedded-redis");
	}

	@Test
	void whenItIsRequiredNothingIsUnpacked(@TempDir Path directory) {
		assertThatIllegalStateException().isThrownBy(() -> RedisServerBinary.unpack(directory, true))
			.withMessageContaining("redis-server is not installed");
	}

}
