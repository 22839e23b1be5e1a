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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.realtime.jdbc.DatabaseServer;
import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * While Redis is away publications are stored, in a file or in a database, and delivered
 * in their order when it is back.
 */
@Tag("fault")
class RedisSpillTests {

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 6);

	@TempDir
	private Path directory;

	@Test
	void aFileKeepsWhatAKilledRedisCannotTake() throws Exception {
		kill("file", file());
	}

	@Test
	void postgresqlKeepsWhatAKilledRedisCannotTake() throws Exception {
		try (DatabaseServer database = DatabaseServer.postgresql().start()) {
			kill("PostgreSQL", settings(database));
		}
	}

	@Test
	void mariaDbKeepsWhatAKilledRedisCannotTake() throws Exception {
		try (DatabaseServer database = DatabaseServer.mariadb().start()) {
			kill("MariaDB", settings(database));
		}
	}

	@Test
	void whatAReadOnlyRedisRefusesIsStored() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server, file())) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			server.cli("CONFIG", "SET", "min-replicas-to-write", "1");
			outage(run, traffic, "R11 NOREPLICAS", () -> server.cli("CONFIG", "SET", "min-replicas-to-write", "0"));
		}
	}

	@Test
	void whatARedisThatTakesABreakDoesNotAnswerIsStored() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server, file())) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			server.pause();
			outage(run, traffic, "R12 hangs", server::resume);
		}
	}

	private static void kill(String name, String... settings) throws Exception {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().appendOnly("always")).start();
				RedisRun run = new RedisRun(server, settings)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			server.kill();
			outage(run, traffic, "R1 " + name, server::start);
		}
	}

	private static void outage(RedisRun run, Traffic traffic, String name, Runnable end) {
		traffic.takeFailures();
		RedisRun.elapse(Duration.ofSeconds(5));
		int spilled = traffic.takeSpilled();
		int failures = traffic.takeFailures();
		end.run();
		long live = run.awaitFlow(traffic);
		run.finish(name + " with an outbox: " + spilled + " stored in 5 s, " + failures + " failures, live " + live
				+ " ms after the end");
		assertThat(failures).isZero();
		assertThat(spilled).isGreaterThan(50);
		assertThat(live).isLessThan(10_000);
	}

	private String[] file() {
		return new String[] { "--realtime.outbox.path=" + this.directory + "/${random.uuid}" };
	}

	private static String[] settings(DatabaseServer database) {
		return new String[] { "--spring.datasource.url=" + database.url(),
				"--spring.datasource.username=" + database.user(), "--spring.datasource.password=",
				"--realtime.outbox.initialize-schema=always" };
	}

}
