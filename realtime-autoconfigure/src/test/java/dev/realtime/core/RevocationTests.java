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
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.ConnectReply;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.protocol.JsonWireCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of rights that are taken away while they are being checked.
 */
@Timeout(120)
class RevocationTests {

	private static final String ROOM = "chat:board";

	private final EngineHarness harness = new EngineHarness();

	private final AtomicBoolean allowed = new AtomicBoolean(true);

	private final CountDownLatch checked = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.harness.close();
	}

	@Test
	void whenRevokedBetweenCheckAndJoinNothingIsDelivered() throws Exception {
		this.harness.authorizers.add((access) -> RoomDecision.of(slowly(this.allowed.get())));
		TestSession ann = connect("ann");
		int id = ann.subscribe(ROOM);
		revokeMeanwhile();
		assertThat(reply(ann, id)).contains("\"code\":100", "\"temporary\":true");
		assertThat(reply(ann, ann.subscribe(ROOM))).contains("\"code\":103");
		assertNothingIsDelivered(ann);
	}

	@Test
	void whenRevokedWhileTheHistoryIsReadItIsNotDelivered() throws Exception {
		AtomicBoolean slow = new AtomicBoolean();
		this.harness.authorizers.add((access) -> {
			boolean granted = this.allowed.get();
			return RoomDecision
				.of((access.operation() == RoomAccess.Operation.HISTORY && slow.get()) ? slowly(granted) : granted);
		});
		TestSession ann = connect("ann");
		assertThat(reply(ann, ann.subscribe(ROOM))).contains("\"subscribe\"");
		slow.set(true);
		int id = ann.command("\"history\":{\"channel\":\"" + ROOM + "\",\"limit\":-1}");
		this.checked.await();
		this.allowed.set(false);
		this.harness.engine().operations().unsubscribe("ann", ROOM);
		this.harness.engine().operations().publish(ROOM, "secret");
		this.goOn.countDown();
		assertThat(reply(ann, id)).contains("\"code\":100");
		assertThat(ann.messages()).noneMatch((message) -> message.contains("secret"));
	}

	@Test
	void whenRevokedWhileTheClientConnectsItIsNotPutIntoTheRoom() throws Exception {
		this.harness.connectHandlers
			.add((request) -> slowly(this.allowed.get()) ? ConnectReply.rooms(ROOM) : ConnectReply.EMPTY);
		TestSession ann = open("ann");
		ann.send("{\"id\":1,\"connect\":{}}");
		revokeMeanwhile();
		await().until(() -> ann.transport.closed() != null);
		assertThat(ann.transport.closed()).isEqualTo(DisconnectReason.FORCE_RECONNECT);
		assertNothingIsDelivered(ann);
	}

	@Test
	void whenDisconnectedWhileItIsAuthenticatedAClientIsNotLetIn() throws Exception {
		this.harness.authenticators.add((request) -> {
			slowly(true);
			return Identity.of("ann");
		});
		TestSession ann = this.harness.open();
		ann.send("{\"id\":1,\"connect\":{\"token\":\"old\"}}");
		this.checked.await();
		this.harness.engine().operations().disconnect("ann", DisconnectReason.FORCE_DISCONNECT);
		this.goOn.countDown();
		await().until(() -> ann.transport.closed() != null);
		assertThat(ann.messages()).isEmpty();
	}

	@Test
	void whenAnotherUserIsRevokedTheCheckCounts() throws Exception {
		this.harness.authorizers.add((access) -> RoomDecision.of(slowly(true)));
		TestSession ann = connect("ann");
		int id = ann.subscribe(ROOM);
		this.checked.await();
		this.harness.engine().operations().unsubscribe("bob", ROOM);
		this.goOn.countDown();
		assertThat(reply(ann, id)).contains("\"subscribe\"");
	}

	@Test
	void whenRevokedAtAnyMomentNothingIsDeliveredAfterwards() {
		AtomicInteger delivered = new AtomicInteger();
		Random random = new Random(7);
		this.harness.authorizers.add((access) -> {
			boolean granted = this.allowed.get();
			LockSupport.parkNanos(200_000);
			return RoomDecision.of(granted);
		});
		TestSession ann = connect("ann");
		for (int i = 0; i < 1_000; i++) {
			this.allowed.set(true);
			int id = ann.subscribe(ROOM);
			LockSupport.parkNanos(random.nextInt(600_000));
			this.allowed.set(false);
			this.harness.engine().operations().unsubscribe("ann", ROOM);
			String secret = "secret-" + i;
			this.harness.engine().operations().publish(ROOM, secret);
			delivered.addAndGet(reply(ann, id).contains("\"subscribe\"") ? 1 : 0);
			assertThat(ann.transport.take()).noneMatch((message) -> message.contains(secret));
		}
		assertThat(delivered).hasValueBetween(1, 1_000);
	}

	@Test
	void whenANewTokenGivesLessTheRoomsAreReviewed() {
		this.harness.authenticators.add((request) -> request.token().isEmpty() ? null
				: Identity.of("ann").expiresAt(Instant.now().plusSeconds(60)));
		this.harness.authorizers.add((access) -> RoomDecision.of(this.allowed.get() || !access.room().equals(ROOM)));
		TestSession ann = this.harness.open();
		ann.send("{\"id\":1,\"connect\":{\"token\":\"all\"}}");
		reply(ann, 1);
		assertThat(reply(ann, ann.subscribe(ROOM))).contains("\"subscribe\"");
		assertThat(reply(ann, ann.subscribe("chat:open"))).contains("\"subscribe\"");
		this.allowed.set(false);
		assertThat(reply(ann, ann.command("\"refresh\":{\"token\":\"less\"}"))).contains("\"refresh\"");
		assertThat(ann.messages()).anyMatch((message) -> message.contains(ROOM) && message.contains("\"code\":2000"));
		assertNothingIsDelivered(ann);
		this.harness.engine().operations().publish("chat:open", "for all");
		await().until(() -> ann.messages().stream().anyMatch((message) -> message.contains("for all")));
	}

	@Test
	void whenRoomsCannotBeReviewedTheClientTriesAgain() {
		this.harness.authenticators.add((request) -> request.token().isEmpty() ? null
				: Identity.of("ann").expiresAt(Instant.now().plusSeconds(60)));
		this.harness.authorizers.add((access) -> {
			if (!this.allowed.get()) {
				throw new RealtimeException(ErrorCode.INTERNAL);
			}
			return RoomDecision.GRANTED;
		});
		TestSession ann = this.harness.open();
		ann.send("{\"id\":1,\"connect\":{\"token\":\"one\"}}");
		reply(ann, 1);
		reply(ann, ann.subscribe(ROOM));
		this.allowed.set(false);
		assertThat(reply(ann, ann.command("\"refresh\":{\"token\":\"two\"}"))).contains("\"temporary\":true");
		this.harness.engine().operations().publish(ROOM, "still");
		await().until(() -> ann.messages().stream().anyMatch((message) -> message.contains("still")));
	}

	/** Answer what was seen before, later. */
	private boolean slowly(boolean answer) {
		this.checked.countDown();
		try {
			assertThat(this.goOn.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return answer;
	}

	private void revokeMeanwhile() throws InterruptedException {
		this.checked.await();
		this.allowed.set(false);
		this.harness.engine().operations().unsubscribe("ann", ROOM);
		this.goOn.countDown();
	}

	private void assertNothingIsDelivered(TestSession session) {
		TestSession witness = connect("witness");
		this.allowed.set(true);
		reply(witness, witness.subscribe(ROOM));
		this.harness.engine().operations().publish(ROOM, "secret");
		await().until(() -> witness.messages().stream().anyMatch((message) -> message.contains("secret")));
		assertThat(session.messages()).noneMatch((message) -> message.contains("secret"));
	}

	private TestSession open(String user) {
		FakeTransport transport = new FakeTransport();
		return new TestSession(transport,
				this.harness.engine().gateway().open(transport, new JsonWireCodec(), () -> user, false));
	}

	private TestSession connect(String user) {
		TestSession session = open(user);
		session.send("{\"id\":1,\"connect\":{}}");
		reply(session, 1);
		return session;
	}

	private static String reply(TestSession session, int id) {
		String start = "{\"id\":" + id + ",";
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> session.messages().stream().anyMatch((message) -> message.startsWith(start)));
		return session.messages().stream().filter((message) -> message.startsWith(start)).findFirst().orElseThrow();
	}

}
