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

package dev.realtime.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeRedisAutoConfiguration;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Users who join, recover and reconnect on two nodes while their rights are taken away.
 */
@Tag("fault")
@Timeout(600)
class RevocationRaceTests {

	private static final int RUNS = Integer.getInteger("revocation.runs", 1_000);

	private static final int WORKERS = 8;

	private static final int ROOMS = 20;

	private static final Map<String, Boolean> ALLOWED = new ConcurrentHashMap<>();

	private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();

	private final List<Client> witnesses = new ArrayList<>();

	private final AtomicLong slowest = new AtomicLong();

	private final AtomicInteger joins = new AtomicInteger();

	private RedisServer redis;

	@BeforeEach
	void start() {
		this.redis = RedisServer.create().start();
		this.nodes.add(node());
		this.nodes.add(node());
		await().ignoreExceptionsInstanceOf(RelayUnavailableException.class)
			.untilAsserted(() -> operations(0).refresh("nobody"));
		ALLOWED.put("witness", true);
		for (int i = 0; i < this.nodes.size() * ROOMS; i++) {
			Client witness = new Client("witness", "chat:" + i / this.nodes.size());
			witness.enter(i % this.nodes.size(), false);
			await().until(() -> witness.has("\"subscribe\""));
			this.witnesses.add(witness);
		}
	}

	private ConfigurableApplicationContext node() {
		return new SpringApplicationBuilder(Node.class).web(WebApplicationType.NONE)
			.properties("realtime.relay=redis", "spring.application.name=race",
					"spring.data.redis.url=" + this.redis.uri(), "realtime.namespaces.chat.history.size=100")
			.run();
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(ConfigurableApplicationContext::close);
		this.redis.close();
	}

	private RealtimeOperations operations(int node) {
		return this.nodes.get(node).getBean(RealtimeOperations.class);
	}

	@Test
	void afterARevocationNothingIsDelivered() throws Exception {
		ExecutorService workers = Executors.newFixedThreadPool(2 * WORKERS);
		List<Future<Integer>> results = new ArrayList<>();
		for (int worker = 0; worker < WORKERS; worker++) {
			int first = worker;
			results.add(workers.submit(() -> race(first, workers)));
		}
		int unauthorized = 0;
		for (Future<Integer> result : results) {
			unauthorized += result.get(500, TimeUnit.SECONDS);
		}
		workers.shutdown();
		System.out.printf("%d revocations, %d joins, slowest revocation %d ms, unauthorized deliveries %d%n", RUNS,
				this.joins.get(), TimeUnit.NANOSECONDS.toMillis(this.slowest.get()), unauthorized);
		assertThat(unauthorized).isZero();
		assertThat(this.joins).hasValueGreaterThan(RUNS / 2);
		assertThat(Duration.ofNanos(this.slowest.get())).isLessThan(Duration.ofSeconds(2));
	}

	private int race(int worker, ExecutorService threads) throws Exception {
		Random random = new Random(worker);
		int unauthorized = 0;
		for (int i = worker; i < RUNS; i += WORKERS) {
			unauthorized += run(i, random, threads) ? 1 : 0;
		}
		return unauthorized;
	}

	/** Return whether anything was delivered that must not have been. */
	private boolean run(int index, Random random, ExecutorService threads) throws Exception {
		String user = "user" + index;
		int room = index % ROOMS;
		Client client = new Client(user, "chat:" + room);
		ALLOWED.put(user, true);
		long seed = random.nextLong();
		Future<?> visits = threads.submit(() -> client.visit(new Random(seed), 6));
		LockSupport.parkNanos(random.nextInt(3_000_000));
		ALLOWED.put(user, false);
		long start = System.nanoTime();
		revoke(index, user, client.room, operations(random.nextInt(2)));
		this.slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
		String secret = "\"secret-" + index + "\"";
		operations(random.nextInt(2)).publish(client.room, "secret-" + index);
		visits.get(30, TimeUnit.SECONDS);
		client.visit(random, 1);
		await().pollInterval(Duration.ofMillis(1))
			.until(() -> this.witnesses.subList(2 * room, 2 * room + 2)
				.stream()
				.allMatch((witness) -> witness.sees(secret)));
		this.joins.addAndGet(client.joins());
		client.leave();
		return client.has(secret);
	}

	private static void revoke(int index, String user, String room, RealtimeOperations operations) {
		switch (index % 4) {
			case 0 -> operations.unsubscribe(user, room);
			case 1 -> operations.ban(user, Duration.ofHours(1));
			case 2 -> operations.disconnect(user, DisconnectReason.FORCE_DISCONNECT);
			default -> operations.refresh(user);
		}
	}

	@Test
	void aBannedUserNeverComesBackWhateverBecomesOfRedis() throws Exception {
		ALLOWED.put("mallory", true);
		operations(0).ban("mallory");
		AtomicInteger entered = new AtomicInteger();
		AtomicInteger tried = new AtomicInteger();
		try (Stopping attacker = new Stopping(() -> {
			Client client = new Client("mallory", "chat:0");
			client.visit(new Random(tried.get()), 2);
			entered.addAndGet(client.joins());
			tried.incrementAndGet();
			client.leave();
		})) {
			this.redis.restart();
			awaitTries(tried);
			this.redis.kill();
			assertThatExceptionOfType(RelayUnavailableException.class)
				.isThrownBy(() -> operations(1).ban("mallory", Duration.ofHours(1)));
			awaitTries(tried);
			this.redis.start();
			await().atMost(Duration.ofSeconds(20))
				.ignoreExceptionsInstanceOf(RelayUnavailableException.class)
				.untilAsserted(() -> operations(1).ban("mallory", Duration.ofHours(2)));
			awaitTries(tried);
			this.redis.pause();
			awaitTries(tried);
			this.redis.resume();
			awaitTries(tried);
		}
		assertThat(entered).hasValue(0);
		await().ignoreExceptionsInstanceOf(RelayUnavailableException.class)
			.untilAsserted(() -> operations(0).unban("mallory"));
		Client client = new Client("mallory", "chat:0");
		await().untilAsserted(() -> {
			client.visit(new Random(1), 1);
			assertThat(client.joins()).isPositive();
		});
		client.leave();
	}

	private static void awaitTries(AtomicInteger tried) {
		int before = tried.get();
		await().until(() -> tried.get() > before + 100);
	}

	/**
	 * One user on both nodes.
	 */
	private final class Client {

		private final String user;

		private final String room;

		private final List<TestSession> sessions = new CopyOnWriteArrayList<>();

		private final List<String> seen = new ArrayList<>();

		Client(String user, String room) {
			this.user = user;
			this.room = room;
		}

		/** Come and go several times. */
		void visit(Random random, int times) {
			for (int i = 0; i < times; i++) {
				TestSession session = enter(random.nextInt(2), random.nextBoolean());
				LockSupport.parkNanos(random.nextInt(1_000_000));
				if (random.nextInt(3) == 0) {
					session.close();
				}
			}
		}

		TestSession enter(int node, boolean recover) {
			FakeTransport transport = new FakeTransport();
			TestSession session = new TestSession(transport,
					RevocationRaceTests.this.nodes.get(node)
						.getBean(RealtimeEngine.class)
						.gateway()
						.open(transport, new JsonWireCodec(), () -> this.user, false));
			this.sessions.add(session);
			session.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"" + this.room + "\""
					+ (recover ? ",\"recover\":true}}" : "}}"));
			return session;
		}

		int joins() {
			return (int) this.sessions.stream()
				.filter((session) -> session.messages()
					.stream()
					.anyMatch((message) -> message.contains("\"subscribe\"")))
				.count();
		}

		boolean has(String text) {
			return this.sessions.stream()
				.anyMatch((session) -> session.messages().stream().anyMatch((message) -> message.contains(text)));
		}

		/** Answer pings, and return whether a text has come. */
		synchronized boolean sees(String text) {
			this.sessions.forEach((session) -> {
				session.send("{}");
				this.seen.addAll(session.transport.take());
			});
			return this.seen.stream().anyMatch((message) -> message.contains(text));
		}

		void leave() {
			this.sessions.forEach(TestSession::close);
		}

	}

	/**
	 * Does something again and again until it is closed.
	 */
	private static final class Stopping implements AutoCloseable {

		private final CompletableFuture<Void> done;

		private volatile boolean stopped;

		Stopping(Runnable action) {
			this.done = CompletableFuture.runAsync(() -> {
				while (!this.stopped) {
					action.run();
				}
			});
		}

		@Override
		public void close() {
			this.stopped = true;
			this.done.join();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeRedisAutoConfiguration.class,
			DataRedisAutoConfiguration.class })
	static class Node {

		@Bean
		RoomAuthorizer rights() {
			return (access) -> {
				boolean granted = ALLOWED.getOrDefault(access.session().user(), false);
				LockSupport.parkNanos(access.session().id().hashCode() & 0x3FFFF);
				return RoomDecision.of(granted);
			};
		}

	}

}
