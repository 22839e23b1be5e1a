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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Identity;
import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.protocol.PlainWireCodec;
import dev.realtime.protocol.ProtobufWireCodec;
import dev.realtime.session.LocalSession;
import dev.realtime.session.OutboundLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for publications that are delivered to the members on this node as soon as they
 * are stored.
 */
class LocalDeliveryTests {

	private static final String ROOM = "chat:a";

	private static final Pattern DATA = Pattern.compile("\"data\":(\\d+)");

	private final OutageFixture fixture = new OutageFixture();

	@BeforeEach
	void setUp() {
		this.fixture.localDelivery = true;
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
	}

	@AfterEach
	void tearDown() {
		this.fixture.close();
	}

	@Test
	void aMemberHasItAtOnceAndNotAgain() {
		TestSession member = member(ROOM);
		this.fixture.down();
		spill(ROOM, 1, PublishOptions.NONE.id("one").tag("color", "red"));
		assertThat(awaitPublication(member, 1)).contains("\"provisional\":\"true\"", "\"id\":\"one\"", "\"color\"")
			.doesNotContain("\"offset\"");
		this.fixture.up();
		awaitPublished(ROOM, 2);
		assertThat(awaitPublication(member, 2)).contains("\"offset\":2").doesNotContain("tags");
		assertThat(received(member)).containsExactly(1, 2);
	}

	@Test
	void whoJoinsLaterGetsItByTheReplay() {
		TestSession member = member(ROOM);
		this.fixture.down();
		spill(ROOM, 1, PublishOptions.NONE);
		TestSession late = member(ROOM);
		spill(ROOM, 2, PublishOptions.NONE);
		assertThat(awaitPublication(late, 2)).contains("provisional");
		this.fixture.up();
		awaitPublished(ROOM, 3);
		awaitPublication(late, 3);
		awaitPublication(member, 3);
		assertThat(received(late)).containsExactly(2, 1, 3);
		assertThat(publication(late, 1)).contains("\"offset\":1", "\"id\":\"~").doesNotContain("provisional");
		assertThat(received(member)).containsExactly(1, 2, 3);
	}

	@Test
	void whoHasLeftAndComesBackGetsItByTheReplay() {
		member(ROOM);
		TestSession member = member(ROOM);
		this.fixture.down();
		spill(ROOM, 1, PublishOptions.NONE);
		awaitPublication(member, 1);
		member.unsubscribe(ROOM);
		int id = member.subscribe(ROOM);
		awaitReply(member, id);
		this.fixture.up();
		awaitPublished(ROOM, 2);
		awaitPublication(member, 2);
		assertThat(received(member)).containsExactly(1, 1, 2);
	}

	@Test
	void recoveryIsGaplessAndRepeatsWhatHadNoOffset() {
		TestSession other = member(ROOM);
		awaitPublished(ROOM, 0);
		TestSession member = member(ROOM);
		String epoch = epoch(other);
		this.fixture.down();
		spill(ROOM, 1, PublishOptions.NONE);
		String provisional = awaitPublication(member, 1);
		this.fixture.up();
		awaitPublished(ROOM, 2);
		awaitPublication(member, 2);
		member.close();
		TestSession recovered = this.fixture.harness.connect();
		recover(recovered, 1, epoch);
		OutageFixture.eventually().until(() -> received(recovered).size() == 2);
		assertThat(received(recovered)).containsExactly(1, 2);
		assertThat(recovered.messages()).anyMatch((message) -> message.contains("\"recovered\":true"));
		Matcher id = Pattern.compile("\"id\":\"(~[^\"]+)\"").matcher(provisional);
		assertThat(id.find()).isTrue();
		assertThat(recovered.messages()).anyMatch((message) -> message.contains(id.group()));
		TestSession further = this.fixture.harness.connect();
		recover(further, 3, epoch);
		awaitPublished(ROOM, 3);
		awaitPublication(further, 3);
		assertThat(received(further)).containsExactly(3);
	}

	private static void recover(TestSession session, int offset, String epoch) {
		awaitReply(session, session.command("\"subscribe\":{\"channel\":\"" + ROOM + "\",\"recover\":true,\"offset\":"
				+ offset + ",\"epoch\":\"" + epoch + "\"}"));
	}

	@Test
	void whatWasDeliveredAlthoughItSeemedToFailIsNotDeliveredAgain() {
		TestSession member = member(ROOM);
		this.fixture.relay.doubtful = true;
		spill(ROOM, 1, PublishOptions.NONE);
		this.fixture.up();
		awaitPublished(ROOM, 2);
		awaitPublication(member, 2);
		assertThat(received(member)).containsExactly(1, 2);
		assertThat(publication(member, 1)).doesNotContain("provisional");
	}

	@Test
	void whatFailsInFlightIsDelivered() {
		TestSession member = member(ROOM);
		this.fixture.relay.failing = true;
		spill(ROOM, 1, PublishOptions.NONE);
		assertThat(awaitPublication(member, 1)).contains("provisional");
		this.fixture.up();
		awaitPublished(ROOM, 2);
		awaitPublication(member, 2);
		assertThat(received(member)).containsExactly(1, 2);
	}

	@Test
	void whoIsExcludedGetsItNeitherNowNorLater() {
		TestSession writer = member(ROOM);
		TestSession member = member(ROOM);
		this.fixture.down();
		spill(ROOM, 1, PublishOptions.NONE.exclude(id(writer)));
		awaitPublication(member, 1);
		this.fixture.up();
		awaitPublished(ROOM, 2);
		awaitPublication(writer, 2);
		awaitPublication(member, 2);
		assertThat(received(writer)).containsExactly(2);
		assertThat(received(member)).containsExactly(1, 2);
	}

	@Test
	void whoIsExcludedFromALocalPublicationIsTheOnlyOneWithoutIt() {
		TestSession writer = member("local:a");
		TestSession member = member("local:a");
		this.fixture.down();
		assertThat(this.fixture.operations.publish("local:a", 1,
				PublishOptions.NONE.exclude(id(writer)).outagePolicy(OutagePolicy.LOCAL)))
			.isInstanceOf(PublishResult.LocalOnly.class);
		awaitPublication(member, 1);
		assertThat(received(writer)).isEmpty();
	}

	@Test
	void aTransactionIsDeliveredWhenItIsCommittedAndNeverIfItIsRolledBack() {
		TestSession member = member(ROOM);
		this.fixture.down();
		this.fixture.transaction.executeWithoutResult((status) -> {
			this.fixture.operations.publish(ROOM, 1);
			status.setRollbackOnly();
		});
		this.fixture.transaction.executeWithoutResult((status) -> {
			this.fixture.operations.publish(ROOM, 2);
			assertThat(received(member)).isEmpty();
		});
		assertThat(awaitPublication(member, 2)).contains("provisional");
		this.fixture.up();
		awaitPublished(ROOM, 3);
		awaitPublication(member, 3);
		assertThat(received(member)).containsExactly(2, 3);
	}

	@Test
	void whatIsMoreThanCanBeRememberedComesOnlyByTheReplay() {
		TestSession member = member("resync:a");
		this.fixture.down();
		IntStream.range(0, 1_100).forEach((number) -> spill("resync:a", number, PublishOptions.NONE));
		OutageFixture.eventually().until(() -> received(member).size() == 1_000);
		this.fixture.up();
		awaitPublished("resync:a", 1_100);
		awaitPublication(member, 1_100);
		assertThat(received(member)).isEqualTo(IntStream.rangeClosed(0, 1_100).boxed().toList());
	}

	@Test
	void whoWasTooSlowAndSubscribesAgainMissesNothing() {
		this.fixture.close();
		OutageFixture small = new OutageFixture();
		try (small) {
			small.localDelivery = true;
			small.harness.outbound = new OutboundLimits(1 << 20, 10, 60_000, TimeUnit.SECONDS.toNanos(15));
			small.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
			TestSession member = small.harness.connect();
			awaitReply(member, member.subscribe("resync:a"));
			member.transport.hold();
			small.down();
			IntStream.range(0, 30).forEach((number) -> small.operations.publish("resync:a", number));
			member.transport.releaseAll();
			OutageFixture.eventually()
				.until(() -> member.messages().stream().anyMatch((message) -> message.contains("\"code\":2500")));
			awaitReply(member, member.command("\"subscribe\":{\"channel\":\"resync:a\",\"recover\":true}"));
			small.up();
			OutageFixture.eventually()
				.until(() -> small.operations.publish("resync:a", 30) instanceof PublishResult.Published);
			awaitPublication(member, 30);
			assertThat(received(member)).containsAll(IntStream.rangeClosed(0, 30).boxed().toList());
		}
	}

	@Test
	void sessionsOfAllCodecsGetItOnce() {
		FakeTransport protobuf = new FakeTransport();
		SessionInbound inbound = this.fixture.harness.engine()
			.gateway()
			.open(protobuf, new ProtobufWireCodec(), null, false);
		inbound.frame(new byte[] { 4, 8, 1, 0x22, 0 });
		OutageFixture.eventually().until(() -> !protobuf.frames().isEmpty());
		ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
		subscribe.writeBytes(new byte[] { 12, 8, 2, 0x2a, 8, 0x0a, 6 });
		subscribe.writeBytes(ROOM.getBytes(StandardCharsets.US_ASCII));
		inbound.frame(subscribe.toByteArray());
		OutageFixture.eventually().until(() -> protobuf.frames().size() == 2);
		FakeTransport plain = new FakeTransport();
		LocalSession session = this.fixture.harness.engine()
			.gateway()
			.attach(plain, new PlainWireCodec(), Identity.ANONYMOUS);
		this.fixture.harness.engine().rooms().join(session, ROOM);
		OutageFixture.eventually().until(() -> this.fixture.operations.members(ROOM).size() == 2);
		this.fixture.down();
		this.fixture.operations.publish(ROOM, "once");
		OutageFixture.eventually().until(() -> count(protobuf, "\"once\"") == 1 && count(plain, "\"once\"") == 1);
		assertThat(count(protobuf, "provisional")).isEqualTo(1);
		this.fixture.up();
		OutageFixture.eventually()
			.until(() -> this.fixture.operations.publish(ROOM, "last") instanceof PublishResult.Published);
		OutageFixture.eventually().until(() -> count(protobuf, "\"last\"") >= 1 && count(plain, "\"last\"") >= 1);
		assertThat(count(protobuf, "\"once\"")).isEqualTo(1);
		assertThat(count(plain, "\"once\"")).isEqualTo(1);
	}

	private static long count(FakeTransport transport, String text) {
		return transport.frames()
			.stream()
			.flatMap((frame) -> Stream.of(frame.split("\n")))
			.filter((line) -> line.contains(text))
			.count();
	}

	@Test
	void whileTheBrokerComesAndGoesWhoStaysGetsEachOnceAndWhoComesMissesNothing() throws Exception {
		TestSession staying = member("resync:a");
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService pool = Executors.newFixedThreadPool(2);
		List<List<Integer>> visits = new ArrayList<>();
		CompletableFuture<Void> broker = CompletableFuture.runAsync(() -> flap(done), pool);
		CompletableFuture<Void> visitor = CompletableFuture.runAsync(() -> {
			while (!done.get()) {
				visits.add(visit());
			}
		}, pool);
		List<Integer> all = IntStream.range(0, 900).boxed().toList();
		all.forEach((number) -> this.fixture.operations.publish("resync:a", number));
		done.set(true);
		CompletableFuture.allOf(broker, visitor).get(20, TimeUnit.SECONDS);
		pool.shutdown();
		this.fixture.up();
		awaitPublished("resync:a", 900);
		awaitPublication(staying, 900);
		assertThat(received(staying)).doesNotHaveDuplicates().hasSize(901).containsAll(all);
		assertThat(visits).isNotEmpty().allSatisfy((visit) -> assertThat(visit).doesNotHaveDuplicates());
	}

	private void flap(AtomicBoolean done) {
		Random random = new Random(7);
		for (int i = 0; !done.get(); i++) {
			switch (i % 4) {
				case 0 -> this.fixture.down();
				case 2 -> this.fixture.relay.doubtful = true;
				default -> this.fixture.up();
			}
			OutageFixture.eventually().pollDelay(random.nextInt(10) + 1, TimeUnit.MILLISECONDS).until(() -> true);
		}
		this.fixture.up();
	}

	private List<Integer> visit() {
		TestSession visitor = member("resync:a");
		int before = received(visitor).size();
		OutageFixture.eventually().pollDelay(5, TimeUnit.MILLISECONDS).until(() -> before >= 0);
		visitor.close();
		return received(visitor);
	}

	private TestSession member(String room) {
		TestSession session = this.fixture.harness.connect();
		awaitReply(session, session.subscribe(room));
		return session;
	}

	private static void awaitReply(TestSession session, int id) {
		OutageFixture.eventually()
			.until(() -> session.messages().stream().anyMatch((message) -> message.startsWith("{\"id\":" + id + ",")));
	}

	private void spill(String room, int number, PublishOptions options) {
		assertThat(this.fixture.operations.publish(room, number, options)).isInstanceOf(PublishResult.Spilled.class);
	}

	/** What is stored has all gone out before. */
	private void awaitPublished(String room, int number) {
		OutageFixture.eventually().until(() -> this.fixture.rows() == 0);
		OutageFixture.eventually().ignoreExceptions().until(() -> isPublished(room, number));
	}

	private boolean isPublished(String room, int number) {
		return this.fixture.operations.publish(room, number,
				PublishOptions.NONE.outagePolicy(OutagePolicy.FAIL)) instanceof PublishResult.Published;
	}

	private static String awaitPublication(TestSession session, int number) {
		OutageFixture.eventually().until(() -> received(session).contains(number));
		return publication(session, number);
	}

	/** Return the last message with a publication. */
	private static String publication(TestSession session, int number) {
		return session.messages()
			.stream()
			.filter((message) -> message.contains("\"data\":" + number + ",")
					|| message.contains("\"data\":" + number + "}"))
			.reduce((first, second) -> second)
			.orElseThrow();
	}

	/** Return the numbers of all publications, live and recovered. */
	private static List<Integer> received(TestSession session) {
		return session.messages()
			.stream()
			.flatMap((message) -> DATA.matcher(message).results())
			.map((match) -> Integer.valueOf(match.group(1)))
			.toList();
	}

	private static String id(TestSession session) {
		Matcher matcher = Pattern.compile("\"client\":\"([^\"]+)\"").matcher(session.message(0));
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

	private static String epoch(TestSession session) {
		Matcher matcher = Pattern.compile("\"epoch\":\"([^\"]+)\"").matcher(String.join("", session.messages()));
		assertThat(matcher.find()).isTrue();
		return matcher.group(1);
	}

}
