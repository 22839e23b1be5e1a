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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.OutagePolicy;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what works off the outbox: messages that never go out, several nodes, and how
 * fast it is.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutboxReplayTests {

	private static final String ROOM = "resync:a";

	private final OutageFixture fixture = new OutageFixture();

	@AfterEach
	void tearDown() {
		this.fixture.close();
	}

	@Test
	void aMessageThatNobodyCanReadIsParkedAndThoseBehindItGoOut(CapturedOutput output) {
		JdbcOutbox outbox = OutageFixture.outbox(this.fixture.database, "node", OutageFixture.LIMITS);
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL, outbox);
		this.fixture.down();
		this.fixture.operations.publish(ROOM, 1);
		outbox.store(List.of(new OutboxMessage(0, ROOM, "poison", "poison".getBytes(StandardCharsets.US_ASCII))));
		this.fixture.operations.publish(ROOM, 2);
		this.fixture.operations.publish("resync:b", 3);
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history("resync:b")).containsExactly(3));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(1, 2));
		assertThat(outbox.backlog().parked()).isEqualTo(1);
		assertThat(output).contains("ERROR").contains("is given up");
		OutageFixture.eventually()
			.until(() -> this.fixture.operations.publish(ROOM, 4) instanceof PublishResult.Published);
	}

	@Test
	void anOutageThatIsNotKnownYetIsNotBlamedOnTheMessage() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.relay.failing = true;
		this.fixture.operations.publish(ROOM, 1);
		OutageFixture.eventually().until(() -> this.fixture.relay.attempts.get() >= 4);
		assertThat(this.fixture.jdbc.queryForObject("select sum(attempts) + sum(parked) from realtime_outbox",
				Integer.class))
			.isZero();
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(1));
	}

	@Test
	void whenTheOutboxIsFullItFails() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL, OutageFixture.outbox(this.fixture.database,
				"node", new OutboxLimits(10, 0, 0, Duration.ofSeconds(10), 3)));
		this.fixture.down();
		IntStream.range(0, 10).forEach((number) -> this.fixture.operations.publish(ROOM, number));
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> this.fixture.operations.publish(ROOM, 10))
			.withMessageContaining("full");
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.fixture.transaction
			.executeWithoutResult((status) -> this.fixture.operations.publish(ROOM, 11)));
		this.fixture.up();
		OutageFixture.eventually()
			.untilAsserted(
					() -> assertThat(this.fixture.history(ROOM)).isEqualTo(IntStream.range(0, 10).boxed().toList()));
	}

	@Test
	void aPublicationThatIsTooLargeTakesNoOthersAlong() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL, OutageFixture.outbox(this.fixture.database,
				"node", new OutboxLimits(0, 0, 1_000, Duration.ofSeconds(10), 3)));
		this.fixture.down();
		List<CompletableFuture<PublishResult>> results = IntStream.range(0, 50)
			.mapToObj((number) -> this.fixture.operations
				.publishAsync(ROOM, (number == 25) ? "x".repeat(2_000) : number, PublishOptions.NONE)
				.toCompletableFuture())
			.toList();
		OutageFixture.eventually().until(() -> results.stream().allMatch(CompletableFuture::isDone));
		assertThat(results.stream().filter(CompletableFuture::isCompletedExceptionally))
			.containsExactly(results.get(25));
		this.fixture.up();
		OutageFixture.eventually()
			.untilAsserted(() -> assertThat(this.fixture.history(ROOM))
				.isEqualTo(IntStream.range(0, 50).filter((number) -> number != 25).boxed().toList()));
	}

	@Test
	void whatIsWaitingWhenTheEngineStopsIsStored() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.down();
		List<CompletableFuture<PublishResult>> results = IntStream.range(0, 200)
			.mapToObj((number) -> this.fixture.operations.publishAsync(ROOM, number, PublishOptions.NONE)
				.toCompletableFuture())
			.toList();
		this.fixture.harness.engine().stop();
		assertThat(results).allMatch((result) -> result.isDone() && !result.isCompletedExceptionally());
		assertThat(this.fixture.rows()).isEqualTo(200);
		this.fixture.up();
		this.fixture.harness.engine().start();
		OutageFixture.eventually()
			.untilAsserted(
					() -> assertThat(this.fixture.history(ROOM)).isEqualTo(IntStream.range(0, 200).boxed().toList()));
	}

	@Test
	@Tag("fault")
	void threeNodesPublishEachRowOnceAndInOrder() {
		int rooms = 20;
		int each = 500;
		fill(rooms, each);
		List<OutboxReplayer> nodes = IntStream.range(0, 3)
			.mapToObj((node) -> replayer(outbox("node-" + node, Duration.ofSeconds(10))))
			.toList();
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		for (int room = 0; room < rooms; room++) {
			String name = "resync:" + room;
			nodes.forEach((node) -> node.lanes().spill(name, settings()));
		}
		long start = System.nanoTime();
		nodes.forEach(OutboxReplayer::start);
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		System.out.printf("H2, 3 nodes: %,d rows/s%n", rooms * each * 1_000_000_000L / (System.nanoTime() - start));
		nodes.forEach(OutboxReplayer::stop);
		for (int room = 0; room < rooms; room++) {
			assertThat(this.fixture.history("resync:" + room)).isEqualTo(IntStream.range(0, each).boxed().toList());
		}
	}

	@Test
	void anOwnerThatHangsIsReplacedAndPublishesNoMoreWhenItComesBack() throws Exception {
		fill(1, 500);
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		SwitchedRelay relay = this.fixture.relay.other();
		CountDownLatch goOn = new CountDownLatch(1);
		relay.before = () -> hang(relay, goOn);
		OutboxReplayer hanging = replayer(relay, outbox("hanging", Duration.ofMillis(400)));
		OutboxReplayer other = replayer(outbox("other", Duration.ofMillis(400)));
		hanging.lanes().spill("resync:0", settings());
		hanging.start();
		OutageFixture.eventually().until(() -> relay.attempts.get() == 100);
		other.lanes().spill("resync:0", settings());
		other.start();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		goOn.countDown();
		hanging.stop();
		other.stop();
		assertThat(this.fixture.history("resync:0")).isEqualTo(IntStream.range(0, 500).boxed().toList());
		assertThat(relay.attempts).hasValue(100);
	}

	@Test
	void whatIsStillOnItsWayIsNotReplayed() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		SwitchedRelay relay = this.fixture.relay;
		relay.before = () -> relay.delay = Duration.ofMillis((relay.attempts.get() == 1) ? 50 : 1_500);
		relay.failing = true;
		for (int number = 1; number <= 2; number++) {
			int current = number;
			this.fixture.transaction.executeWithoutResult((status) -> this.fixture.operations.publish(ROOM, current));
		}
		relay.failing = false;
		await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> relay.attempts.get() == 2);
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(1, 2));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
	}

	@Test
	void whatADeadNodeHasLeftIsTakenOverSoonAfterItsLease() {
		Duration lease = Duration.ofSeconds(2);
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL,
				OutageFixture.outbox(this.fixture.database, "other", new OutboxLimits(0, 0, 0, lease, 3)));
		Outbox dead = outbox("dead", lease);
		OutageFixture.eventually().until(() -> {
			dead.sweep(lease.dividedBy(2));
			return this.fixture.jdbc.queryForObject(
					"select count(*) from realtime_outbox_lease where name = '*sweep*' and owner = 'dead'",
					Integer.class) == 1;
		});
		dead.store(IntStream.range(0, 3).mapToObj((number) -> pending(ROOM, number)).toList());
		assertThat(dead.claim(ROOM)).isTrue();
		long death = System.nanoTime();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		assertThat(Duration.ofNanos(System.nanoTime() - death)).isBetween(lease, lease.multipliedBy(2).plusMillis(500));
		assertThat(this.fixture.history(ROOM)).containsExactly(0, 1, 2);
	}

	@Test
	void aNodeThatIsStartedAgainDoesNotWaitForWhatItWasBefore() {
		Duration lease = Duration.ofMillis(500);
		Outbox before = outbox("before", lease);
		before.store(IntStream.range(0, 3).mapToObj((number) -> pending(ROOM, number)).toList());
		before.sweep(Duration.ofMinutes(10));
		OutageFixture.eventually()
			.until(() -> this.fixture.jdbc.queryForObject("select count(*) from realtime_outbox where created_at < ?",
					Integer.class, System.currentTimeMillis() - lease.toMillis()) == 3);
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL,
				OutageFixture.outbox(this.fixture.database, "after", new OutboxLimits(0, 0, 0, lease, 3)));
		this.fixture.operations.publish(ROOM, 3);
		OutageFixture.eventually()
			.untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(0, 1, 2, 3));
	}

	private static void hang(SwitchedRelay relay, CountDownLatch goOn) {
		if (relay.attempts.get() == 100) {
			try {
				assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private void fill(int rooms, int each) {
		Outbox outbox = outbox("before", Duration.ofSeconds(10));
		for (int room = 0; room < rooms; room++) {
			String name = "resync:" + room;
			outbox.store(IntStream.range(0, each).mapToObj((number) -> pending(name, number)).toList());
		}
	}

	private static OutboxMessage pending(String room, int number) {
		Publication publication = new Publication(Payload.ofJson(Integer.toString(number)), 0, null, Map.of(), 0);
		return OutageHandling.pending(
				RelayMessage.publication(room, publication, RelayMessage.madeUpId(), Set.of(), null),
				Clock.systemUTC());
	}

	private Outbox outbox(String owner, Duration lease) {
		return OutageFixture.outbox(this.fixture.database, owner, new OutboxLimits(0, 0, 0, lease, 3));
	}

	private OutboxReplayer replayer(Outbox outbox) {
		return replayer(this.fixture.relay, outbox);
	}

	private static OutboxReplayer replayer(RoomRelay relay, Outbox outbox) {
		return new OutboxReplayer(relay, outbox, new Namespaces(Map.of("resync", settings())),
				new LocalDelivery(null, Clock.systemUTC()), Clock.systemUTC(), Duration.ofSeconds(30));
	}

	private static RoomSettings settings() {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 1000, Duration.ofHours(1), true);
	}

}
