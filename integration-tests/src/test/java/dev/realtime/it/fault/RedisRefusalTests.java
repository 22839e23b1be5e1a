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

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis is there, but refuses.
 */
@Tag("fault")
@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRefusalTests {

	private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("fault.outage", 1));

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 4);

	private static final Pattern CALLS = Pattern
		.compile("cmdstat_(?:eval|evalsha|auth|hello|subscribe):calls=(\\d+).*?rejected_calls=(\\d+)");

	private RedisServer server;

	@BeforeAll
	void start() {
		this.server = RedisServer.create(new RedisServerOptions().user("app on >secret ~* &* +@all")).start();
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	private RedisRun run(String... settings) {
		String[] all = new String[settings.length + 2];
		all[0] = "--spring.data.redis.username=app";
		all[1] = "--spring.data.redis.password=secret";
		System.arraycopy(settings, 0, all, 2, settings.length);
		return new RedisRun(this.server, all);
	}

	@Test
	void replicaIsRefusedUntilItIsAMasterAgain(CapturedOutput output) throws Exception {
		refuse("READONLY", output, () -> this.server.cli("REPLICAOF", "127.0.0.1", "1"),
				() -> this.server.cli("REPLICAOF", "NO", "ONE"));
	}

	@Test
	void missingReplicasPass(CapturedOutput output) throws Exception {
		refuse("NOREPLICAS", output, () -> this.server.cli("CONFIG", "SET", "min-replicas-to-write", "9"),
				() -> this.server.cli("CONFIG", "SET", "min-replicas-to-write", "0"));
	}

	@Test
	void fullMemoryPasses(CapturedOutput output) throws Exception {
		refuse("OOM", output, () -> this.server.cli("CONFIG", "SET", "maxmemory", "1"),
				() -> this.server.cli("CONFIG", "SET", "maxmemory", "0"));
	}

	@Test
	void missingPermissionToRunScriptsPasses(CapturedOutput output) throws Exception {
		refuse("NOPERM", output, () -> this.server.cli("ACL", "SETUSER", "app", "-@scripting"),
				() -> this.server.cli("ACL", "SETUSER", "app", "+@scripting"));
	}

	@Test
	void missingPermissionForChannelsPasses(CapturedOutput output) throws Exception {
		refuse("channels", output, () -> this.server.cli("ACL", "SETUSER", "app", "resetchannels"),
				() -> this.server.cli("ACL", "SETUSER", "app", "allchannels"));
	}

	@Test
	void endlessScriptPasses(CapturedOutput output) throws Exception {
		this.server.cli("CONFIG", "SET", "lua-time-limit", "100");
		refuse("BUSY", output, () -> {
			Thread thread = new Thread(this::runEndlessScript);
			thread.setDaemon(true);
			thread.start();
		}, () -> {
			await().ignoreExceptions().until(() -> this.server.cli("SCRIPT", "KILL").equals("OK"));
			await().ignoreExceptions().until(() -> this.server.cli("PING").equals("PONG"));
		});
	}

	private void runEndlessScript() {
		try {
			this.server.cli("EVAL", "while true do end", "0");
		}
		catch (RuntimeException ex) {
			// killed
		}
	}

	@Test
	void unwritableSnapshotPasses(CapturedOutput output) throws Exception {
		Files.createDirectory(this.server.directory().resolve("dump.rdb"));
		refuse("MISCONF", output, () -> {
			this.server.cli("CONFIG", "SET", "save", "3600 1");
			this.server.cli("BGSAVE");
			await().until(() -> this.server.cli("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
		}, () -> this.server.cli("CONFIG", "SET", "save", ""));
	}

	@Test
	void otherPasswordPasses(CapturedOutput output) throws Exception {
		refuse("WRONGPASS", output, () -> {
			this.server.cli("ACL", "SETUSER", "app", "resetpass", ">other");
			this.server.cli("CLIENT", "KILL", "USER", "app");
		}, () -> this.server.cli("ACL", "SETUSER", "app", ">secret"));
	}

	private void refuse(String cause, CapturedOutput output, Runnable fault, Runnable undo) throws Exception {
		try (RedisRun run = run()) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			traffic.takeSlowestMillis();
			this.server.cli("CONFIG", "RESETSTAT");
			int before = output.getAll().length();
			fault.run();
			RedisRun.elapse(FAULT.plusSeconds(2));
			String log = output.getAll().substring(before);
			undo.run();
			long attempts = attempts() / FAULT.plusSeconds(2).toSeconds();
			int failures = traffic.takeFailures();
			long live = run.awaitFlow(traffic);
			long slowest = traffic.takeSlowestMillis();
			long lines = log.lines().filter((line) -> line.contains(" WARN ") || line.contains(" ERROR ")).count();
			run.finish("R11 " + cause + ": " + failures + " failures, " + attempts + " attempts/s, " + lines
					+ " lines, live " + live + " ms after the end, slowest call " + slowest + " ms");
			log.lines().filter((line) -> line.contains(" WARN ")).limit(4).forEach(System.out::println);
			assertThat(failures).isPositive();
			assertThat(slowest).isLessThan(3_500);
			assertThat(live).isLessThan(6_000);
			// Two nodes, and a few places that may each say so once per second
			assertThat(lines).isLessThanOrEqualTo(6 * FAULT.plusSeconds(2).toSeconds());
			assertThat(attempts).isLessThan(40);
		}
	}

	private long attempts() {
		Matcher matcher = CALLS.matcher(this.server.cli("INFO", "commandstats"));
		long sum = 0;
		while (matcher.find()) {
			sum += Long.parseLong(matcher.group(1)) + Long.parseLong(matcher.group(2));
		}
		return sum;
	}

	@Test
	void missingPermissionToSubscribePasses() throws Exception {
		try (RedisRun run = run()) {
			run.join(1, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			this.server.cli("ACL", "SETUSER", "app", "-subscribe");
			Member late = run.join("late", List.of("chat:late"), run.sockets());
			RedisRun.elapse(FAULT.plusSeconds(1));
			assertThat(late.isIn()).isFalse();
			run.awaitFlow(traffic);
			this.server.cli("CONFIG", "RESETSTAT");
			this.server.cli("ACL", "SETUSER", "app", "+subscribe");
			long begin = System.nanoTime();
			await().atMost(Duration.ofSeconds(10)).until(late::isIn);
			run.publish(List.of("chat:late"), 15);
			run.finish("R11 subscribe: in after " + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
		}
		finally {
			this.server.cli("ACL", "SETUSER", "app", "+subscribe");
		}
	}

	@Test
	void joinsThatAreRefusedDoNotComeAgainAndAgain() throws Exception {
		try (RedisRun run = run("--realtime.namespaces.desk.presence=true")) {
			String command = "{'id':2,'subscribe':{'channel':'desk:1','join_leave':true}}";
			FaultClient here = run.sockets().open().connect("here");
			assertThat(here.next().has("connect")).isTrue();
			assertThat(here.ask(command).has("subscribe")).isTrue();
			assertThat(here.next().path("push").path("join").path("info").path("user").asString()).isEqualTo("here");
			this.server.cli("CONFIG", "SET", "maxmemory", "1");
			FaultClient other = run.sockets().open().connect("other");
			assertThat(other.next().has("connect")).isTrue();
			assertThat(other.ask(command).has("subscribe")).isTrue();
			RedisRun.elapse(Duration.ofSeconds(1));
			this.server.cli("CONFIG", "SET", "maxmemory", "0");
			assertThat(here.next().path("push").path("join").path("info").path("user").asString()).isEqualTo("other");
			RedisRun.elapse(Duration.ofMillis(500));
			assertThat(here.ask("{'id':3,'presence':{'channel':'desk:1'}}").has("presence")).isTrue();
		}
		finally {
			this.server.cli("CONFIG", "SET", "maxmemory", "0");
		}
	}

	@Test
	void keyOfAnotherTypeHarmsItsRoomOnly(CapturedOutput output) throws Exception {
		try (RedisRun run = run("--realtime.redis.partitions=1")) {
			run.join(2, ROOMS);
			run.join(1, List.of("chat:broken"));
			Traffic broken = run.publish(List.of("chat:broken"), 15);
			Traffic traffic = run.publish(ROOMS, 15);
			broken.takeFailures();
			this.server.cli("SET", "rt:faults:{0}:m:chat:broken", "not a hash");
			int before = output.getAll().length();
			await().until(() -> broken.takeFailures() > 0);
			traffic.takeFailures();
			run.awaitFlow(traffic);
			this.server.cli("CONFIG", "RESETSTAT");
			this.server.cli("CLIENT", "KILL", "TYPE", "pubsub");
			long others = run.awaitFlow(traffic);
			RedisRun.elapse(Duration.ofSeconds(1));
			long attempts = attempts();
			String log = output.getAll().substring(before);
			assertThat(traffic.takeFailures()).isZero();
			this.server.cli("DEL", "rt:faults:{0}:m:chat:broken");
			long live = run.awaitFlow(broken);
			long lines = log.lines().filter((line) -> line.contains(" WARN ")).count();
			run.finish("R11 WRONGTYPE: the others live again " + others + " ms after a new connection, " + attempts
					+ " calls, " + lines + " lines, the room itself " + live + " ms after the end");
			assertThat(lines).isLessThan(30);
		}
	}

}
