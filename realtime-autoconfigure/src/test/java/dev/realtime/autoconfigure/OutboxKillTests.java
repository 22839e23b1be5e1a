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

package dev.realtime.autoconfigure;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import dev.realtime.jdbc.ChildJvm;
import dev.realtime.redis.RedisServer;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with an application that is killed again and again while it publishes in
 * transactions, with a real Redis that hangs at times: what was committed comes out once,
 * in the order of each process, and what was rolled back never does.
 */
@Tag("fault")
class OutboxKillTests {

	/** More by hand: -Dkills=100. */
	private static final int KILLS = Integer.getInteger("kills", 10);

	@TempDir
	private Path directory;

	@Test
	void whatWasCommittedComesOutOnceHoweverOftenTheProcessIsKilled() {
		Random random = new Random(42);
		createTable();
		try (RedisServer redis = RedisServer.create().start()) {
			for (int run = 0; run < KILLS; run++) {
				publishAndKill(redis, run, random);
			}
			try (ChildJvm child = child(redis, -1)) {
				List<Integer> sent = numbers(child.line("sent "));
				List<Integer> out = numbers(child.line("out "));
				assertThat(sent).hasSizeGreaterThan(200);
				assertThat(out).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent);
				for (int run = 0; run < KILLS; run++) {
					int first = first(run);
					assertThat(out.stream().filter((number) -> number >= first && number < first + 10_000)).isSorted();
				}
			}
		}
	}

	private void createTable() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL(url());
		dataSource.setUser("sa");
		dataSource.setPassword("");
		new JdbcTemplate(dataSource).execute("create table sent (number integer)");
	}

	private void publishAndKill(RedisServer redis, int run, Random random) {
		try (ChildJvm child = child(redis, first(run))) {
			assertThat(child.line("ready")).isNotNull();
			pass(100 + random.nextInt(600));
			if (run % 2 == 1) {
				redis.pause();
				pass(random.nextInt(300));
			}
			child.kill();
		}
		if (run % 2 == 1) {
			redis.resume();
		}
	}

	private static void pass(int millis) {
		await().pollDelay(millis, TimeUnit.MILLISECONDS).until(() -> true);
	}

	private ChildJvm child(RedisServer redis, int first) {
		return ChildJvm.start(OutboxKillChild.class, Integer.toString(first), "--spring.datasource.url=" + url(),
				"--spring.datasource.username=sa", "--spring.data.redis.url=" + redis.uri(), "--realtime.relay=redis",
				"--realtime.redis.key-prefix=kill", "--realtime.namespaces.chat.history.size=100000",
				"--realtime.namespaces.chat.history.ttl=1h", "--realtime.outbox.lease=1s", "--logging.level.root=warn",
				"--spring.main.banner-mode=off");
	}

	private String url() {
		return "jdbc:h2:file:" + this.directory.resolve("database") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
	}

	private static int first(int run) {
		return run * 10_000;
	}

	private static List<Integer> numbers(String line) {
		return Arrays.stream(line.substring(line.indexOf(' ') + 1).split(",")).map(Integer::valueOf).toList();
	}

}
