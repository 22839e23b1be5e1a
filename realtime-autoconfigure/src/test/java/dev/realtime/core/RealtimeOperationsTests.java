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

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.HistoryQuery;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeOperations;
import dev.realtime.StreamPosition;
import dev.realtime.core.EngineHarness.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RealtimeOperations}.
 */
class RealtimeOperationsTests {

	private final EngineHarness harness = new EngineHarness();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private RealtimeOperations operations;

	@BeforeEach
	void start() {
		this.harness.authenticators.add((request) -> request.token().isEmpty() ? null : Identity.of(request.token()));
		this.harness.listeners.add(new RealtimeListener() {

			@Override
			public void roomOccupied(String room) {
				RealtimeOperationsTests.this.events.add("occupied " + room);
			}

			@Override
			public void roomVacated(String room) {
				RealtimeOperationsTests.this.events.add("vacated " + room);
			}

		});
		this.operations = this.harness.engine().operations();
	}

	@AfterEach
	void stop() {
		this.harness.close();
	}

	@Test
	void publicationIntoSeveralRoomsHasAResultForEach() {
		TestSession session = connect("ann", "chat:b");
		this.operations.publish("chat:b", Payload.ofJson("0"));
		Map<String, PublishResult> results = this.operations.publish(List.of("chat:a", "chat:b", "chat:a", "plain:c"),
				Payload.ofJson("1"));
		assertThat(results).containsOnlyKeys("chat:a", "chat:b", "plain:c");
		assertThat(results.keySet()).containsExactly("chat:a", "chat:b", "plain:c");
		assertThat(offset(results.get("chat:a"))).isEqualTo(1);
		assertThat(offset(results.get("chat:b"))).isEqualTo(2);
		assertThat(offset(results.get("plain:c"))).isEqualTo(1);
		awaitMessages(session, "\"data\":0,\"offset\":1", "\"data\":1,\"offset\":2");
	}

	@Test
	void publicationIntoNoRoomHasNoResult() {
		assertThat(this.operations.publish(List.of(), Payload.ofJson("1"))).isEmpty();
	}

	@Test
	void whenOneRoomIsUnknownNothingIsPublished() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.operations.publish(List.of("chat:a", "unknown:b"), Payload.ofJson("1")))
			.withMessageContaining("unknown:b");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.operations.publish(List.of("chat:a", "chat:b c"), Payload.ofJson("1")));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.operations.publish(List.of("chat:a"), new RealtimeEngineTests.Unwritable()));
		assertThat(history("chat:a")).isEmpty();
	}

	@Test
	void publicationIntoSeveralRoomsOfATransactionIsEnlistedInEach() {
		OpenTransaction transaction = new OpenTransaction();
		EngineHarness transactional = new EngineHarness();
		transactional.transactions = transaction;
		try (transactional) {
			RealtimeOperations operations = transactional.engine().operations();
			assertThat(operations.publish(List.of("chat:a", "chat:b"), Payload.ofJson("1")).values())
				.containsExactly(new PublishResult.Enlisted(), new PublishResult.Enlisted());
			assertThat(operations.history("chat:b", HistoryQuery.newest(1)).publications()).isEmpty();
			transaction.commit();
			assertThat(operations.history("chat:b", HistoryQuery.newest(1)).publications()).hasSize(1);
		}
	}

	@Test
	void optionsCountInAllRooms() {
		TestSession excluded = connect("ann", "chat:a", "chat:b");
		TestSession other = connect("bob", "chat:a", "chat:b");
		PublishOptions options = PublishOptions.NONE.id("once")
			.tag("kind", "order")
			.exclude(excluded.inbound.session().id());
		Map<String, PublishResult> first = this.operations.publish(List.of("chat:a", "chat:b"), Payload.ofJson("1"),
				options);
		assertThat(this.operations.publish(List.of("chat:b", "chat:a"), Payload.ofJson("2"), options)).isEqualTo(first);
		this.operations.publish(List.of("chat:a", "chat:b"), Payload.ofJson("3"));
		awaitMessages(other, "\"tags\":{\"kind\":\"order\"}", "\"tags\":{\"kind\":\"order\"}", "\"data\":3",
				"\"data\":3");
		awaitMessages(excluded, "\"data\":3", "\"data\":3");
		assertThat(history("chat:a")).extracting(Publication::tags).containsExactly(Map.of(), Map.of("kind", "order"));
	}

	@Test
	void whenHistoryIsRemovedWhoMissedSomethingIsToldSo() {
		StreamPosition first = publish("chat:a", "1");
		publish("chat:a", "2");
		this.operations.removeHistory("chat:a");
		assertThat(history("chat:a")).isEmpty();
		String reply = recover("chat:a", first);
		assertThat(reply).contains("\"was_recovering\":true", "\"offset\":2")
			.doesNotContain("\"recovered\":true", "publications");
		assertThat(publish("chat:a", "3")).isEqualTo(new StreamPosition(3, first.epoch()));
		assertThat(recover("chat:a", new StreamPosition(2, first.epoch()))).contains("\"recovered\":true",
				"\"data\":3,\"offset\":3");
		assertThat(recover("chat:a", first)).doesNotContain("\"recovered\":true", "publications");
	}

	@Test
	void whenHistoryIsRemovedWhoMissedNothingRecovers() {
		StreamPosition top = publish("chat:a", "1");
		this.operations.removeHistory("chat:a");
		assertThat(recover("chat:a", top)).contains("\"recovered\":true").doesNotContain("publications");
	}

	@Test
	void removingTheHistoryOfNoRoomIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.operations.removeHistory("unknown:a"));
		this.operations.removeHistory("plain:a");
	}

	@Test
	void roomsAreOccupiedAndVacated() {
		TestSession first = connect("ann", "chat:a");
		TestSession second = connect("bob", "chat:a");
		first.unsubscribe("chat:a");
		second.close();
		await().untilAsserted(() -> assertThat(this.events).containsExactly("occupied chat:a", "vacated chat:a"));
		connect("ann", "chat:a");
		await().untilAsserted(() -> assertThat(this.events).hasSize(3).last().isEqualTo("occupied chat:a"));
	}

	@Test
	void usersAreOnlineWhileTheyHaveASession() {
		assertThat(this.operations.isOnline("ann")).isFalse();
		TestSession first = connect("ann", "chat:a");
		TestSession second = connect("ann", "chat:a");
		assertThat(this.operations.isOnline("ann")).isTrue();
		assertThat(this.operations.isOnline("bob")).isFalse();
		first.close();
		await().untilAsserted(() -> assertThat(this.operations.sessions("ann")).hasSize(1));
		assertThat(this.operations.isOnline("ann")).isTrue();
		second.close();
		await().untilAsserted(() -> assertThat(this.operations.isOnline("ann")).isFalse());
	}

	private TestSession connect(String user, String... rooms) {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
		session.message(0);
		for (String room : rooms) {
			reply(session, session.subscribe(room));
		}
		return session;
	}

	private String recover(String room, StreamPosition position) {
		TestSession session = connect("ann");
		String reply = reply(session, session.command("\"subscribe\":{\"channel\":\"" + room
				+ "\",\"recover\":true,\"epoch\":\"" + position.epoch() + "\",\"offset\":" + position.offset() + "}"));
		session.close();
		return reply;
	}

	private static String reply(TestSession session, int id) {
		String start = "{\"id\":" + id + ",";
		await().until(() -> session.messages().stream().anyMatch((message) -> message.startsWith(start)));
		return session.messages().stream().filter((message) -> message.startsWith(start)).findFirst().orElseThrow();
	}

	/** Wait until so many publications have come, each with its text. */
	private static void awaitMessages(TestSession session, String... texts) {
		await().untilAsserted(() -> {
			List<String> publications = session.messages()
				.stream()
				.filter((message) -> message.contains("\"pub\":"))
				.toList();
			assertThat(publications).hasSize(texts.length);
			for (String text : texts) {
				assertThat(publications).anyMatch((publication) -> publication.contains(text));
			}
		});
	}

	private StreamPosition publish(String room, String json) {
		return ((PublishResult.Published) this.operations.publish(room, Payload.ofJson(json))).position();
	}

	private static long offset(PublishResult result) {
		return ((PublishResult.Published) result).position().offset();
	}

	private List<Publication> history(String room) {
		return this.operations.history(room, HistoryQuery.newest(10)).publications();
	}

}
