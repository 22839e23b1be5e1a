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

package dev.realtime.test.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import dev.realtime.DisconnectReason;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestException;
import dev.realtime.test.SubscribeOptions;
import dev.realtime.test.app.TestApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class RealtimeTestClusterTests {

	private static RealtimeTestCluster cluster;

	private RealtimeTestRelay relay;

	private RealtimeOperations here;

	private RealtimeOperations there;

	private String room;

	@BeforeAll
	static void start() {
		cluster = RealtimeTestCluster.of(TestApplication.class).nodes(2).start();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@BeforeEach
	void setUp(TestInfo test) {
		this.relay = cluster.relay();
		this.here = cluster.node(0).operations();
		this.there = cluster.node(1).operations();
		this.room = "chat:" + test.getTestMethod().orElseThrow().getName();
	}

	@AfterEach
	void heal() {
		this.relay.heal(0);
		this.relay.heal(1);
	}

	@Test
	void whatIsPublishedOnOneNodeArrivesOnTheOther() {
		RealtimeTestClient anna = member(0, "anna");
		RealtimeTestClient bob = member(1, "bob");
		anna.publish(this.room, "hello");
		this.there.publish(this.room, "world");
		assertThat(anna).received(this.room).hasNoHoles().payloads().containsExactly("hello", "world");
		assertThat(bob).received(this.room).hasNoHoles().payloads().containsExactly("hello", "world");
		assertThat(this.here.history(this.room, HistoryQuery.newest(-1)))
			.isEqualTo(this.there.history(this.room, HistoryQuery.newest(-1)));
	}

	@Test
	void membersOfAllNodesAreSeenEverywhere() {
		RealtimeTestClient anna = cluster.node(0).connect("anna");
		anna.subscribe(this.room, SubscribeOptions.NONE.withJoinLeave());
		RealtimeTestClient bob = member(1, "bob");
		assertThat(anna).receivedJoin(this.room, "bob");
		assertThat(bob.presence(this.room)).members().extracting(Member::user).containsOnly("anna", "bob");
		bob.disconnect();
		assertThat(anna).receivedLeave(this.room, "bob");
		assertThat(this.here.members(this.room)).hasSize(1);
	}

	@Test
	void whatIsDoneToUsersReachesAllNodes() {
		RealtimeTestClient anna = member(0, "anna");
		RealtimeTestClient bob = member(1, "bob");
		this.there.subscribe("anna", "chat:more");
		assertThat(anna).isSubscribedTo("chat:more");
		this.there.unsubscribe("anna", this.room);
		assertThat(anna).wasUnsubscribedFrom(this.room, 2000);
		this.there.sendToUser("anna", "hello");
		assertThat(anna).receivedMessages(String.class).containsExactly("hello");
		this.there.disconnect("anna", new DisconnectReason(4500, "bye"));
		assertThat(anna).isDisconnectedWith(4500);
		this.here.disconnectSession(bob.id(), new DisconnectReason(4501, "bye"));
		assertThat(bob).isDisconnectedWith(4501);
	}

	@Test
	void bannedUsersAreOutOnAllNodes() {
		RealtimeTestClient carl = member(0, "carl");
		this.there.ban("carl");
		assertThat(carl).isDisconnectedWith(DisconnectReason.FORCE_DISCONNECT);
		assertThatExceptionOfType(RealtimeTestException.class).isThrownBy(() -> cluster.node(1).connect("carl"));
		this.here.unban("carl");
		cluster.node(1).connect("carl");
	}

	@Test
	void whenNodeIsCutItDoesNotConfirmAndLearnsOfBansAfterwards() {
		RealtimeTestClient dora = member(0, "dora");
		this.relay.cut(0);
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.there.ban("dora"));
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.ban("emil"));
		assertThat(dora).isConnected();
		cluster.node(1).connect("emil").close();
		this.relay.heal(0);
		assertThat(dora).isDisconnectedWith(DisconnectReason.FORCE_DISCONNECT);
		await().untilAsserted(() -> assertThatExceptionOfType(RealtimeTestException.class)
			.isThrownBy(() -> cluster.node(1).connect("emil").close()));
	}

	@Test
	void whenNodeIsFarAwayItsConfirmationTakesLonger() {
		RealtimeTestClient anna = member(0, "anna");
		Duration delay = Duration.ofMillis(300);
		this.relay.delay(0, delay);
		long start = System.nanoTime();
		this.there.disconnect("anna", new DisconnectReason(4500, "bye"));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(delay, Duration.ofSeconds(2));
		assertThat(anna).isDisconnectedWith(4500);
	}

	@Test
	void usersAreOnlineOnAllNodesUnlessTheyAreCutOff() {
		RealtimeTestClient anna = cluster.node(0).connect("anna-online");
		assertThat(this.there.isOnline("anna-online")).isTrue();
		assertThat(this.there.sessions("anna-online")).isEqualTo(this.here.sessions("anna-online")).hasSize(1);
		assertThat(this.there.localSessions("anna-online")).isEmpty();
		this.relay.cut(1);
		assertThat(this.there.isOnline("anna-online")).isFalse();
		assertThat(this.here.isOnline("anna-online")).isTrue();
		this.relay.heal(1);
		assertThat(this.there.isOnline("anna-online")).isTrue();
		anna.disconnect();
		assertThat(this.there.isOnline("anna-online")).isFalse();
	}

	@Test
	void whenNodeIsCutPublishingThereFailsAtOnce() {
		RealtimeTestClient anna = member(0, "anna");
		this.relay.cut(0);
		assertThat(this.relay.isCut(0)).isTrue();
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> this.here.publish(this.room, "lost"))
			.havingRootCause()
			.withMessage("Node 0 is cut off from the relay");
		assertThat(anna.publish(this.room, "lost")).hasError(100);
		assertThat(anna.history(this.room)).hasError(100);
		assertThat(anna.presence(this.room)).hasError(100);
		assertThat(anna.subscribe("chat:another")).hasError(100);
		assertThat(this.there.publish(this.room, "found")).isInstanceOf(PublishResult.Published.class);
	}

	@Test
	void whenNodeIsHealedItWorksAgain() {
		RealtimeTestClient anna = cluster.node(0).connect("anna");
		this.relay.cut(0);
		assertThat(anna.subscribe(this.room)).hasError(100);
		this.relay.heal(0);
		assertThat(anna.subscribe(this.room)).isSuccessful();
		assertThat(anna.publish(this.room, "hello")).isSuccessful();
		assertThat(anna).received(this.room).payloads().containsExactly("hello");
	}

	@Test
	void whenNodeIsHealedMembersGetWhatTheHistoryHas() {
		RealtimeTestClient anna = member(0, "anna");
		RealtimeTestClient bob = member(1, "bob");
		this.there.publish(this.room, 1);
		assertThat(anna).received(this.room).hasSize(1);
		this.relay.cut(0);
		this.there.publish(this.room, 2);
		this.there.publish(this.room, 3);
		assertThat(bob).received(this.room).hasSize(3);
		assertThat(anna).received(this.room).hasSize(1);
		this.relay.heal(0);
		this.there.publish(this.room, 4);
		assertThat(anna).received(this.room).hasNoHoles().payloads().containsExactly(1, 2, 3, 4);
		assertThat(anna).isSubscribedTo(this.room);
	}

	@Test
	void whenMoreWasMissedThanTheHistoryHasMembersAreToldAtOnce() {
		RealtimeTestClient anna = member(0, "anna");
		this.relay.cut(0);
		IntStream.rangeClosed(1, 5).forEach((i) -> this.there.publish(this.room, i));
		assertThat(anna).receivedNothing(this.room);
		this.relay.heal(0);
		assertThat(anna).wasUnsubscribedFrom(this.room, 2500);
		assertThat(anna.resubscribe(this.room)).isNotRecovered();
		this.there.publish(this.room, 6);
		assertThat(anna).received(this.room).payloads().containsExactly(6);
	}

	@Test
	void whenServerSideSubscriptionHasAHoleTheSessionEnds() {
		RealtimeTestClient olga = cluster.node(0).connect("olga");
		this.relay.cut(0);
		IntStream.rangeClosed(1, 5).forEach((i) -> this.there.publish("inbox:olga", i));
		this.relay.heal(0);
		assertThat(olga).isDisconnectedWith(3010);
	}

	@Test
	void withoutHistoryOneMissedPublicationShowsWithTheNextOne() {
		RealtimeTestClient anna = cluster.node(0).connect("anna");
		String live = "live:" + this.room.substring(5);
		anna.subscribe(live);
		this.relay.cut(0);
		this.there.publish(live, 1);
		this.relay.heal(0);
		assertThat(anna).receivedNothing(live).isSubscribedTo(live);
		this.there.publish(live, 2);
		assertThat(anna).wasUnsubscribedFrom(live, 2500);
		anna.resubscribe(live);
		this.there.publish(live, 3);
		assertThat(anna).received(live).payloads().containsExactly(3);
	}

	@Test
	void withoutHistorySeveralMissedPublicationsShowAtOnce() {
		RealtimeTestClient anna = cluster.node(0).connect("anna");
		String live = "live:" + this.room.substring(5);
		anna.subscribe(live);
		this.relay.cut(0);
		this.there.publish(live, 1);
		this.there.publish(live, 2);
		this.relay.heal(0);
		assertThat(anna).wasUnsubscribedFrom(live, 2500);
		anna.resubscribe(live);
		this.there.publish(live, 3);
		assertThat(anna).received(live).payloads().containsExactly(3);
	}

	@Test
	void whenNodeIsHealedTheListOfMembersIsRightAgain() {
		RealtimeTestClient anna = member(0, "anna");
		RealtimeTestClient bob = member(0, "bob");
		this.relay.cut(0);
		bob.disconnect();
		RealtimeTestClient carl = member(0, "carl");
		assertThat(carl).isSubscribedTo(this.room);
		assertThat(this.there.members(this.room)).extracting(Member::user).containsOnly("anna", "bob");
		this.relay.heal(0);
		assertThat(this.there.members(this.room)).extracting(Member::user).containsOnly("anna", "carl");
		assertThat(anna).isConnected();
	}

	@Test
	void delayedMessagesComeLaterAndInOrder() {
		RealtimeTestClient anna = member(0, "anna");
		RealtimeTestClient bob = member(1, "bob");
		this.relay.delay(0, Duration.ofMillis(300));
		long start = System.nanoTime();
		this.there.publish(this.room, 1);
		this.relay.delay(0, Duration.ZERO);
		this.there.publish(this.room, 2);
		assertThat(bob).received(this.room).hasSize(2);
		assertThat(anna).received(this.room).hasNoHoles().payloads().containsExactly(1, 2);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
	}

	@Test
	void confirmationIsDelayedToo() {
		this.relay.delay(0, Duration.ofSeconds(30));
		CompletionStage<PublishResult> result = this.here.publishAsync(this.room, 1, PublishOptions.NONE);
		assertThat(this.there.history(this.room, HistoryQuery.newest(-1)).publications()).hasSize(1);
		assertThat(result.toCompletableFuture()).isNotDone();
		this.relay.heal(0);
		assertThat(result.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void whenCutWhatIsUnderWayIsLost() {
		RealtimeTestClient anna = member(0, "anna");
		this.relay.delay(0, Duration.ofSeconds(30));
		CompletionStage<PublishResult> result = this.here.publishAsync(this.room, 1, PublishOptions.NONE);
		this.relay.cut(0);
		assertThat(result.toCompletableFuture()).isCompletedExceptionally();
		assertThat(anna).receivedNothing(this.room);
		this.relay.heal(0);
		assertThat(anna).received(this.room).payloads().containsExactly(1);
	}

	@Test
	void healingEndsADelay() {
		RealtimeTestClient anna = member(0, "anna");
		this.relay.delay(0, Duration.ofSeconds(30));
		this.there.publish(this.room, 1);
		this.relay.heal(0);
		this.there.publish(this.room, 2);
		assertThat(anna).received(this.room).payloads().containsExactly(1, 2);
	}

	@Test
	void orderIsKeptThroughCutsAndDelays() {
		this.room = "log:1";
		RealtimeTestClient anna = member(0, "anna");
		for (int i = 1; i <= 60; i++) {
			this.relay.delay(0, Duration.ofMillis(i % 3));
			if (i % 10 == 0) {
				this.relay.cut(0);
			}
			this.there.publish(this.room, i);
			if (i % 10 == 1) {
				this.relay.heal(0);
			}
		}
		this.relay.heal(0);
		assertThat(anna).received(this.room).hasSize(60).hasNoHoles();
	}

	@Test
	void historyIsRemovedForAllNodes() {
		this.here.publish(this.room, 1);
		this.there.removeHistory(this.room);
		assertThat(this.here.history(this.room, HistoryQuery.newest(-1)).publications()).isEmpty();
		this.relay.cut(0);
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.removeHistory(this.room));
	}

	@Test
	void nodesAreApplicationsOfTheirOwn() {
		assertThat(cluster.nodes()).hasSize(2);
		assertThat(cluster.nodes()).extracting(RealtimeTestNode::context).doesNotHaveDuplicates();
		assertThat(List.of(0, 1))
			.allSatisfy((i) -> assertThat(cluster.node(i).context().getEnvironment().getProperty("realtime.node-id"))
				.isEqualTo("node-" + i));
	}

	private RealtimeTestClient member(int node, String user) {
		RealtimeTestClient client = cluster.node(node).connect(user);
		client.subscribe(this.room).orThrow();
		return client;
	}

}
