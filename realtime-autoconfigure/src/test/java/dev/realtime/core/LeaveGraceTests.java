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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.RealtimeListener;
import dev.realtime.core.EngineHarness.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for members whose connection is lost, and who may be back soon.
 */
class LeaveGraceTests {

	private static final Duration GRACE = Duration.ofSeconds(2);

	private final EngineHarness harness = new EngineHarness();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private TestSession watcher;

	@BeforeEach
	void start() {
		this.harness.leaveGrace = GRACE;
		this.harness.authenticators.add((request) -> identity(request.token()));
		this.harness.listeners.add(new Listener());
		this.watcher = join("eve", "chat:a");
		this.watcher.message(1);
	}

	/** After a slash stands what others see of the connection. */
	private static Identity identity(String token) {
		String[] parts = token.split("/", 2);
		Identity identity = parts[0].isEmpty() ? Identity.ANONYMOUS : Identity.of(parts[0]);
		return (parts.length > 1) ? identity.info(Payload.ofJson(parts[1])) : identity;
	}

	@AfterEach
	void stop() {
		this.harness.close();
	}

	private TestSession join(String token, String room) {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
		session.command("\"subscribe\":{\"channel\":\"" + room + "\",\"join_leave\":true}");
		await().until(() -> session.messages().stream().anyMatch((message) -> message.contains("\"subscribe\":")));
		return session;
	}

	private long seen(String event) {
		return this.watcher.messages().stream().filter((message) -> message.contains("\"" + event + "\":")).count();
	}

	private List<String> users() {
		return this.harness.engine().operations().members("chat:a").stream().map(Member::user).sorted().toList();
	}

	private TestSession joined(String token) {
		long before = seen("join");
		TestSession session = join(token, "chat:a");
		await().until(() -> seen("join") == before + 1);
		return session;
	}

	@Test
	void whoIsBackInTimeHasNeitherLeftNorJoinedForTheOthers() {
		joined("ann").close();
		assertThat(users()).containsExactly("ann", "eve");
		join("ann", "chat:a");
		assertThat(users()).containsExactly("ann", "eve");
		await().during(GRACE.plusMillis(500)).untilAsserted(() -> {
			assertThat(seen("leave")).isZero();
			assertThat(seen("join")).isEqualTo(2);
		});
		assertThat(users()).containsExactly("ann", "eve");
	}

	@Test
	void whoIsNotBackHasLeftAfterTheGraceAndOnce() {
		TestSession session = joined("ann");
		long begin = System.nanoTime();
		session.close();
		await().until(() -> seen("leave") == 1);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(GRACE);
		assertThat(users()).containsExactly("eve");
		await().during(GRACE).until(() -> seen("leave") == 1);
		joined("ann");
	}

	@Test
	void whoComesAndGoesAgainHasLeftOnce() {
		joined("ann").close();
		join("ann", "chat:a").close();
		join("ann", "chat:a").close();
		await().until(() -> seen("leave") == 1);
		await().during(GRACE).until(() -> seen("leave") == 1 && seen("join") == 2);
		assertThat(users()).containsExactly("eve");
	}

	@Test
	void whoClosesTheConnectionHasLeftAtOnce() {
		TestSession session = joined("ann");
		session.inbound.closed(true);
		assertLeftAtOnce();
	}

	@Test
	void whoUnsubscribesHasLeftAtOnce() {
		joined("ann").unsubscribe("chat:a");
		assertLeftAtOnce();
	}

	@ParameterizedTest
	@ValueSource(ints = { 3503, 3011, 3005, 4000 })
	void whoIsDisconnectedHasLeftAtOnce(int code) {
		TestSession session = joined("ann");
		this.harness.engine().operations().disconnect("ann", new DisconnectReason(code, "by the application"));
		await().until(() -> session.transport.closed() != null);
		session.close();
		assertLeftAtOnce();
	}

	@Test
	void whoIsBannedHasLeftAtOnce() {
		TestSession session = joined("ann");
		this.harness.engine().operations().ban("ann", Duration.ofMinutes(1));
		await().until(() -> session.transport.closed() != null);
		session.close();
		assertLeftAtOnce();
	}

	private void assertLeftAtOnce() {
		await().atMost(GRACE.minusMillis(300)).until(() -> seen("leave") == 1);
		assertThat(users()).containsExactly("eve");
	}

	@Test
	void whoseNodeGoesDownIsExpectedBack() {
		TestSession session = joined("ann");
		session.inbound.session().disconnect(DisconnectReason.SHUTDOWN);
		await().until(() -> session.transport.closed() != null);
		session.close();
		join("ann", "chat:a");
		await().during(GRACE.plusMillis(500)).until(() -> seen("leave") == 0 && seen("join") == 2);
	}

	@Test
	void anotherSessionOfTheUserKeepsNobodyIn() {
		joined("ann");
		joined("ann").close();
		await().until(() -> seen("leave") == 1);
		assertThat(users()).containsExactly("ann", "eve");
		await().during(GRACE).until(() -> seen("leave") == 1);
	}

	@Test
	void whoIsSomebodyElseJoins() {
		joined("ann/1").close();
		joined("ann/2");
		joined("bob/1");
		await().until(() -> seen("leave") == 1);
		assertThat(users()).containsExactly("ann", "bob", "eve");
	}

	@Test
	void anonymousMembersAreRecognizedByWhatIsKnownOfThem() {
		joined("/7").close();
		join("/7", "chat:a");
		await().during(GRACE.plusMillis(500)).until(() -> seen("leave") == 0 && seen("join") == 2);
	}

	@Test
	void ofWhomNothingIsKnownHasLeftAtOnce() {
		joined("").close();
		assertLeftAtOnce();
	}

	@Test
	void whoIsExpectedInOneRoomJoinsAnother() {
		joined("ann").close();
		TestSession other = join("bob", "chat:b");
		join("ann", "chat:b");
		await().until(() -> other.messages().stream().anyMatch((message) -> message.contains("\"user\":\"ann\"")));
		await().until(() -> seen("leave") == 1);
	}

	@Test
	void aRoomIsVacatedAfterTheGrace() {
		join("ann", "chat:b").close();
		TestSession session = join("ann", "chat:b");
		long begin = System.nanoTime();
		session.close();
		await().until(() -> this.events.contains("-chat:b"));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(GRACE);
		join("ann", "chat:b").inbound.closed(true);
		await().atMost(GRACE.minusMillis(300)).until(() -> this.events.lastIndexOf("-chat:b") == 4);
		assertThat(this.events).containsExactly("+chat:a", "+chat:b", "-chat:b", "+chat:b", "-chat:b");
	}

	private final class Listener implements RealtimeListener {

		@Override
		public void roomOccupied(String room) {
			LeaveGraceTests.this.events.add("+" + room);
		}

		@Override
		public void roomVacated(String room) {
			LeaveGraceTests.this.events.add("-" + room);
		}

	}

}
