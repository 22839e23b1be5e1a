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

package dev.realtime.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.StreamPosition;
import dev.realtime.test.RealtimeEvent.Published;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a client does, however it is connected.
 */
abstract class ClientContract {

	@Autowired
	private RealtimeTestClients clients;

	@Autowired
	private RealtimeOperations operations;

	private final String room = "chat:" + System.identityHashCode(this) + "-" + System.nanoTime();

	@Test
	void whatIsPublishedArrivesInOrder() {
		RealtimeTestClient anna = this.clients.connect("anna");
		assertThat(anna.subscribe(this.room)).isSuccessful();
		this.operations.publish(this.room, new Text("one"), PublishOptions.NONE.tag("kind", "greeting"));
		this.operations.publish(this.room, new Text("two"));
		assertThat(anna).isConnected()
			.isSubscribedTo(this.room)
			.received(this.room)
			.hasSize(2)
			.hasNoHoles()
			.payloadsAs(Text.class)
			.containsExactly(new Text("one"), new Text("two"));
		assertThat(anna).received(this.room).payloads().contains(Map.of("text", "two"));
		Published first = anna.received().publications(this.room).get(0);
		assertThat(first.tags()).isEqualTo(Map.of("kind", "greeting"));
		assertThat(first.info()).isNull();
		assertThat(first.time()).isPositive();
		assertThat(anna.position(this.room))
			.isEqualTo(new StreamPosition(2, anna.history(this.room).position().epoch()));
	}

	@Test
	void clientsTalkToEachOther() {
		RealtimeTestClient anna = this.clients.connect("anna");
		RealtimeTestClient bob = this.clients.connect("bob");
		anna.subscribe(this.room);
		bob.subscribe(this.room);
		assertThat(anna.publish(this.room, "hello")).isSuccessful();
		assertThat(bob).received(this.room).singleElement().satisfies((publication) -> {
			assertThat(publication.data().asString()).isEqualTo("hello");
			assertThat(publication.info()).isEqualTo(new Member("anna", anna.id()));
			assertThat(publication).hasToString("#1 \"hello\" by 'anna'");
		});
		assertThat(anna).received(this.room).payloads().containsExactly("hello");
	}

	@Test
	void refusalIsAReply() {
		RealtimeTestClient anna = this.clients.connect("anna");
		assertThat(anna.subscribe("chat:secret")).hasError(ErrorCode.PERMISSION_DENIED).hasMessage("permission denied");
		assertThat(anna.subscribe("nowhere:1")).hasError(102);
		assertThat(anna.publish(this.room, "hello")).hasError(103);
		assertThat(anna).isNotSubscribedTo("chat:secret");
		assertThat(anna.received().refusals()).hasSize(3);
		assertThatExceptionOfType(RealtimeTestException.class).isThrownBy(() -> anna.history("nowhere:1").position())
			.withMessage("history nowhere:1 failed with 102 unknown channel")
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(102));
	}

	@Test
	void tokenAndDataOfASubscriptionReachTheApplication() {
		RealtimeTestClient anna = this.clients.connect("anna");
		RealtimeReply reply = anna.subscribe("chat:secret", SubscribeOptions.NONE.token("open").data(new Text("hi")));
		assertThat(reply).isSuccessful().dataAs(Text.class).isEqualTo(new Text("hi"));
	}

	@Test
	void comingAndGoingIsSeen() {
		RealtimeTestClient anna = this.clients.connect("anna");
		anna.subscribe(this.room, SubscribeOptions.NONE.withJoinLeave());
		RealtimeTestClient bob = this.clients.connect("bob");
		bob.subscribe(this.room);
		assertThat(anna).receivedJoin(this.room, "bob");
		assertThat(anna.presence(this.room)).members().extracting(Member::user).containsOnly("anna", "bob");
		assertThat(anna.command("presence_stats", Map.of("channel", this.room)).result().path("num_users").asInt())
			.isEqualTo(2);
		assertThat(bob.unsubscribe(this.room)).isSuccessful();
		assertThat(anna).receivedLeave(this.room, "bob");
		assertThat(bob).isNotSubscribedTo(this.room);
	}

	@Test
	void historyIsRead() {
		this.operations.publish(this.room, 1);
		this.operations.publish(this.room, 2);
		RealtimeTestClient anna = this.clients.connect("anna");
		anna.subscribe(this.room);
		assertThat(anna.history(this.room)).publications().extracting(Published::offset).containsExactly(1L, 2L);
		assertThat(anna.history(this.room, HistoryQuery.newest(1)).publications()).singleElement().hasToString("#2 2");
	}

	@Test
	void whenReconnectedMissedPublicationsArrive() {
		RealtimeTestClient anna = this.clients.connect("anna");
		anna.subscribe(this.room);
		this.operations.publish(this.room, 1);
		assertThat(anna).received(this.room).payloads().containsExactly(1);
		String before = anna.id();
		anna.abort();
		assertThat(anna).isDisconnectedWith(1006).isNotSubscribedTo(this.room);
		this.operations.publish(this.room, 2);
		assertThat(anna.reconnect()).isSuccessful();
		this.operations.publish(this.room, 3);
		assertThat(anna).received(this.room).hasNoHoles().payloads().containsExactly(1, 2, 3);
		assertThat(anna.id()).isNotEqualTo(before);
	}

	@Test
	void whenTooMuchWasMissedItIsNotRecovered() {
		RealtimeTestClient anna = this.clients.connect("anna");
		anna.subscribe(this.room);
		anna.unsubscribe(this.room);
		for (int i = 0; i < 5; i++) {
			this.operations.publish(this.room, i);
		}
		StreamPosition since = anna.position(this.room);
		assertThat(anna.subscribe(this.room, SubscribeOptions.NONE.recover(since).withUnrecoverableRejected()))
			.hasError(ErrorCode.UNRECOVERABLE_POSITION);
		assertThat(anna.resubscribe(this.room)).isNotRecovered();
	}

	@Test
	void roomsThatTheServerChoseAreRecovered() {
		RealtimeTestClient olga = this.clients.connect("olga");
		assertThat(olga).isSubscribedTo("inbox:olga");
		olga.disconnect();
		assertThat(olga).isDisconnectedWith(1000);
		this.operations.publish("inbox:olga", "missed");
		olga.reconnect();
		assertThat(olga).received("inbox:olga").payloads().containsExactly("missed");
	}

	@Test
	void serverTakesClientsOutOfRooms() {
		RealtimeTestClient anna = this.clients.connect("pia");
		anna.subscribe(this.room);
		this.operations.unsubscribe("pia", this.room);
		assertThat(anna).wasUnsubscribedFrom(this.room, 2000).isNotSubscribedTo(this.room);
		this.operations.subscribe("pia", this.room);
		assertThat(anna).isSubscribedTo(this.room);
	}

	@Test
	void serverEndsSessions() {
		RealtimeTestClient anna = this.clients.connect("rosa");
		this.operations.disconnect("rosa", new DisconnectReason(4500, "banned"));
		assertThat(anna).isDisconnectedWith(4500).isDisconnected();
		assertThat(anna.received().disconnected()).hasToString("disconnected with 4500 banned");
		assertThat(anna.subscribe(this.room)).isDisconnectedWith(4500).hasMessage("banned");
	}

	@Test
	void messagesOutsideOfRoomsArrive() {
		RealtimeTestClient anna = this.clients.connect("mia");
		this.operations.sendToUser("mia", new Text("psst"));
		assertThat(anna).receivedMessages(Text.class).containsExactly(new Text("psst"));
	}

	@Test
	void whenTokenIsForgedConnectionIsClosed() {
		assertThat(this.clients.client().token("forged").build().connect()).isDisconnectedWith(3500);
		assertThatExceptionOfType(RealtimeTestException.class)
			.isThrownBy(() -> this.clients.client().token("forged").connect())
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(3500));
	}

	@Test
	void whenTokenIsLateConnectFails() {
		RealtimeTestClient client = this.clients.client().token("late").build();
		assertThat(client.connect()).hasError(ErrorCode.TOKEN_EXPIRED);
		assertThat(client).isDisconnected();
	}

	@Test
	void whatTheClientSaysReachesTheApplication() {
		RealtimeTestClient client = this.clients.client()
			.token("anna")
			.header("suffix", "-2")
			.data(new Text("hi"))
			.build();
		assertThat(client.connect()).isSuccessful().dataAs(Text.class).isEqualTo(new Text("hi"));
		client.subscribe(this.room);
		assertThat(client.presence(this.room).members()).extracting(Member::user).containsExactly("anna-2");
	}

	@Test
	void userMayHaveAnyName() {
		RealtimeTestClient client = this.clients.connect("Zoë & 王");
		client.subscribe(this.room);
		assertThat(client.presence(this.room).members()).extracting(Member::user).containsExactly("Zoë & 王");
	}

	@Test
	void methodsOfTheApplicationAreCalled() {
		RealtimeTestClient client = this.clients.connect("anna");
		assertThat(client.rpc("sum", List.of(1, 2))).dataAs(Integer.class).isEqualTo(3);
		assertThat(client.rpc("difference", null)).hasError(ErrorCode.METHOD_NOT_FOUND);
	}

	@Test
	void whenNobodyHandlesMessagesSendingEndsTheSession() {
		RealtimeTestClient client = this.clients.connect();
		client.send("anybody there?");
		assertThat(client).isDisconnectedWith(DisconnectReason.NOT_AVAILABLE);
	}

	@Test
	void whenNothingIsPublishedNothingIsReceived() {
		RealtimeTestClient client = this.clients.connect();
		client.subscribe(this.room);
		this.operations.publish("live:1", "elsewhere");
		assertThat(client).receivedNothing(this.room);
		this.operations.publish(this.room, "here");
		assertThat(client).received(this.room);
		client.received().clear();
		assertThat(client).receivedNothing(this.room);
	}

	@Test
	void failuresSayWhatWasReceivedInstead() {
		RealtimeTestClient anna = this.clients.client().user("anna").quietTime(Duration.ZERO).connect();
		anna.subscribe("chat:secret");
		anna.subscribe("live:1");
		this.operations.publish("live:1", "100 %s");
		assertThat(anna).received("live:1");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(anna).within(Duration.ofMillis(10)).received("chat:lobby"))
			.withMessage("Expected client 'anna' to receive something in 'chat:lobby' within 10 ms, but it is "
					+ "connected, in the rooms [live:1], and has received:%n  live:1: [\"100 %%s\"]%n".formatted()
					+ "  refused: subscribe chat:secret failed with 103 permission denied");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(anna).receivedNothing("live:1"))
			.withMessageContaining("100 %s");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(anna).received("live:1").payloads().containsExactly("other"))
			.withMessageContaining("payloads of what client 'anna' received in 'live:1'");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(anna).received("live:1").hasNoHoles())
			.withMessageContaining("has none");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(anna.subscribe("chat:secret")).isSuccessful())
			.withMessage("Expected a success, but subscribe chat:secret failed with 103 permission denied");
	}

	@Test
	void clientConnectsOnceAtATime() {
		RealtimeTestClient client = this.clients.connect();
		assertThatIllegalStateException().isThrownBy(client::connect);
		client.close();
		client.close();
		assertThat(client.connect()).isSuccessful();
	}

	@Test
	void whenClosedFactoryDisconnectsItsClients() {
		RealtimeTestClient client = this.clients.connect();
		this.clients.close();
		assertThat(client).isDisconnectedWith(1000);
	}

	@Test
	void assertJsOwnAssertThatWorks() {
		RealtimeTestClient client = this.clients.connect();
		org.assertj.core.api.Assertions.assertThat(client).isConnected();
		org.assertj.core.api.Assertions.assertThat(client.subscribe(this.room)).isSuccessful();
	}

	record Text(String text) {

	}

}
