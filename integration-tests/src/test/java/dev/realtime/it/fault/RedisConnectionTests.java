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
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.StreamPosition;
import dev.realtime.health.RealtimeHealthIndicator;
import dev.realtime.it.FaultProxy;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections to Redis are lost, or lead to a server that gets nothing any more.
 */
@Tag("fault")
class RedisConnectionTests {

	private static final int KILLS = Integer.getInteger("fault.kills", 5);

	@ParameterizedTest
	@ValueSource(strings = { "pubsub", "normal" })
	void connectionsThatAreKilledAgainAndAgainCostNothing(String type) throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			List<String> rooms = RedisRun.rooms("chat:r", 100);
			run.join(2, rooms);
			Traffic traffic = run.publish(rooms.subList(0, 10), 15);
			assertThat(run.channels()).isEqualTo(rooms.size());
			long slowest = 0;
			for (int i = 0; i < KILLS; i++) {
				slowest = Math.max(slowest, killed(run, type, rooms.size()));
				RedisRun.elapse(Duration.ofMillis(700));
			}
			int failures = traffic.takeFailures();
			run.awaitFlow(traffic);
			run.finish("R4 " + type + ": " + KILLS + " times, subscribed again after at most " + slowest + " ms, "
					+ failures + " failures");
			assertThat(failures).isZero();
			assertThat(slowest).isLessThan(3_000);
			assertThat(run.channels()).isEqualTo(rooms.size());
			assertThat(run.members()).allSatisfy((member) -> {
				assertThat(member.codes()).isEmpty();
				assertThat(member.gaps()).isZero();
			});
		}
	}

	private static long killed(RedisRun run, String type, int rooms) {
		long begin = System.nanoTime();
		assertThat(Integer.parseInt(run.server().cli("CLIENT", "KILL", "TYPE", type))).isGreaterThanOrEqualTo(2);
		await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(10)).until(() -> run.channels() == rooms);
		return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
	}

	@Test
	void subscriptionToAServerThatGetsNothingIsNoticed() throws Exception {
		try (RedisServer master = RedisServer.create().start();
				RedisServer replica = RedisServer.create(new RedisServerOptions().replicaOf("127.0.0.1", master.port()))
					.start();
				FaultProxy proxy = new FaultProxy(master.port());
				RedisRun run = new RedisRun(master, master.port(), proxy.port())) {
			List<String> rooms = RedisRun.rooms("chat:r", 10);
			run.join(2, rooms);
			Traffic traffic = run.publish(rooms, 10);
			await().until(() -> replica.cli("INFO", "replication").contains("master_link_status:up"));
			proxy.redirect(replica.port());
			master.cli("CLIENT", "KILL", "TYPE", "pubsub");
			await().until(() -> replica.cli("PUBSUB", "CHANNELS", "*:chat:r*").lines().count() == rooms.size());
			run.awaitFlow(traffic);
			RedisRun.awaitState(run.listening(), RelayState.LIVE);
			// Numbers that were never sent do not silence the probe
			master.cli("PUBSUB", "CHANNELS", "rt:faults:*:p0:*")
				.lines()
				.forEach((channel) -> master.cli("PUBLISH", channel, "1e 0 99999999999999999"));
			replica.cli("PUBSUB", "CHANNELS", "rt:faults:*:p0:*")
				.lines()
				.forEach((channel) -> master.cli("PUBLISH", channel, "1e 0 99999999999999999"));
			// Where there is nothing, so that it stays noticed until somebody has looked
			proxy.redirect(1);
			replica.cli("REPLICAOF", "NO", "ONE");
			long noticed = RedisRun.awaitState(run.listening(), RelayState.DEAF);
			assertThat(run.listening().bean(RealtimeHealthIndicator.class).health().getStatus().getCode())
				.isEqualTo("DEGRADED");
			proxy.redirect(master.port());
			long live = run.awaitFlow(traffic);
			run.finish("R6: noticed after " + noticed + " ms (probe each second), live " + live + " ms later");
			assertThat(noticed).isLessThan(4_000);
			assertThat(live).isLessThan(4_000);
			assertThat(run.members()).allSatisfy((member) -> assertThat(member.gaps()).isZero());
		}
	}

	@Test
	void nodeThatReadsTooSlowlyIsCutOffAndCatchesUp() throws Exception {
		try (RedisServer server = RedisServer.create().start();
				FaultProxy proxy = new FaultProxy(server.port());
				RedisRun run = new RedisRun(server, server.port(), proxy.port())) {
			List<String> rooms = RedisRun.rooms("chat:r", 10);
			run.join(2, rooms);
			Traffic traffic = run.publish(rooms, 10);
			server.cli("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 512kb 2");
			proxy.swallow(false, true);
			String ballast = "x".repeat(16_000);
			String channel = run.channel(rooms.get(0));
			await().pollInterval(Duration.ofMillis(10)).atMost(Duration.ofSeconds(60)).until(() -> {
				// What is no message of ours, so that it is only ballast
				server.cli("PUBLISH", channel, ballast);
				return subscribers(server) < 2;
			});
			proxy.restore();
			long live = run.awaitFlow(traffic);
			run.finish("R5: live " + live + " ms after it could read again");
			assertThat(live).isLessThan(5_000);
			assertThat(run.members()).allSatisfy((member) -> assertThat(member.gaps()).isZero());
		}
	}

	private static long subscribers(RedisServer server) {
		return server.cli("CLIENT", "LIST", "TYPE", "pubsub").lines().filter((line) -> line.startsWith("id=")).count();
	}

	@Test
	void subscriptionsAreThoseOfRoomsWithMembersAfterChurn() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			List<String> rooms = RedisRun.rooms("chat:r", 50);
			List<String> steady = rooms.subList(0, 10);
			run.join(2, steady);
			Traffic traffic = run.publish(steady, 15);
			List<Churner> churners = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				Churner churner = new Churner(rooms, i);
				churners.add(churner);
				run.sockets().open(churner);
			}
			for (int i = 0; i < KILLS; i++) {
				RedisRun.elapse(Duration.ofMillis(700));
				server.cli("CLIENT", "KILL", "TYPE", "pubsub");
			}
			churners.forEach((churner) -> churner.running = false);
			await().atMost(Duration.ofSeconds(10)).until(() -> churners.stream().allMatch((churner) -> churner.rests));
			Set<String> occupied = new HashSet<>(steady);
			churners.forEach((churner) -> occupied.addAll(churner.in));
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(run.channels()).isEqualTo(occupied.size()));
			run.awaitFlow(traffic);
			int steps = churners.stream().mapToInt((churner) -> churner.steps).sum();
			run.finish("R18: " + steps + " joins and leaves, " + occupied.size() + " rooms left");
			assertThat(run.channels()).isEqualTo(occupied.size());
			churners.forEach((churner) -> churner.leave());
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(run.channels()).isEqualTo(steady.size()));
		}
	}

	@Test
	void tenThousandRoomsAreSubscribedAgainAfterARestart() throws Exception {
		int count = 10_000;
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			RoomRelay relay = run.listening().bean(RoomRelay.class);
			RoomSettings settings = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 10,
					Duration.ofMinutes(1), true);
			AtomicInteger missed = new AtomicInteger();
			List<CompletableFuture<StreamPosition>> joins = new ArrayList<>();
			for (String room : RedisRun.rooms("chat:many", count)) {
				joins.add(relay.subscribe(room, settings, new Counter(missed)).toCompletableFuture());
			}
			CompletableFuture.allOf(joins.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
			assertThat(run.channels()).isEqualTo(count);
			server.kill();
			server.start();
			long begin = System.nanoTime();
			await().pollInterval(Duration.ofMillis(20))
				.atMost(Duration.ofSeconds(20))
				.until(() -> run.channels() == count);
			long subscribed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
			await().pollInterval(Duration.ofMillis(20))
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(missed).hasValue(count));
			long told = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
			System.out.println("R1 " + count + " rooms: subscribed again after " + subscribed
					+ " ms, all told that they missed something after " + told + " ms");
			assertThat(missed).hasValue(count);
			assertThat(subscribed).isLessThan(8_000);
			assertThat(told).isLessThan(12_000);
		}
	}

	/**
	 * Counts.
	 *
	 * @param missed how often something was missed
	 */
	private record Counter(AtomicInteger missed) implements RelaySubscriber {

		@Override
		public void offer(RelayMessage message) {
		}

		@Override
		public void flush(boolean here) {
		}

		@Override
		public void missed(StreamPosition top) {
			this.missed.incrementAndGet();
		}

	}

	/**
	 * Joins and leaves rooms, one after the other.
	 */
	private static final class Churner implements FaultClient.Listener {

		private final Set<String> in = new HashSet<>();

		private final List<String> rooms;

		private final Random random;

		private final String user;

		private @Nullable FaultClient client;

		private String asked = "";

		private int steps;

		private volatile boolean running = true;

		private volatile boolean rests;

		private Churner(List<String> rooms, int number) {
			this.rooms = rooms;
			this.random = new Random(number);
			this.user = "c" + number;
		}

		@Override
		public void opened(FaultClient client) {
			this.client = client;
			client.connect(this.user);
		}

		@Override
		public void message(FaultClient client, String message) {
			if (message.startsWith("{\"id\":")) {
				answered(FaultClient.parse(message));
				next(client);
			}
			else if (message.contains("\"unsubscribe\":{")) {
				JsonNode push = FaultClient.parse(message).path("push");
				this.in.remove(push.path("channel").asString());
			}
		}

		private void answered(JsonNode reply) {
			if (reply.has("subscribe")) {
				this.in.add(this.asked);
			}
			else if (reply.has("unsubscribe")) {
				this.in.remove(this.asked);
			}
		}

		private void next(FaultClient client) {
			if (!this.running) {
				this.rests = true;
				return;
			}
			this.asked = this.rooms.get(this.random.nextInt(this.rooms.size()));
			String command = this.in.contains(this.asked) ? "unsubscribe" : "subscribe";
			client.send("{'id':" + (++this.steps + 1) + ",'" + command + "':{'channel':'" + this.asked + "'}}");
		}

		private void leave() {
			FaultClient current = this.client;
			if (current != null) {
				current.close();
			}
		}

	}

}
