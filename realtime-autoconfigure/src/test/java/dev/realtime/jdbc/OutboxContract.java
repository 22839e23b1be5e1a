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

package dev.realtime.jdbc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.realtime.OutboxBacklog;
import dev.realtime.ParkedMessage;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every {@link Outbox} must do. Time passes by changing it in the tables.
 */
abstract class OutboxContract {

	static final OutboxLimits LIMITS = new OutboxLimits(1_000_000, 0, 0, Duration.ofSeconds(10), 3);

	static final Duration INTERVAL = Duration.ofSeconds(30);

	/** Return an outbox in the database of the test, by the name of a node. */
	abstract Outbox outbox(String owner, OutboxLimits limits);

	/** Return access to the database of the test. */
	abstract JdbcTemplate jdbc();

	Outbox outbox(String owner) {
		return outbox(owner, LIMITS);
	}

	@Test
	void readsInTheOrderOfStoring() {
		Outbox outbox = outbox("a");
		List<Long> first = outbox.store(messages("chat:a", 0, 3));
		outbox.store(messages("chat:b", 0, 1));
		List<Long> second = outbox.store(messages("chat:a", 3, 250));
		List<Long> rows = new ArrayList<>(first);
		rows.addAll(second);
		assertThat(rows).isSorted().doesNotHaveDuplicates().hasSize(253);
		List<OutboxMessage> read = outbox.read("chat:a", 200);
		assertThat(texts(read)).isEqualTo(IntStream.range(0, 200).mapToObj(Integer::toString).toList());
		assertThat(read).extracting(OutboxMessage::row).isEqualTo(rows.subList(0, 200));
		assertThat(read).extracting(OutboxMessage::room).containsOnly("chat:a");
		assertThat(outbox.read("chat:A", 200)).isEmpty();
	}

	@Test
	void keepsEveryByte() {
		byte[] body = new byte[100_000];
		IntStream.range(0, body.length).forEach((i) -> body[i] = (byte) i);
		outbox("a").store(List.of(new OutboxMessage(0, "chat:a", "ä".repeat(255), body)));
		OutboxMessage read = outbox("a").read("chat:a", 10).get(0);
		assertThat(read.body()).isEqualTo(body);
		assertThat(read.id()).isEqualTo("ä".repeat(255));
	}

	@Test
	void doesNotFillTheMemoryWithLargeMessages() {
		Outbox outbox = outbox("a");
		byte[] body = new byte[3 * 1024 * 1024];
		outbox.store(List.of(new OutboxMessage(0, "chat:a", "1", body), new OutboxMessage(0, "chat:a", "2", body)));
		assertThat(outbox.read("chat:a", 200)).extracting(OutboxMessage::id).containsExactly("1");
	}

	@Test
	void aRoomIsClaimedByOneUntilItIsReleased() {
		Outbox a = outbox("a");
		Outbox b = outbox("b");
		assertThat(a.claim("chat:a")).isTrue();
		assertThat(a.claim("chat:a")).isTrue();
		assertThat(b.claim("chat:a")).isFalse();
		assertThat(b.claim("chat:b")).isTrue();
		b.release("chat:a");
		assertThat(b.claim("chat:a")).isFalse();
		a.release("chat:a");
		assertThat(b.claim("chat:a")).isTrue();
	}

	@Test
	void aRoomIsTakenOverWhenItsLeaseIsOver() {
		Outbox a = outbox("a");
		Outbox b = outbox("b");
		a.claim("chat:a");
		leasesPass(Duration.ofMillis(9_000));
		assertThat(b.claim("chat:a")).isFalse();
		leasesPass(Duration.ofMillis(1_100));
		assertThat(b.claim("chat:a")).isTrue();
		assertThat(a.claim("chat:a")).isFalse();
	}

	@Test
	void aClaimIsRenewed() {
		Outbox a = outbox("a");
		a.claim("chat:a");
		leasesPass(Duration.ofMillis(9_000));
		assertThat(a.claim("chat:a")).isTrue();
		leasesPass(Duration.ofMillis(9_000));
		assertThat(outbox("b").claim("chat:a")).isFalse();
	}

	@Test
	void ofTwoThatRaceForARoomOneGetsIt() throws Exception {
		Outbox a = outbox("a");
		Outbox b = outbox("b");
		CyclicBarrier barrier = new CyclicBarrier(2);
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			for (int round = 0; round < 200; round++) {
				String room = "chat:" + round / 2;
				Future<Boolean> first = executor.submit(claim(a, room, barrier));
				Future<Boolean> second = executor.submit(claim(b, room, barrier));
				assertThat(List.of(first.get(), second.get())).as("round " + round).containsOnlyOnce(true);
				jdbc().update("update realtime_outbox_lease set expires_at = 0");
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Callable<Boolean> claim(Outbox outbox, String room, CyclicBarrier barrier) {
		return () -> {
			barrier.await();
			return outbox.claim(room);
		};
	}

	@Test
	void whoHasLostARoomChangesNothingAnyMore() {
		Outbox a = outbox("a");
		Outbox b = outbox("b");
		a.claim("chat:a");
		a.store(messages("chat:a", 0, 2));
		List<OutboxMessage> read = a.read("chat:a", 10);
		leasesPass(Duration.ofMillis(10_100));
		assertThat(a.remove("chat:a", rows(read))).isFalse();
		b.claim("chat:a");
		assertThat(a.remove("chat:a", rows(read))).isFalse();
		IntStream.range(0, 5).forEach((i) -> assertThat(a.fail(read.get(0), "no")).isFalse());
		assertThat(b.read("chat:a", 10)).hasSize(2);
		assertThat(jdbc().queryForObject("select sum(attempts) from realtime_outbox", Integer.class)).isZero();
		assertThat(b.remove("chat:a", rows(read))).isTrue();
		assertThat(b.read("chat:a", 10)).isEmpty();
	}

	@Test
	void removesWhatHasGoneOut() {
		Outbox outbox = outbox("a");
		List<Long> rows = outbox.store(messages("chat:a", 0, 3));
		outbox.remove(List.of(rows.get(0), rows.get(2)));
		outbox.remove(List.of(rows.get(0)));
		outbox.remove(List.of());
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("1");
	}

	@Test
	void afterSomeAttemptsAMessageIsParkedAndStopsNoOthers() {
		Outbox outbox = outbox("a");
		outbox.claim("chat:a");
		outbox.store(messages("chat:a", 0, 3));
		OutboxMessage poison = outbox.read("chat:a", 1).get(0);
		assertThat(outbox.fail(poison, "no")).isFalse();
		assertThat(outbox.fail(poison, "no")).isFalse();
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("0", "1", "2");
		assertThat(outbox.fail(poison, "because " + "x".repeat(1_000))).isTrue();
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("1", "2");
		assertThat(outbox.backlog().parked()).isEqualTo(1);
		assertThat(jdbc().queryForObject("select failure from realtime_outbox where parked = 1", String.class))
			.startsWith("because x")
			.hasSize(255);
	}

	@Test
	void parkedMessagesAreTriedAgain() {
		Outbox outbox = outbox("a");
		outbox.claim("chat:a");
		outbox.store(messages("chat:a", 0, 2));
		OutboxMessage poison = outbox.read("chat:a", 1).get(0);
		IntStream.range(0, 3).forEach((i) -> outbox.fail(poison, "no"));
		assertThat(outbox.retryParked()).isEqualTo(1);
		assertThat(outbox.retryParked()).isZero();
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("0", "1");
		assertThat(outbox.fail(poison, "no")).isFalse();
	}

	@Test
	void parkedMessagesAreSeenTriedAgainOrRemovedOneByOne() {
		Outbox outbox = outbox("a");
		outbox.claim("chat:a");
		List<Long> rows = outbox.store(messages("chat:a", 0, 5));
		outbox.read("chat:a", 4).forEach((poison) -> IntStream.range(0, 3).forEach((i) -> outbox.fail(poison, "no")));
		OutboxBacklog backlog = outbox.backlog();
		assertThat(backlog.parked()).isEqualTo(4);
		assertThat(backlog.messages()).isEqualTo(1);
		assertThat(backlog.bytes()).isEqualTo(outbox.read("chat:a", 1).get(0).body().length);
		ParkedMessage first = outbox.parked(2).get(0);
		assertThat(outbox.parked(2)).extracting(ParkedMessage::row).containsExactly(rows.get(0), rows.get(1));
		assertThat(first)
			.isEqualTo(new ParkedMessage(rows.get(0), "chat:a", "id-0", first.bytes(), first.storedAt(), 3, "no"));
		assertThat(first.storedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
		assertThat(outbox.retryParked(List.of(rows.get(0), rows.get(4), 4711L))).isEqualTo(1);
		assertThat(outbox.discardParked(List.of(rows.get(1), rows.get(2), rows.get(4)))).isEqualTo(2);
		assertThat(outbox.retryParked(List.of()) + outbox.discardParked(List.of())).isZero();
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("0", "4");
		assertThat(outbox.parked(10)).extracting(ParkedMessage::row).containsExactly(rows.get(3));
	}

	@Test
	void refusesMoreThanMaxMessages() {
		Outbox outbox = outbox("a", new OutboxLimits(5, 0, 0, Duration.ofSeconds(10), 3));
		List<Long> rows = outbox.store(messages("chat:a", 0, 3));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> outbox.store(messages("chat:a", 3, 3)))
			.withMessageContaining("full");
		assertThat(outbox.read("chat:a", 10)).hasSize(3);
		outbox.store(messages("chat:a", 3, 2));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> outbox.store(messages("chat:a", 5, 1)));
		outbox.remove(rows);
		outbox.store(messages("chat:a", 5, 3));
		assertThat(outbox.read("chat:a", 10)).hasSize(5);
	}

	@Test
	void refusesMoreThanMaxBytesWhoeverHasStoredThem() {
		OutboxLimits limits = new OutboxLimits(0, 10_000, 0, Duration.ofSeconds(10), 3);
		outbox("a").store(List.of(new OutboxMessage(0, "chat:a", "1", new byte[6_000])));
		List<OutboxMessage> more = List.of(new OutboxMessage(0, "chat:a", "2", new byte[6_000]));
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> outbox("b", limits).store(more));
		outbox("c", limits).store(List.of(new OutboxMessage(0, "chat:a", "3", new byte[4_000])));
	}

	@Test
	void refusesATooLargeMessageOrId() {
		Outbox outbox = outbox("a", new OutboxLimits(0, 0, 100, Duration.ofSeconds(10), 3));
		outbox.store(List.of(new OutboxMessage(0, "chat:a", "1", new byte[100])));
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> outbox.store(List.of(new OutboxMessage(0, "chat:a", "2", new byte[101]))))
			.withMessageContaining("max-message-size");
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> outbox.store(List.of(new OutboxMessage(0, "chat:a", "x".repeat(256), new byte[1]))))
			.withMessageContaining("id");
		assertThat(outbox.backlog().messages()).isEqualTo(1);
	}

	@Test
	void sweepFindsWhatNobodyLooksAfter() {
		Outbox a = outbox("a");
		a.store(messages("chat:old", 0, 2));
		a.store(messages("chat:claimed", 0, 1));
		a.store(messages("chat:lost", 0, 1));
		messagesAge(Duration.ofMillis(10_100));
		a.store(messages("chat:fresh", 0, 1));
		a.claim("chat:lost");
		leasesPass(Duration.ofMillis(10_100));
		a.claim("chat:claimed");
		assertThat(outbox("b").sweep(INTERVAL)).containsExactlyInAnyOrder("chat:old", "chat:lost");
	}

	@Test
	void sweepLeavesParkedMessagesAlone() {
		Outbox a = outbox("a");
		a.claim("chat:a");
		a.store(messages("chat:a", 0, 1));
		OutboxMessage poison = a.read("chat:a", 1).get(0);
		IntStream.range(0, 3).forEach((i) -> a.fail(poison, "no"));
		a.release("chat:a");
		messagesAge(Duration.ofMinutes(1));
		assertThat(a.sweep(INTERVAL)).isEmpty();
		a.retryParked();
		assertThat(a.sweep(INTERVAL)).containsExactly("chat:a");
	}

	@Test
	void oneNodeSweepsUntilItIsGone() {
		Outbox a = outbox("a");
		Outbox b = outbox("b");
		a.store(messages("chat:a", 0, 1));
		messagesAge(Duration.ofMinutes(1));
		assertThat(a.sweep(INTERVAL)).containsExactly("chat:a");
		assertThat(b.sweep(INTERVAL)).isEmpty();
		leasesPass(INTERVAL);
		assertThat(b.sweep(INTERVAL)).isEmpty();
		assertThat(a.sweep(INTERVAL)).containsExactly("chat:a");
		leasesPass(INTERVAL.multipliedBy(2));
		assertThat(b.sweep(INTERVAL)).containsExactly("chat:a");
		assertThat(a.sweep(INTERVAL)).isEmpty();
	}

	@Test
	void tellsWhatWaits() {
		Outbox outbox = outbox("a");
		assertThat(outbox.backlog()).isEqualTo(OutboxBacklog.NONE);
		outbox.store(List.of(new OutboxMessage(0, "chat:a", "1", new byte[10]),
				new OutboxMessage(0, "chat:b", "2", new byte[5])));
		messagesAge(Duration.ofSeconds(60));
		OutboxBacklog backlog = outbox.backlog();
		assertThat(backlog.messages()).isEqualTo(2);
		assertThat(backlog.bytes()).isEqualTo(15);
		assertThat(backlog.oldestMillis()).isBetween(60_000L, 70_000L);
		assertThat(backlog.parked()).isZero();
	}

	@Test
	@Tag("fault")
	void whatGoesThroughLeavesNothingBehind() {
		int total = "true".equals(System.getenv("CI")) ? 20_000 : 100_000;
		Outbox outbox = outbox("a");
		long start = System.nanoTime();
		long storing = 0;
		for (int i = 0; i < total; i += 1_000) {
			long before = System.nanoTime();
			outbox.store(messages("chat:a", i, 1_000));
			storing += System.nanoTime() - before;
			outbox.claim("chat:a");
			for (int j = 0; j < 5; j++) {
				assertThat(outbox.remove("chat:a", rows(outbox.read("chat:a", 200)))).isTrue();
			}
		}
		System.out.printf("%s: %,d rows/s stored, %,d rows/s through%n", getClass().getSimpleName(),
				total * 1_000_000_000L / storing, total * 1_000_000_000L / (System.nanoTime() - start));
		outbox.release("chat:a");
		assertThat(outbox.backlog()).isEqualTo(OutboxBacklog.NONE);
		assertThat(jdbc().queryForObject("select count(*) from realtime_outbox", Integer.class)).isZero();
		assertThat(jdbc().queryForObject("select count(*) from realtime_outbox_lease", Integer.class)).isZero();
	}

	final void leasesPass(Duration time) {
		jdbc().update("update realtime_outbox_lease set expires_at = expires_at - ?", time.toMillis());
	}

	final void messagesAge(Duration time) {
		jdbc().update("update realtime_outbox set created_at = created_at - ?", time.toMillis());
	}

	static List<OutboxMessage> messages(String room, int from, int number) {
		return IntStream.range(from, from + number)
			.mapToObj((i) -> new OutboxMessage(0, room, "id-" + i,
					Integer.toString(i).getBytes(StandardCharsets.US_ASCII)))
			.toList();
	}

	static List<Long> rows(List<OutboxMessage> messages) {
		return messages.stream().map(OutboxMessage::row).toList();
	}

	static List<String> texts(List<OutboxMessage> messages) {
		return Arrays.asList(messages.stream()
			.map((message) -> new String(message.body(), StandardCharsets.US_ASCII))
			.toArray(String[]::new));
	}

}
