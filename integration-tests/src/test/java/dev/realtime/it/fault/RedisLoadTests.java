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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult.Published;
import dev.realtime.it.FaultProxy;
import dev.realtime.it.checker.Attempt;
import dev.realtime.it.checker.Verdict;
import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis is slow, away for long, or forgets, and there is much to publish.
 */
@Tag("fault")
class RedisLoadTests {

	private static final List<String> ROOMS = RedisRun.rooms("chat:r", 6);

	private static final int MEGABYTES = 32;

	@Test
	void redisThatTakesABreakLetsNobodyWait() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			traffic.takeSlowestMillis();
			server.cli("CLIENT", "PAUSE", "4000", "WRITE");
			RedisRun.elapse(Duration.ofMillis(4_000));
			long live = run.awaitFlow(traffic);
			long slowest = traffic.takeSlowestMillis();
			int failures = traffic.takeFailures();
			run.finish("R12 break: " + failures + " failures, live " + live + " ms after the end, slowest call "
					+ slowest + " ms");
			assertThat(slowest).isLessThan(3_500);
			assertThat(live).isLessThan(6_000);
		}
	}

	@Test
	void wayToRedisThatIsLongCostsTimeOnly() throws Exception {
		try (RedisServer server = RedisServer.create().start();
				FaultProxy proxy = new FaultProxy(server.port());
				RedisRun run = new RedisRun(server, proxy.port(), proxy.port())) {
			proxy.delay(50, 150);
			run.join(2, ROOMS);
			Traffic traffic = run.publish(ROOMS, 15);
			RedisRun.elapse(Duration.ofSeconds(3));
			server.cli("CLIENT", "KILL", "TYPE", "pubsub");
			RedisRun.elapse(Duration.ofSeconds(3));
			long slowest = traffic.takeSlowestMillis();
			int failures = traffic.takeFailures();
			run.awaitFlow(traffic);
			run.finish("R12 100 ms more, each way: slowest call " + slowest + " ms, " + failures + " failures");
			assertThat(failures).isZero();
		}
	}

	@Test
	void muchThatCannotBePublishedIsRefusedAtOnceAndForgotten() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(1, ROOMS);
			Payload payload = Payload.ofJson('"' + "x".repeat(1_000) + ' ' + "1\"");
			AtomicInteger pending = new AtomicInteger();
			long before = heap();
			server.kill();
			long slowest = 0;
			long late = 0;
			int count = 0;
			long begin = System.nanoTime();
			for (long end = begin + TimeUnit.SECONDS.toNanos(5); System.nanoTime() < end; count++) {
				pending.incrementAndGet();
				long start = System.nanoTime();
				CompletableFuture<?> result = run.publishing()
					.operations()
					.publishAsync(ROOMS.get(count % ROOMS.size()), payload, PublishOptions.NONE)
					.toCompletableFuture();
				result.whenComplete((position, failure) -> pending.decrementAndGet());
				slowest = Math.max(slowest, System.nanoTime() - start);
				if (start - begin > TimeUnit.SECONDS.toNanos(3)) {
					assertThat(result).isCompletedExceptionally();
					late = Math.max(late, System.nanoTime() - start);
				}
				LockSupport.parkNanos(400_000);
			}
			long growth = heap() - before;
			await().atMost(Duration.ofSeconds(5)).until(() -> pending.get() == 0);
			System.out.println("R13: " + count + " publications of 1 kB in 5 s, slowest call " + slowest / 1_000
					+ " us, after 3 s refused within " + late / 1_000 + " us, heap " + growth + " MB more");
			assertThat(growth).isLessThan(MEGABYTES);
			server.start();
			run.awaitIn();
			Traffic traffic = run.publish(ROOMS, 15);
			assertThat(traffic.takeFailures()).isLessThan(100);
		}
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
	}

	@Test
	void manyMessagesOfOneRoomKeepTheirOrder() throws Exception {
		order(20_000);
	}

	@Test
	@Tag("long")
	void hundredThousandMessagesOfOneRoomKeepTheirOrder() throws Exception {
		order(100_000);
	}

	private static void order(int count) throws Exception {
		String room = "chat:order";
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			run.join(2, List.of(room));
			Semaphore places = new Semaphore(1_000);
			Random random = new Random(14);
			AtomicInteger failures = new AtomicInteger();
			long begin = System.nanoTime();
			for (int i = 1; i <= count; i++) {
				assertThat(places.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
				String id = "n " + i;
				Attempt attempt = run.checker().attempt(room, "p", i, id);
				run.publishing()
					.operations()
					.publishAsync(room, Payload.ofJson('"' + id + '"'), PublishOptions.NONE)
					.whenComplete((result, failure) -> {
						if (result instanceof Published published) {
							attempt.ack(published.position().offset(), published.position().epoch());
						}
						else {
							failures.incrementAndGet();
						}
						// The next answer of this room waits for this one
						LockSupport.parkNanos(random.nextInt(100_000));
						places.release();
					});
				if (i == count / 2) {
					server.cli("CLIENT", "KILL", "TYPE", "pubsub");
				}
			}
			assertThat(places.tryAcquire(1_000, 10, TimeUnit.SECONDS)).isTrue();
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
			Verdict verdict = run.finish("R14: " + count + " messages in " + millis + " ms");
			assertThat(failures).hasValue(0);
			assertThat(verdict.attempts()).isEqualTo(count);
		}
	}

	@Test
	void historyThatWasEvictedIsNeverGivenInParts() throws Exception {
		try (RedisServer server = RedisServer.create().start(); RedisRun run = new RedisRun(server)) {
			List<String> rooms = RedisRun.rooms("chat:e", 100);
			run.join(1, rooms);
			Member member = run.members().get(0);
			List<Integer> numbers = new ArrayList<>();
			say(run, rooms, numbers, 5);
			await().until(() -> member.received() == 500);
			member.leave();
			say(run, rooms, numbers, 5);
			server.cli("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
			server.cli("CONFIG", "SET", "maxmemory", Long.toString(used(server) + 500_000));
			int filler = 0;
			while (evicted(server) < 150) {
				server.cli("SET", "filler" + filler++, "x".repeat(10_000));
			}
			server.cli("CONFIG", "SET", "maxmemory", "0");
			long evicted = evicted(server);
			member.back();
			run.awaitIn();
			say(run, rooms, numbers, 2);
			run.finish("R15: " + evicted + " of 300 keys evicted, " + member.gaps() + " of 100 rooms not recovered");
			assertThat(member.gaps()).isBetween(1, 100);
		}
	}

	private static void say(RedisRun run, List<String> rooms, List<Integer> numbers, int count) {
		for (int i = 0; i < count; i++) {
			int number = numbers.size() + 1;
			numbers.add(number);
			for (String room : rooms) {
				String id = room + " " + number;
				Attempt attempt = run.checker().attempt(room, "p", number, id);
				if (run.publishing()
					.operations()
					.publish(room, Payload.ofJson('"' + id + '"')) instanceof Published published) {
					attempt.ack(published.position().offset(), published.position().epoch());
				}
			}
		}
	}

	private static long used(RedisServer server) {
		return figure(server, "memory", "used_memory:");
	}

	private static long evicted(RedisServer server) {
		return figure(server, "stats", "evicted_keys:");
	}

	private static long figure(RedisServer server, String section, String name) {
		return server.cli("INFO", section)
			.lines()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.substring(name.length()).trim()))
			.findFirst()
			.orElseThrow();
	}

}
