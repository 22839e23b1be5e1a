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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomDecision;
import dev.realtime.StreamPosition;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;
import dev.realtime.session.OutboundLimits;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the engine as a client sees it, without sockets.
 */
class RealtimeEngineTests {

	private final EngineHarness harness = new EngineHarness();

	@BeforeEach
	void pollOften() {
		Awaitility.setDefaultPollDelay(Duration.ZERO);
		Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
	}

	@AfterEach
	void stop() {
		Awaitility.reset();
		this.harness.close();
	}

	@Test
	void connectReplyTellsSessionAndPings() {
		TestSession session = this.harness.connect();
		await().untilAsserted(() -> assertThat(session.messages()).singleElement()
			.asString()
			.startsWith("{\"id\":1,\"connect\":{\"client\":\"")
			.endsWith("\"ping\":25,\"pong\":true}}"));
	}

	@Test
	void commandsOfOneFrameAreAnsweredInOneFrame() {
		TestSession session = this.harness.open();
		session.send("{\"connect\":{},\"id\":1}\n{\"subscribe\":{\"channel\":\"plain:a\",\"flag\":1},\"id\":2}\n");
		assertThat(session.transport.frames()).hasSize(1);
		await().untilAsserted(
				() -> assertThat(session.messages()).hasSize(2).last().isEqualTo("{\"id\":2,\"subscribe\":{}}"));
	}

	@Test
	void publicationReachesMembersAndPublisher() {
		TestSession first = this.harness.connect();
		TestSession second = this.harness.connect();
		first.subscribe("plain:a");
		second.subscribe("plain:a");
		int id = first.publish("plain:a", "{\"text\":\"hi\"}");
		await().untilAsserted(() -> assertThat(first.messages()).contains("{\"id\":" + id + ",\"publish\":{}}"));
		for (TestSession session : List.of(first, second)) {
			await()
				.untilAsserted(() -> assertThat(session.messages()).filteredOn((message) -> message.contains("\"pub\""))
					.singleElement()
					.asString()
					.contains("\"channel\":\"plain:a\"", "\"data\":{\"text\":\"hi\"}", "\"info\":{\"user\":\"\"")
					.doesNotContain("\"offset\""));
		}
	}

	@Test
	void roomWithHistoryIsRecovered() {
		TestSession away = this.harness.connect();
		int id = away.subscribe("chat:a");
		String epoch = epoch(away.message(1));
		await().untilAsserted(
				() -> assertThat(away.message(1)).startsWith("{\"id\":" + id + ",\"subscribe\":{\"recoverable\":true"));
		away.close();
		publish("chat:a", "1", "2");
		TestSession back = this.harness.connect();
		back.command("\"subscribe\":{\"channel\":\"chat:a\",\"recover\":true,\"epoch\":\"" + epoch + "\"}");
		await().untilAsserted(() -> assertThat(back.message(1)).contains("\"recovered\":true",
				"\"was_recovering\":true", "\"data\":1,\"offset\":1", "\"data\":2,\"offset\":2"));
		publish("chat:a", "3");
		await().untilAsserted(() -> assertThat(back.messages()).filteredOn((message) -> message.contains("\"pub\""))
			.singleElement()
			.asString()
			.contains("\"data\":3,\"offset\":3"));
	}

	@Test
	void whenEpochIsForeignNothingIsRecovered() {
		publish("chat:a", "1", "2");
		TestSession back = this.harness.connect();
		back.command("\"subscribe\":{\"channel\":\"chat:a\",\"recover\":true,\"offset\":1,\"epoch\":\"other\"}");
		await().untilAsserted(() -> assertThat(back.message(1)).contains("\"was_recovering\":true", "\"offset\":2")
			.doesNotContain("\"recovered\"", "publications"));
	}

	@Test
	void whenPositionIsUnrecoverableAndTheClientRejectsThatErrorIs112() {
		publish("chat:a", "1");
		TestSession back = this.harness.connect();
		int id = back.command("\"subscribe\":{\"channel\":\"chat:a\",\"recover\":true,\"epoch\":\"x\",\"flag\":2}");
		await().untilAsserted(() -> assertThat(back.messages()).contains(error(id, 112, "unrecoverable position")));
		await().untilAsserted(() -> assertThat(this.harness.engine().roomCount()).isZero());
		await().untilAsserted(() -> assertThat(this.harness.presence.size()).isZero());
	}

	@Test
	void whenMoreIsMissedThanHistoryKeepsNothingIsRecovered() {
		this.harness.authenticators.add((request) -> Identity.of("ann"));
		publish("closed:a", "1");
		TestSession back = this.harness.connect();
		await().until(() -> !back.messages().isEmpty());
		publish("closed:a", "2", "3", "4", "5");
		back.command("\"subscribe\":{\"channel\":\"closed:a\",\"recover\":true,\"offset\":1}");
		await().untilAsserted(() -> assertThat(back.message(1)).contains("\"was_recovering\":true", "\"offset\":5")
			.doesNotContain("\"recovered\"", "publications"));
	}

	@Test
	void historyPagesForwardsAndBackwards() {
		publish("chat:a", "1", "2", "3");
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		session.command("\"history\":{\"channel\":\"chat:a\"}");
		session.command("\"history\":{\"channel\":\"chat:a\",\"limit\":2,\"since\":{\"offset\":1}}");
		session.command("\"history\":{\"channel\":\"chat:a\",\"limit\":1,\"reverse\":true}");
		List<String> replies = session.messages().stream().filter((text) -> text.contains("\"history\"")).toList();
		assertThat(replies.get(0)).contains("\"publications\":[],\"epoch\":\"", "\"offset\":3}");
		assertThat(replies.get(1)).contains("\"data\":2", "\"data\":3").doesNotContain("\"data\":1,");
		assertThat(replies.get(2)).contains("\"data\":3").doesNotContain("\"data\":2,");
	}

	@Test
	void historyOfAnotherEpochIsError112() {
		publish("chat:a", "1");
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		int id = session.command("\"history\":{\"channel\":\"chat:a\",\"since\":{\"offset\":1,\"epoch\":\"x\"}}");
		await().untilAsserted(() -> assertThat(session.messages()).contains(error(id, 112, "unrecoverable position")));
	}

	@Test
	void presenceCountsSessionsAndUsers() {
		TestSession first = this.harness.connect();
		TestSession second = this.harness.connect();
		first.subscribe("chat:a");
		second.subscribe("chat:a");
		first.command("\"presence\":{\"channel\":\"chat:a\"}");
		int id = first.command("\"presence_stats\":{\"channel\":\"chat:a\"}");
		await().untilAsserted(() -> assertThat(first.messages())
			.contains("{\"id\":" + id + ",\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}"));
		await().untilAsserted(() -> assertThat(first.message(2)).contains(id(first) + "\":{\"user\":\"\"",
				id(second) + "\":{\"user\":\"\""));
	}

	@Test
	void comingAndGoingReachOnlyWhoAskedForIt() {
		TestSession curious = this.harness.connect();
		TestSession other = this.harness.connect();
		curious.command("\"subscribe\":{\"channel\":\"chat:a\",\"join_leave\":true}");
		other.subscribe("chat:a");
		other.unsubscribe("chat:a");
		await().untilAsserted(() -> assertThat(curious.messages()).filteredOn((message) -> message.contains(id(other)))
			.satisfiesExactly((message) -> assertThat(message).contains("\"join\":{\"info\""),
					(message) -> assertThat(message).contains("\"leave\":{\"info\"")));
		await().untilAsserted(() -> assertThat(other.messages()).noneMatch((message) -> message.contains("\"push\"")));
	}

	@Test
	void whenRoomIsCrowdedPresenceIsError106() {
		this.harness.authenticators.add((request) -> Identity.of("ann"));
		List<TestSession> sessions = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			TestSession session = this.harness.connect();
			await().until(() -> !session.messages().isEmpty());
			session.command("\"subscribe\":{\"channel\":\"closed:a\",\"join_leave\":true}");
			sessions.add(session);
		}
		TestSession last = sessions.get(2);
		int id = last.command("\"presence\":{\"channel\":\"closed:a\"}");
		await().untilAsserted(() -> assertThat(last.messages()).contains(error(id, 106, "limit exceeded"))
			.noneMatch((message) -> message.contains("\"join\"")));
	}

	@Test
	void tenPairsOfSubscribeAndUnsubscribeLeaveOneMember() {
		TestSession session = this.harness.connect();
		for (int i = 0; i < 10; i++) {
			session.subscribe("chat:a");
			session.unsubscribe("chat:a");
		}
		session.subscribe("chat:a");
		await().untilAsserted(() -> assertThat(session.messages()).noneMatch((message) -> message.contains("error")));
		await().untilAsserted(() -> assertThat(this.harness.engine().operations().members("chat:a")).hasSize(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "[]", "nonsense", "", "\n", "{\"id\":1}", "{\"id\":-1,\"connect\":{}}",
			"{\"id\":4294967296,\"connect\":{}}", "{\"id\":1,\"connect\":3}", "{\"id\":1,\"connect\":{}}x",
			"{\"id\":1,\"connect\":{\"token\":1}}", "{\"id\":1,\"id\":2,\"connect\":{}}",
			"{\"id\":1,\"subscribe\":{\"channel\":\"chat:a\"}}", "{}", "{\"id\":1,\"dance\":{}}" })
	void whenFirstFrameIsNoConnectSessionEnds(String frame) {
		TestSession session = this.harness.open();
		session.send(frame);
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.BAD_REQUEST));
	}

	@Test
	void whenFrameIsHalfGoodTheGoodCommandsAreAnsweredFirst() {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,");
		await().untilAsserted(() -> assertThat(session.messages()).hasSize(1));
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.BAD_REQUEST));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			"subscribe":{"channel":"chat"}                                | 102 | unknown channel
			"subscribe":{"channel":"other:a"}                             | 102 | unknown channel
			"subscribe":{"channel":"chat:a b"}                            | 107 | bad request
			"subscribe":{"channel":"chat:*"}                              | 107 | bad request
			"subscribe":{"channel":"closed:a"}                            | 103 | permission denied
			"subscribe":{"channel":"chat:a","type":1}                     | 108 | not available
			"subscribe":{"channel":"chat:a","tf":{"op":"eq"}}             | 107 | bad request
			"publish":{"channel":"chat:a","data":{}}                      | 103 | permission denied
			"publish":{"channel":"plain:a"}                               | 107 | bad request
			"publish":{"channel":"plain:a","data":{},"type":1}            | 108 | not available
			"presence":{"channel":"chat:a"}                               | 103 | permission denied
			"history":{"channel":"chat:a","limit":1}                      | 103 | permission denied
			"rpc":{"method":"m","data":{}}                                | 108 | not available
			"ping":{}                                                     | 108 | not available
			"sub_refresh":{"channel":"chat:a","token":"t"}                | 103 | permission denied
			""")
	void badRequestIsAnsweredWithItsErrorAndOthersGoOn(String command, int code, String message) {
		TestSession session = this.harness.connect();
		int id = session.command(command);
		await().untilAsserted(() -> assertThat(session.messages()).contains(error(id, code, message)));
		session.subscribe("plain:b");
		await().untilAsserted(() -> assertThat(session.messages()).last().asString().contains("\"subscribe\":{}"));
	}

	@Test
	void secondSubscriptionIsError105() {
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		int id = session.subscribe("chat:a");
		await().untilAsserted(() -> assertThat(session.messages()).contains(error(id, 105, "already subscribed")));
	}

	@Test
	void presenceAndHistoryWhereTheyAreOffAreError108() {
		TestSession session = this.harness.connect();
		session.subscribe("plain:a");
		int presence = session.command("\"presence\":{\"channel\":\"plain:a\"}");
		int history = session.command("\"history\":{\"channel\":\"plain:a\"}");
		await().untilAsserted(() -> assertThat(session.messages()).contains(error(presence, 108, "not available"),
				error(history, 108, "not available")));
	}

	@Test
	void unsubscribeIsNeverRefused() {
		TestSession session = this.harness.connect();
		int id = session.unsubscribe("nowhere");
		await().untilAsserted(() -> assertThat(session.messages()).contains("{\"id\":" + id + ",\"unsubscribe\":{}}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"send":{"data":1}}                | 3508
			{"id":2,"connect":{}}              | 3501
			{"id":2,"refresh":{"token":"t"}}   | 3501
			{"id":2,"subscribe":{}}            | 3501
			""")
	void whatIsNoUseEndsTheSession(String frame, int code) {
		TestSession session = this.harness.connect();
		session.send(frame);
		await().untilAsserted(() -> assertThat(session.transport.closed()).isNotNull()
			.extracting(DisconnectReason::code)
			.isEqualTo(code));
	}

	@Test
	void whenNobodyKnowsTheTokenSessionEndsEvenIfAnonymousIsAllowed() {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"t\"}}");
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.INVALID_TOKEN));
	}

	@Test
	void whenAnonymousIsOffConnectIsError101AndNothingElseIsHeard() {
		this.harness.allowAnonymous = false;
		TestSession session = this.harness.connect();
		await().untilAsserted(() -> assertThat(session.messages()).containsExactly(error(1, 101, "unauthorized")));
		session.subscribe("plain:a");
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.BAD_REQUEST));
	}

	@Test
	void whenAuthenticatorFailsTheErrorTellsNothing() {
		this.harness.authenticators.add((request) -> {
			throw new IllegalStateException("secret");
		});
		TestSession session = this.harness.connect();
		await().until(() -> !session.messages().isEmpty());
		await().untilAsserted(() -> assertThat(session.messages()).singleElement()
			.asString()
			.contains("\"code\":100,\"message\":\"internal server error (", "\"temporary\":true")
			.doesNotContain("secret", "IllegalState"));
	}

	@Test
	void authorizersCanOnlyNarrow() {
		this.harness.authorizers
			.add((access) -> RoomDecision.of(!access.room().endsWith("secret")).data(Payload.ofJson("{\"a\":1}")));
		TestSession session = this.harness.connect();
		int refused = session.subscribe("chat:secret");
		int rule = session.subscribe("closed:a");
		int granted = session.subscribe("chat:open");
		await().until(() -> session.messages().size() == 4);
		await().untilAsserted(() -> assertThat(session.messages()).contains(error(refused, 103, "permission denied"),
				error(rule, 103, "permission denied")));
		await().untilAsserted(
				() -> assertThat(session.message(3)).startsWith("{\"id\":" + granted).contains("\"data\":{\"a\":1}"));
	}

	@Test
	void slowAuthorizerDelaysOnlyItsOwnSession() {
		CountDownLatch latch = new CountDownLatch(1);
		this.harness.authorizers.add((access) -> {
			if (access.room().equals("chat:slow")) {
				waitFor(latch);
			}
			return RoomDecision.GRANTED;
		});
		TestSession slow = this.harness.connect();
		TestSession other = this.harness.connect();
		slow.subscribe("chat:slow");
		slow.subscribe("chat:after");
		other.subscribe("chat:b");
		await().until(() -> other.messages().size() == 2);
		await().untilAsserted(() -> assertThat(slow.messages()).hasSize(1));
		latch.countDown();
		await().until(() -> slow.messages().size() == 3);
	}

	@Test
	void whenTooMuchIsPendingTheSocketIsNotReadForAWhile() {
		CountDownLatch latch = new CountDownLatch(1);
		this.harness.authorizers.add((access) -> {
			waitFor(latch);
			return RoomDecision.GRANTED;
		});
		TestSession session = this.harness.connect();
		for (int i = 0; i < 63; i++) {
			session.publish("plain:a", "1");
		}
		await().untilAsserted(() -> assertThat(session.transport.isSuspended()).isFalse());
		session.publish("plain:a", "1");
		await().untilAsserted(() -> assertThat(session.transport.isSuspended()).isTrue());
		latch.countDown();
		await().until(() -> session.messages().size() == 65);
		await().untilAsserted(() -> assertThat(session.transport.isSuspended()).isFalse());
	}

	private static void waitFor(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void tokenExpiresUnlessItIsRenewedByTheSameUser() {
		this.harness.authenticators.add(RealtimeEngineTests::token);
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"ann:3600\"}}");
		await().until(() -> !session.messages().isEmpty());
		await().untilAsserted(() -> assertThat(session.message(0)).contains("\"expires\":true,\"ttl\":3600"));
		int renewed = session.command("\"refresh\":{\"token\":\"ann:60\"}");
		int expired = session.command("\"refresh\":{\"token\":\"ann:0\"}");
		await().until(() -> session.messages().size() == 3);
		await().untilAsserted(() -> assertThat(session.messages()).contains(
				"{\"id\":" + renewed + ",\"refresh\":{\"expires\":true,\"ttl\":60}}", error(expired, 110, "expired")));
		session.command("\"refresh\":{\"token\":\"bob:60\"}");
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.INVALID_TOKEN));
	}

	@Test
	void expiredTokenIsError109() {
		this.harness.authenticators.add(RealtimeEngineTests::token);
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"ann:0\"}}");
		await().until(() -> !session.messages().isEmpty());
		await().untilAsserted(() -> assertThat(session.messages()).containsExactly(error(1, 109, "token expired")));
	}

	@Test
	void whenNobodyAsksForANewTokenTheSessionEndsInTime() {
		this.harness.authenticators.add((request) -> Identity.of("ann").expiresAt(Instant.now().plusMillis(300)));
		TestSession session = this.harness.connect();
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.EXPIRED));
		await().untilAsserted(() -> assertThat(session.message(0)).doesNotContain("expires"));
	}

	private static Identity token(ConnectRequest request) {
		String[] parts = request.token().split(":");
		Instant expiresAt = Instant.now().plusSeconds(Long.parseLong(parts[1]));
		if (!expiresAt.isAfter(Instant.now())) {
			throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
		}
		return Identity.of(parts[0]).expiresAt(expiresAt);
	}

	@Test
	void subscriptionExpiresUnlessItIsRenewed() {
		this.harness.authorizers
			.add((access) -> access.token().isEmpty() ? RoomDecision.GRANTED.expiresAt(Instant.now().plusMillis(300))
					: RoomDecision.GRANTED.expiresAt(Instant.now().plusSeconds(Long.parseLong(access.token()))));
		TestSession session = this.harness.connect();
		session.subscribe("plain:short");
		int id = session.command("\"subscribe\":{\"channel\":\"plain:long\",\"token\":\"60\"}");
		int renewed = session.command("\"sub_refresh\":{\"channel\":\"plain:long\",\"token\":\"90\"}");
		int expired = session.command("\"sub_refresh\":{\"channel\":\"plain:long\",\"token\":\"0\"}");
		int empty = session.command("\"sub_refresh\":{\"channel\":\"plain:long\"}");
		int late = session.command("\"subscribe\":{\"channel\":\"plain:late\",\"token\":\"-1\"}");
		await().untilAsserted(() -> assertThat(session.messages()).contains(
				"{\"id\":" + id + ",\"subscribe\":{\"expires\":true,\"ttl\":60}}",
				"{\"id\":" + renewed + ",\"sub_refresh\":{\"expires\":true,\"ttl\":90}}",
				error(expired, 110, "expired"), error(empty, 107, "bad request"), error(late, 109, "token expired"),
				"{\"push\":{\"channel\":\"plain:short\",\"unsubscribe\":"
						+ "{\"code\":2501,\"reason\":\"subscription expired\"}}}"));
		await().untilAsserted(() -> assertThat(session.inbound.session().rooms()).containsExactly("plain:long"));
	}

	@Test
	void serverPutsSessionsIntoRooms() {
		this.harness.authenticators.add((request) -> Identity.of("ann"));
		this.harness.connectHandlers.add((request) -> ConnectReply.rooms("chat:a", "plain:b"));
		publish("chat:a", "1");
		TestSession session = this.harness.connect();
		await().until(() -> !session.messages().isEmpty());
		await().untilAsserted(() -> assertThat(session.message(0)).contains("\"subs\":{",
				"\"chat:a\":{\"recoverable\":true", "\"plain:b\":{}"));
		publish("chat:a", "2");
		this.harness.engine().operations().subscribe("ann", "plain:c");
		this.harness.engine().operations().sendToUser("ann", "hello");
		await().untilAsserted(
				() -> assertThat(session.messages()).anyMatch((message) -> message.contains("\"data\":2,\"offset\":2"))
					.contains("{\"push\":{\"channel\":\"plain:c\",\"subscribe\":{}}}",
							"{\"push\":{\"message\":{\"data\":\"hello\"}}}"));
	}

	@Test
	void serverSideSubscriptionHasTermsAndEndsTheSessionWhenTheyExpire() {
		RoomDecision terms = RoomDecision.GRANTED.info(Payload.ofJson("{\"role\":\"host\"}"))
			.data(Payload.ofJson("[1]"))
			.expiresAt(Instant.now().plusMillis(300));
		this.harness.connectHandlers.add((request) -> ConnectReply.EMPTY.room("chat:a", terms));
		TestSession session = this.harness.connect();
		assertThat(session.message(0)).contains("\"data\":[1]");
		assertThat(session.message(1)).contains("\"join\"", "\"chan_info\":{\"role\":\"host\"}");
		await().untilAsserted(
				() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.SUBSCRIPTION_EXPIRED));
	}

	@Test
	void serverSideSubscriptionsAreRecovered() {
		this.harness.connectHandlers.add((request) -> ConnectReply.rooms("chat:a"));
		publish("chat:a", "1", "2");
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"subs\":{\"chat:a\":{\"recover\":true,\"offset\":1}}}}\n"
				+ "{\"id\":2,\"publish\":{\"channel\":\"chat:a\",\"data\":3}}");
		await().until(() -> session.messages().size() >= 3);
		await().untilAsserted(
				() -> assertThat(session.message(0)).contains("\"recovered\":true", "\"data\":2,\"offset\":2"));
		await().untilAsserted(
				() -> assertThat(session.messages()).anyMatch((message) -> message.contains("\"data\":3,\"info\"")));
	}

	@Test
	void excludedSessionsDoNotGetIt() {
		TestSession first = this.harness.connect();
		TestSession second = this.harness.connect();
		first.subscribe("plain:a");
		second.subscribe("plain:a");
		this.harness.engine().operations().publish("plain:a", 1, PublishOptions.NONE.exclude(id(first)));
		await().untilAsserted(() -> assertThat(first.messages()).noneMatch((message) -> message.contains("\"pub\"")));
		await().untilAsserted(
				() -> assertThat(second.messages()).anyMatch((message) -> message.contains("\"pub\":{\"data\":1")));
	}

	@Test
	void sameIdIsDeliveredOnce() {
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		PublishOptions options = PublishOptions.NONE.id("order-1").tag("kind", "order");
		PublishResult first = this.harness.engine().operations().publish("chat:a", Map.of("n", 1), options);
		PublishResult second = this.harness.engine().operations().publish("chat:a", Map.of("n", 1), options);
		assertThat(second).isEqualTo(first);
		await().untilAsserted(() -> assertThat(session.messages()).filteredOn((message) -> message.contains("\"pub\""))
			.singleElement()
			.asString()
			.contains("\"tags\":{\"kind\":\"order\"}"));
		assertThat(this.harness.engine().operations().history("chat:a", HistoryQuery.newest(5)).publications())
			.hasSize(1);
	}

	@Test
	void publishRefusesWhatCannotBeDelivered() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.harness.engine().operations().publish("chat:a b", 1));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.harness.engine().operations().publish("unknown:a", 1))
			.withMessageContaining("realtime.namespaces");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.harness.engine().operations().publish("chat:a", new Unwritable()));
	}

	@Test
	void whenPayloadIsNoJsonJsonSessionsEnd() {
		TestSession session = this.harness.connect();
		session.subscribe("plain:a");
		this.harness.engine().operations().publish("plain:a", Payload.ofBytes(new byte[] { 1, 2 }));
		await().untilAsserted(
				() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.INAPPROPRIATE_PROTOCOL));
	}

	@Test
	void publicationOfTransactionWaitsForItsCommit() {
		OpenTransaction transaction = new OpenTransaction();
		this.harness.transactions = transaction;
		TestSession session = this.harness.connect();
		session.subscribe("plain:a");
		assertThat(this.harness.engine().operations().publish("plain:a", 1)).isEqualTo(new PublishResult.Enlisted());
		await().untilAsserted(() -> assertThat(session.messages()).noneMatch((message) -> message.contains("\"pub\"")));
		transaction.commit();
		await().untilAsserted(() -> assertThat(session.messages()).anyMatch((message) -> message.contains("\"pub\"")));
	}

	@Test
	void applicationTakesUsersOutAndEndsSessions() {
		this.harness.authenticators.add((request) -> Identity.of("ann"));
		TestSession session = this.harness.connect();
		await().until(() -> !session.messages().isEmpty());
		session.subscribe("chat:a");
		assertThat(this.harness.engine().operations().isOnline("ann")).isTrue();
		this.harness.engine().operations().unsubscribe("ann", "chat:a");
		await().untilAsserted(() -> assertThat(session.messages()).last()
			.isEqualTo("{\"push\":{\"channel\":\"chat:a\",\"unsubscribe\":"
					+ "{\"code\":2000,\"reason\":\"server unsubscribe\"}}}"));
		this.harness.engine().operations().disconnect("ann", new DisconnectReason(4500, "banned"));
		await().untilAsserted(
				() -> assertThat(session.transport.closed()).isEqualTo(new DisconnectReason(4500, "banned")));
	}

	@Test
	void listenersHearEverythingInOrder() {
		List<String> events = new CopyOnWriteArrayList<>();
		this.harness.listeners.add(new Recorder(events));
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		session.close();
		session.close();
		await().until(() -> events.size() >= 6);
		assertThat(events).containsExactly("connected", "occupied chat:a", "joined chat:a", "left chat:a",
				"vacated chat:a", "disconnected 3000");
	}

	@Test
	void slowClientIsDroppedAndNobodyElseNotices() {
		this.harness.outbound = new OutboundLimits(10_000, 1000, 5_000, Duration.ofSeconds(15).toNanos());
		TestSession slow = this.harness.connect();
		TestSession other = this.harness.connect();
		slow.subscribe("plain:a");
		other.subscribe("plain:a");
		slow.transport.hold();
		for (int i = 0; i < 200; i++) {
			this.harness.engine().operations().publish("plain:a", "x".repeat(100));
		}
		await().untilAsserted(() -> assertThat(slow.transport.closed()).isEqualTo(DisconnectReason.SLOW));
		await().untilAsserted(
				() -> assertThat(other.messages()).filteredOn((message) -> message.contains("\"pub\"")).hasSize(200));
		await().untilAsserted(() -> assertThat(this.harness.engine().queuedBytes()).isZero());
	}

	@Test
	void slowMemberOfRoomThatResyncsSubscribesAgainAndRecovers() {
		TestSession slow = slowMember("resync:a");
		publish("plain:own", "1");
		for (int i = 1; i <= 200; i++) {
			publish("resync:a", Integer.toString(i));
		}
		slow.transport.releaseAll();
		await().untilAsserted(() -> assertThat(slow.transport.closed()).isNull());
		await().untilAsserted(() -> assertThat(slow.messages()).last()
			.isEqualTo("{\"push\":{\"channel\":\"resync:a\",\"unsubscribe\":"
					+ "{\"code\":2500,\"reason\":\"insufficient state\"}}}"));
		await()
			.untilAsserted(() -> assertThat(slow.messages()).noneMatch((message) -> message.contains("\"data\":200,"))
				.anyMatch((message) -> message.contains("plain:own")));
		slow.command("\"subscribe\":{\"channel\":\"resync:a\",\"recover\":true,\"offset\":1}");
		await().untilAsserted(() -> assertThat(slow.messages()).last()
			.asString()
			.contains("\"recovered\":true", "\"data\":200,\"offset\":201"));
	}

	@Test
	void memberThatIsSlowTooOftenIsDropped() {
		TestSession slow = slowMember("resync:a");
		for (int round = 1; round <= 3; round++) {
			overflow("resync:a");
			slow.transport.releaseAll();
			int resyncs = round;
			await().untilAsserted(
					() -> assertThat(slow.messages()).filteredOn((message) -> message.contains("\"code\":2500"))
						.hasSize(resyncs));
			int id = slow.subscribe("resync:a");
			await().until(() -> slow.messages().stream().anyMatch((message) -> message.startsWith("{\"id\":" + id)));
			slow.transport.hold();
			publish("resync:a", "1");
		}
		overflow("resync:a");
		await().untilAsserted(() -> assertThat(slow.transport.closed()).isEqualTo(DisconnectReason.SLOW));
	}

	private void overflow(String room) {
		for (int i = 0; i < 200; i++) {
			publish(room, "1");
		}
	}

	@Test
	void slowMemberOfRoomThatDropsTheOldestGetsTheNewest() {
		TestSession slow = slowMember("oldest:a");
		for (int i = 1; i <= 200; i++) {
			publish("oldest:a", Integer.toString(i));
		}
		slow.transport.releaseAll();
		await().untilAsserted(() -> assertThat(slow.transport.closed()).isNull());
		await().untilAsserted(() -> assertThat(slow.messages()).last().asString().contains("\"data\":200,"));
		await().untilAsserted(() -> assertThat(slow.messages()).filteredOn((message) -> message.contains("\"pub\""))
			.hasSizeBetween(10, 190));
		await().untilAsserted(() -> assertThat(this.harness.engine().queuedBytes()).isZero());
	}

	@Test
	void roomThatConflatesDeliversTheLastOfEachKey() throws Exception {
		TestSession session = this.harness.connect();
		session.subscribe("conflate:a");
		CountDownLatch latch = new CountDownLatch(1);
		session.transport.whenSending(() -> waitFor(latch));
		Thread first = new Thread(() -> publish("conflate:a", "0"));
		first.start();
		await().until(session.transport::isWaiting);
		for (int i = 1; i <= 9; i++) {
			PublishOptions options = PublishOptions.NONE.conflationKey((i % 2 == 0) ? "even" : "odd");
			this.harness.engine().operations().publish("conflate:a", i, options);
		}
		latch.countDown();
		first.join();
		await().untilAsserted(() -> assertThat(session.messages()
			.stream()
			.filter((message) -> message.contains("\"pub\""))
			.map((message) -> message.replaceAll(".*\"data\":(\\d+).*", "$1"))).containsExactly("0", "8", "9"));
	}

	@Test
	void whenThereIsAHoleMembersSubscribeAgain() {
		LossyRelay relay = new LossyRelay();
		this.harness.relay = relay;
		this.harness.connectHandlers
			.add((request) -> request.name().isEmpty() ? ConnectReply.EMPTY : ConnectReply.rooms("chat:a"));
		TestSession session = this.harness.connect();
		TestSession serverSide = this.harness.open();
		serverSide.send("{\"id\":1,\"connect\":{\"name\":\"x\"}}");
		session.subscribe("chat:a");
		await().until(() -> !serverSide.messages().isEmpty() && session.messages().size() == 2);
		publish("chat:a", "1");
		relay.lose = true;
		publish("chat:a", "2");
		relay.lose = false;
		publish("chat:a", "3");
		await()
			.untilAsserted(() -> assertThat(session.messages()).noneMatch((message) -> message.contains("\"data\":3,"))
				.last()
				.asString()
				.contains("\"unsubscribe\":{\"code\":2500,"));
		await().untilAsserted(
				() -> assertThat(serverSide.transport.closed()).isEqualTo(DisconnectReason.INSUFFICIENT_STATE));
		session.command("\"subscribe\":{\"channel\":\"chat:a\",\"recover\":true,\"offset\":1}");
		await().untilAsserted(() -> assertThat(session.messages()).last()
			.asString()
			.contains("\"recovered\":true", "\"data\":2,\"offset\":2", "\"data\":3,\"offset\":3"));
	}

	private TestSession slowMember(String room) {
		this.harness.outbound = new OutboundLimits(10_000, 1000, 5_000, Duration.ofSeconds(15).toNanos());
		TestSession slow = this.harness.connect();
		slow.subscribe(room);
		slow.subscribe("plain:own");
		slow.transport.hold();
		publish(room, "1");
		return slow;
	}

	@Test
	void drainEndsAllSessionsAndLetsNobodyIn() {
		TestSession session = this.harness.connect();
		this.harness.engine().drain(() -> {
		});
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.SHUTDOWN));
		TestSession late = this.harness.open();
		await().untilAsserted(() -> assertThat(late.transport.closed()).isEqualTo(DisconnectReason.SHUTDOWN));
	}

	private void publish(String room, String... payloads) {
		for (String payload : payloads) {
			this.harness.engine().operations().publish(room, Payload.ofJson(payload));
		}
	}

	private static String error(int id, int code, String message) {
		return "{\"id\":" + id + ",\"error\":{\"code\":" + code + ",\"message\":\"" + message + "\"}}";
	}

	private static String epoch(String reply) {
		int start = reply.indexOf("\"epoch\":\"") + 9;
		return reply.substring(start, reply.indexOf('"', start));
	}

	private static String id(TestSession session) {
		return session.inbound.session().id();
	}

	/**
	 * A relay that loses what it delivers, but not what it keeps.
	 */
	private static final class LossyRelay implements RoomRelay {

		private final LocalRoomRelay relay = new LocalRoomRelay(Clock.systemUTC());

		private volatile boolean lose;

		@Override
		public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings,
				RelaySubscriber subscriber) {
			return this.relay.subscribe(room, settings, new RelaySubscriber() {

				@Override
				public void offer(RelayMessage message) {
					if (!LossyRelay.this.lose) {
						subscriber.offer(message);
					}
				}

				@Override
				public void flush(boolean here) {
					subscriber.flush(here);
				}

				@Override
				public void missed(StreamPosition top) {
					subscriber.missed(top);
				}

			});
		}

		@Override
		public void unsubscribe(String room, RelaySubscriber subscriber) {
		}

		@Override
		public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
			return this.relay.publish(message, settings);
		}

		@Override
		public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
			return this.relay.history(room, settings, query);
		}

		@Override
		public CompletionStage<Void> removeHistory(String room, RoomSettings settings) {
			return this.relay.removeHistory(room, settings);
		}

	}

	/**
	 * Writes down what it hears.
	 */
	private record Recorder(List<String> events) implements RealtimeListener {

		@Override
		public void connected(RealtimeSession session) {
			this.events.add("connected");
		}

		@Override
		public void disconnected(RealtimeSession session, DisconnectReason reason) {
			this.events.add("disconnected " + reason.code());
		}

		@Override
		public void joined(RealtimeSession session, String room) {
			this.events.add("joined " + room);
		}

		@Override
		public void left(RealtimeSession session, String room) {
			this.events.add("left " + room);
		}

		@Override
		public void roomOccupied(String room) {
			this.events.add("occupied " + room);
		}

		@Override
		public void roomVacated(String room) {
			this.events.add("vacated " + room);
		}

	}

	/**
	 * A payload that cannot be written.
	 */
	record Unwritable() {

		@JsonProperty
		String text() {
			throw new IllegalStateException();
		}

	}

}
