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

package dev.realtime.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.OutboxOperations;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.it.JavaSdkClient.Room;
import dev.realtime.jdbc.DatabaseServer;
import dev.realtime.redis.RedisServer;
import dev.realtime.redis.RedisServerOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two nodes of the sample that publish in 10,000 transactions, of which some are rolled
 * back, while their Redis is killed and paused again and again. What was committed
 * reaches the application behind an SDK once, and what was rolled back never does.
 */
@Tag("fault")
class OutboxTransactionsTests {

	private static final int TRANSACTIONS = 10_000;

	private static final int ROOMS = 10;

	@TempDir
	private Path directory;

	private final RedisServer redis = RedisServer.create(new RedisServerOptions().appendOnly("always")).start();

	private final List<AutoCloseable> opened = new ArrayList<>(List.of(this.redis));

	private final List<Queue<Integer>> committed = IntStream.range(0, ROOMS)
		.<Queue<Integer>>mapToObj((room) -> new ConcurrentLinkedQueue<>())
		.toList();

	private final Set<Integer> rolledBack = ConcurrentHashMap.newKeySet();

	private final AtomicInteger outages = new AtomicInteger();

	@AfterEach
	void close() throws Exception {
		for (int i = this.opened.size() - 1; i >= 0; i--) {
			this.opened.get(i).close();
		}
	}

	@Test
	void whatIsCommittedInPostgresqlArrivesOnceAndInOrder() throws Exception {
		DatabaseServer database = open(DatabaseServer.postgresql());
		database.start();
		List<List<Room>> readers = run("--spring.datasource.url=" + database.url(),
				"--spring.datasource.username=" + database.user(), "--realtime.outbox.initialize-schema=always");
		readers.forEach(this::assertOnceAndInOrder);
	}

	@Test
	void whatIsCommittedInH2ArrivesOnceAlsoWhereItIsDeliveredAhead() throws Exception {
		List<List<Room>> readers = run(
				"--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("database") + ";DB_CLOSE_DELAY=-1",
				"--realtime.outage.local-delivery=true");
		readers.forEach((rooms) -> IntStream.range(0, ROOMS)
			.forEach((room) -> assertThat(numbers(rooms.get(room))).as(() -> story(rooms.get(room)))
				.doesNotHaveDuplicates()
				.containsExactlyInAnyOrderElementsOf(this.committed.get(room))));
		assertThat(readers.stream()
			.flatMap(List::stream)
			.flatMap((room) -> room.publications().stream())
			.filter((publication) -> publication.getOffset() == 0)).as("delivered ahead").isNotEmpty();
	}

	private void assertOnceAndInOrder(List<Room> rooms) {
		for (int room = 0; room < ROOMS; room++) {
			assertThat(numbers(rooms.get(room))).isEqualTo(List.copyOf(this.committed.get(room)));
		}
	}

	/** Return what a client on each node has got of each room. */
	private List<List<Room>> run(String... database) throws Exception {
		List<Sample> nodes = List.of(node(database), node(database));
		List<List<Room>> readers = nodes.stream().map(this::read).toList();
		ExecutorService publishers = Executors.newFixedThreadPool(ROOMS);
		long start = System.nanoTime();
		CompletableFuture<Void> all = CompletableFuture.allOf(IntStream.range(0, ROOMS)
			.mapToObj((room) -> CompletableFuture.runAsync(() -> publish(nodes.get(room % 2), room), publishers))
			.toArray(CompletableFuture[]::new));
		breakRedisUntil(all);
		all.get(1, TimeUnit.SECONDS);
		publishers.shutdown();
		long end = System.nanoTime();
		int count = this.committed.stream().mapToInt(Queue::size).sum();
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(readers.stream()
				.mapToInt((rooms) -> rooms.stream().mapToInt((room) -> room.publications().size()).sum()))
				.allMatch((received) -> received >= count));
		nodes.forEach((node) -> await()
			.untilAsserted(() -> assertThat(node.bean(OutboxOperations.class).backlog().messages()).isZero()));
		System.out.printf("%,d of %,d transactions committed in %d ms, %d outages, all there %d ms later%n", count,
				TRANSACTIONS, TimeUnit.NANOSECONDS.toMillis(end - start), this.outages.get(),
				TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - end));
		assertThat(this.rolledBack).hasSizeBetween(TRANSACTIONS / 4, TRANSACTIONS / 3);
		assertThat(this.outages.get()).isGreaterThanOrEqualTo(4);
		assertThat(readers.stream().flatMap(List::stream).flatMap((room) -> numbers(room).stream()))
			.doesNotContainAnyElementsOf(this.rolledBack);
		return readers;
	}

	private Sample node(String... database) {
		List<String> settings = new ArrayList<>(List.of(database));
		settings.addAll(List.of("--realtime.relay=redis", "--spring.sql.init.mode=always",
				"--spring.sql.init.continue-on-error=true", "--spring.data.redis.url=" + this.redis.uri(),
				"--realtime.room.recovery-limit=20000", "--realtime.namespaces.tx.subscribe=anyone",
				"--realtime.namespaces.tx.history.size=20000", "--realtime.namespaces.tx.history.time-to-live=1h"));
		return open(Sample.start(settings.toArray(String[]::new)));
	}

	private List<Room> read(Sample node) {
		JavaSdkClient client = open(JavaSdkClient.connect(node.port(), "Ann"));
		return IntStream.range(0, ROOMS).mapToObj((room) -> client.enter("tx:" + room)).toList();
	}

	private void publish(Sample node, int room) {
		RealtimeOperations operations = node.bean(RealtimeOperations.class);
		JdbcClient jdbc = node.bean(JdbcClient.class);
		TransactionTemplate transaction = node.bean(TransactionTemplate.class);
		Random random = new Random(room);
		for (int number = room; number < TRANSACTIONS; number += ROOMS) {
			int current = number;
			boolean undone = random.nextInt(10) < 3;
			transaction.executeWithoutResult((status) -> {
				jdbc.sql("insert into message (room, sender, text, sent_at) values ('tx', 'Ann', ?, current_timestamp)")
					.param(Integer.toString(current))
					.update();
				assertThat(operations.publish("tx:" + room, current)).isEqualTo(new PublishResult.Enlisted());
				if (undone) {
					status.setRollbackOnly();
				}
			});
			if (undone) {
				this.rolledBack.add(current);
			}
			else {
				this.committed.get(room).add(current);
			}
			pass(random.nextInt(25));
		}
	}

	private void breakRedisUntil(CompletableFuture<Void> done) {
		Random random = new Random(5);
		while (!done.isDone()) {
			pass(300 + random.nextInt(700));
			if (this.outages.getAndIncrement() % 2 == 0) {
				this.redis.kill();
				pass(200 + random.nextInt(800));
				this.redis.start();
			}
			else {
				this.redis.pause();
				pass(500 + random.nextInt(2_500));
				this.redis.resume();
			}
		}
	}

	private static void pass(int millis) {
		await().pollDelay(Duration.ofMillis(millis)).pollInterval(Duration.ofMillis(1)).until(() -> true);
	}

	/** What came more than once, for whoever has to find out why. */
	private static String story(Room room) {
		Map<String, String> first = new HashMap<>();
		List<String> doubled = new ArrayList<>();
		room.publications().forEach((publication) -> {
			String data = new String(publication.getData(), StandardCharsets.UTF_8);
			String place = publication.getOffset() + " " + publication.getTags();
			String before = first.put(data, place);
			if (before != null) {
				doubled.add(data + " at " + before + " and at " + place);
			}
		});
		return "subscribed " + room.subscribed().size() + " times, doubled: " + doubled;
	}

	private static List<Integer> numbers(Room room) {
		return room.publications()
			.stream()
			.map((publication) -> Integer.valueOf(new String(publication.getData(), StandardCharsets.UTF_8)))
			.toList();
	}

	private <T extends AutoCloseable> T open(T closeable) {
		this.opened.add(closeable);
		return closeable;
	}

}
