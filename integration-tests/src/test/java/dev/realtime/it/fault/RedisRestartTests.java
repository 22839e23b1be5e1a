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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.PublishResult.Published;
import dev.realtime.it.FaultProxy;
import dev.realtime.it.checker.Attempt;
import dev.realtime.it.checker.Verdict;
import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis is killed, hangs, or cannot be reached any more. {@code -Dfault.outage=10} makes
 * the outages longer than they are by default.
 */
@Tag("fault")
class RedisRestartTests {

	private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("fault.outage", 2));

	private static final Duration CALM = Duration.ofSeconds(1);

	/**
	 * Two seconds are allowed, and half of one to notice; the rest is for slow machines.
	 */
	private static final long PUBLISH_MILLIS = 3_500;

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 6);

	@Test
	void redisThatIsKilledAndKeepsItsDataLosesNothing() throws Exception {
		try (RedisServer server = RedisServer.create(new RedisServerOptions().appendOnly("always")).start();
				RedisRun run = new RedisRun(server)) {
			killAndStart(run, "R1 kept");
			assertThat(run.members()).allSatisfy((member) -> assertThat(member.gaps()).isZero());
		}
	}

	@Test
	void redisThatComesBackEmptyIsNoticedByEveryMember() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			List<String> quiet = RedisRun.rooms("chat:quiet", 20);
			quiet.forEach((room) -> run.publishing().operations().publish(room, Payload.ofJson("\"before 0\"")));
			run.join(1, quiet);
			killAndStart(run, "R1 empty");
			List<String> rooms = new ArrayList<>(quiet);
			rooms.addAll(ROOMS);
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(run.members())
					.allSatisfy((member) -> assertThat(rooms).filteredOn(member::isOf)
						.allSatisfy((room) -> assertThat(member.gaps(room)).as(room).isEqualTo(1))));
		}
	}

	private static void killAndStart(RedisRun run, String name) {
		run.join(4, ROOMS);
		Traffic traffic = run.publish(ROOMS, 15);
		RedisRun.elapse(CALM);
		assertThat(traffic.takeFailures()).isZero();
		traffic.takeSlowestMillis();
		run.server().kill();
		RedisRun.elapse(OUTAGE.plusSeconds(1));
		assertThat(traffic.takeFailures()).isPositive();
		assertThat(run.publishing().bean(RoomRelay.class).state()).isEqualTo(RelayState.DOWN);
		run.server().start();
		long live = run.awaitFlow(traffic);
		long slowest = traffic.takeSlowestMillis();
		traffic.takeFailures();
		RedisRun.elapse(CALM);
		assertThat(traffic.takeFailures()).isZero();
		run.finish(name + ": live " + live + " ms after the restart, slowest call " + slowest + " ms");
		assertThat(live).isLessThan(6_000);
		assertThat(slowest).isLessThan(PUBLISH_MILLIS);
	}

	@Test
	void redisThatHangsLetsNobodyWait() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(4, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			RedisRun.elapse(CALM);
			traffic.takeSlowestMillis();
			server.pause();
			RedisRun.elapse(OUTAGE.plusSeconds(2));
			int failures = traffic.takeFailures();
			server.resume();
			long live = run.awaitFlow(traffic);
			long slowest = traffic.takeSlowestMillis();
			RedisRun.elapse(CALM);
			run.finish("R2: " + failures + " failures, live " + live + " ms after it went on, slowest call " + slowest
					+ " ms");
			assertThat(failures).isPositive();
			assertThat(slowest).isLessThan(PUBLISH_MILLIS);
			assertThat(live).isLessThan(8_000);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat:once", "deep:once" })
	void publicationWhoseAnswerIsLostIsMadeOnce(String room) throws Exception {
		try (RedisServer server = RedisServer.create().start();
				FaultProxy proxy = new FaultProxy(server.port());
				RedisRun run = new RedisRun(server, proxy.port(), server.port(),
						"--realtime.namespaces.deep.history.size=6000")) {
			fill(run, room, room.startsWith("deep") ? 5_000 : 10);
			run.join(2, List.of(room));
			proxy.swallow(false, true);
			List<CompletableFuture<PublishResult>> results = new ArrayList<>();
			List<Attempt> attempts = new ArrayList<>();
			for (int i = 1; i <= 5; i++) {
				attempts.add(run.checker().attempt(room, "p", i, "once " + i));
				results.add(run.publishing()
					.operations()
					.publishAsync(room, Payload.ofJson("\"once " + i + "\""), PublishOptions.NONE)
					.toCompletableFuture());
			}
			await().until(() -> run.members().stream().allMatch((member) -> member.received() > 0));
			proxy.cut();
			proxy.restore();
			for (int i = 0; i < 5; i++) {
				if (results.get(i).get(5, TimeUnit.SECONDS) instanceof Published published) {
					attempts.get(i).ack(published.position().offset(), published.position().epoch());
				}
			}
			Verdict verdict = run.finish("R2 answer lost, " + room);
			assertThat(verdict.received()).isEqualTo(10);
		}
	}

	private static void fill(RedisRun run, String room, int count) throws Exception {
		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			results.add(run.publishing()
				.operations()
				.publishAsync(room, Payload.ofJson("\"before 0\""), PublishOptions.NONE)
				.toCompletableFuture());
		}
		CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
	}

	@ParameterizedTest
	@CsvSource({ "true, true, true", "true, false, true", "false, true, true" })
	void halfOpenConnectionsAreGivenUp(boolean listening, boolean forth, boolean back) throws Exception {
		try (RedisServer server = RedisServer.create().start();
				FaultProxy proxy = new FaultProxy(server.port());
				RedisRun run = new RedisRun(server, listening ? server.port() : proxy.port(),
						listening ? proxy.port() : server.port())) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 10);
			RedisRun.elapse(CALM);
			traffic.takeSlowestMillis();
			proxy.swallow(forth, back);
			FaultNode node = listening ? run.listening() : run.publishing();
			long noticed = RedisRun.awaitState(node, RelayState.DEAF, RelayState.DOWN);
			RedisRun.elapse(OUTAGE);
			proxy.restore();
			long live = run.awaitFlow(traffic);
			long slowest = traffic.takeSlowestMillis();
			run.finish("R3 " + (listening ? "listening" : "publishing") + (forth ? " forth" : "")
					+ (back ? " back" : "") + ": noticed after " + noticed + " ms, live " + live
					+ " ms after the end, slowest call " + slowest + " ms");
			assertThat(noticed).isLessThan(6_000);
			assertThat(live).isLessThan(10_000);
			assertThat(slowest).isLessThan(PUBLISH_MILLIS);
		}
	}

}
