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

package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Member;
import dev.realtime.RelayUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RedisPresenceStore} with nodes and a Redis that come and go.
 */
@Timeout(60)
class RedisPresenceStoreTests {

	private static final String ROOM = "chat:a";

	private final List<PresenceNode> nodes = new ArrayList<>();

	private RedisServer server = RedisServer.create().start();

	private PresenceNode start(String name) {
		PresenceNode node = new PresenceNode(this.server, name);
		this.nodes.add(node);
		return node.start();
	}

	@AfterEach
	void close() {
		this.nodes.forEach(PresenceNode::close);
		this.server.close();
	}

	private void restartWithFile() {
		this.server.close();
		this.server = RedisServer.create(new RedisServerOptions().appendOnly("always")).start();
	}

	@Test
	void nodesSeeEachOther() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		assertThat(a.add(ROOM, "s1")).isEqualTo(1);
		assertThat(b.add(ROOM, "s2")).isEqualTo(2);
		assertThat(a.members(ROOM)).containsExactlyInAnyOrder("s1", "s2");
		assertThat(b.members(ROOM)).containsExactlyInAnyOrder("s1", "s2");
		await().until(() -> a.registry().liveNodes().equals(b.registry().liveNodes()));
		assertThat(a.registry().liveNodes()).containsExactlyInAnyOrder(a.registry().owner(), b.registry().owner());
		assertThat(a.registry().owner()).matches("a#[0-9a-f]{16}");
	}

	@Test
	void whenANodeDiesItsMembersAreGoneAndEachIsToldOnce() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		PresenceNode c = start("c");
		List<CompletableFuture<Integer>> added = IntStream.range(0, 600)
			.mapToObj((i) -> a.store().add((i < 550) ? ROOM : "chat:" + i, new Member("user", "s" + i)))
			.map(CompletionStage::toCompletableFuture)
			.toList();
		CompletableFuture.allOf(added.toArray(CompletableFuture[]::new)).join();
		b.add(ROOM, "t1");
		b.awaitTrust();
		c.awaitTrust();
		a.kill();
		await().until(() -> b.members(ROOM).equals(List.of("t1")) && c.members(ROOM).equals(List.of("t1")));
		await().untilAsserted(() -> assertThat(gone(b, c)).hasSize(600));
		await().during(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(gone(b, c)).hasSize(600));
		assertThat(gone(b, c)).doesNotHaveDuplicates().contains(ROOM + " s0", ROOM + " s549", "chat:599 s599");
		await().until(() -> this.server.cli("KEYS", "*a#*").lines().allMatch((key) -> key.contains(":r:")));
		assertThat(this.server.cli("KEYS", "*:r:*").lines())
			.allSatisfy((key) -> assertThat(Long.parseLong(this.server.cli("PTTL", key))).isPositive());
		assertThat(this.server.cli("ZRANGE", "rt:test:{0}:o:nodes", "0", "-1").lines()).hasSize(2);
	}

	private static List<String> gone(PresenceNode... nodes) {
		return Stream.of(nodes)
			.flatMap((node) -> node.gone.stream())
			.map((line) -> line.substring(0, line.lastIndexOf(' ')))
			.toList();
	}

	@Test
	void whenANodeStartsItDoesNotShowWhoIsDeadAndCleansUpLater() {
		PresenceNode a = start("a");
		a.add(ROOM, "s1");
		a.kill();
		await().pollDelay(PresenceNode.TIMES.dead()).until(() -> true);
		PresenceNode b = start("b");
		await().until(() -> !b.registry().deadNodes().isEmpty());
		assertThat(b.members(ROOM)).isEmpty();
		assertThat(b.gone).isEmpty();
		await().untilAsserted(() -> assertThat(b.gone).containsExactly(ROOM + " s1 1"));
	}

	@Test
	void whenRedisIsFlushedMembersAreAddedAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		b.add("chat:b", "s2");
		this.server.cli("FLUSHALL");
		await().until(() -> b.members(ROOM).equals(List.of("s1")) && a.members("chat:b").equals(List.of("s2")));
		await().during(PresenceNode.TIMES.dead().plusSeconds(1))
			.atMost(Duration.ofSeconds(15))
			.untilAsserted(() -> assertThat(b.members(ROOM)).containsExactly("s1"));
		assertThat(gone(a, b)).isEmpty();
	}

	@Test
	void whenRedisRestartsEmptyMembersAreAddedAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		this.server.kill();
		this.server.start();
		awaitMembers(b, "s1");
		assertThat(gone(a, b)).isEmpty();
	}

	@Test
	void whenAPartitionIsLostItsMembersAreAddedAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		IntStream.range(0, PresenceNode.PARTITIONS)
			.forEach((i) -> this.server.cli("DEL", "rt:test:{" + i + "}:n:owners", "rt:test:{" + i + "}:h:" + ROOM));
		assertThat(b.members(ROOM)).isEmpty();
		awaitMembers(b, "s1");
	}

	@Test
	void whenRedisHasLostTheLatestChangesTheyAreMadeAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		a.add(ROOM, "s2");
		String key = this.server.cli("KEYS", "*:h:" + ROOM);
		String kept = this.server.cli("HGET", key, "s2");
		a.remove(ROOM, "s2");
		this.server.cli("HDEL", key, "s1");
		this.server.cli("HSET", key, "s2", kept);
		assertThat(b.members(ROOM)).containsExactly("s2");
		this.server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
		awaitMembers(b, "s1");
	}

	@Test
	void whenRedisIsDownAddingFailsSoonAndIsDoneLater() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		this.server.kill();
		long start = System.nanoTime();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> a.add(ROOM, "s1"))
			.withCauseInstanceOf(RelayUnavailableException.class);
		// half a second is what is promised, the rest is for a busy machine
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
		this.server.start();
		awaitMembers(b, "s1");
	}

	@Test
	void whenRedisHangsAddingFailsSoonAndIsDoneLater() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		this.server.pause();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> a.add(ROOM, "s1"))
			.withCauseInstanceOf(RelayUnavailableException.class);
		CompletionStage<Integer> removed = a.store().remove(ROOM, "s1");
		CompletionStage<Integer> added = a.store().add(ROOM, new Member("user", "s2"));
		await().until(() -> added.toCompletableFuture().isCompletedExceptionally());
		assertThat(removed).isNotDone();
		this.server.resume();
		awaitMembers(b, "s2");
		await().untilAsserted(() -> assertThat(removed).isCompletedWithValueMatching((count) -> count > 0));
	}

	@Test
	void whenRedisIsDownAllIsDoneLaterInItsOrder() {
		restartWithFile();
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		a.add(ROOM, "s2");
		this.server.kill();
		a.store().remove(ROOM, "s1");
		a.store().remove(ROOM, "s2");
		a.store().add(ROOM, new Member("user", "s2"));
		a.store().add(ROOM, new Member("user", "s3"));
		a.store().add(ROOM, new Member("user", "s4"));
		a.store().remove(ROOM, "s4");
		this.server.start();
		awaitMembers(b, "s2", "s3");
		assertThat(this.server.cli("HLEN", this.server.cli("KEYS", "*:h:" + ROOM))).isEqualTo("2");
		assertThat(gone(a, b)).isEmpty();
	}

	@Test
	void whenSomebodyCameAndLeftWhileRedisWasDownNothingIsKept() {
		PresenceNode a = start("a");
		this.server.kill();
		await().until(() -> !a.registry().isUp());
		CompletionStage<Integer> added = a.store().add(ROOM, new Member("user", "s1"));
		assertThat(a.remove(ROOM, "s1")).isEqualTo(1);
		await().untilAsserted(() -> assertThat(added).isCompletedWithValue(1));
		this.server.start();
		await().until(() -> a.registry().isUp());
		a.add("chat:b", "s1");
		assertThat(this.server.cli("KEYS", "*:h:" + ROOM)).isEmpty();
	}

	@Test
	void whenANodeWasFrozenItsMembersHaveToComeAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		String before = a.registry().owner();
		a.add(ROOM, "s1");
		a.add(":user:ann", "s1");
		b.awaitTrust();
		a.freeze();
		await().untilAsserted(() -> assertThat(b.gone).contains(ROOM + " s1 1"));
		assertThat(b.members(ROOM)).isEmpty();
		a.thaw();
		await().until(() -> a.lost.equals(List.of(ROOM + " s1")));
		assertThat(a.registry().owner()).isNotEqualTo(before);
		await().during(PresenceNode.TIMES.dead().plusSeconds(1)).atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
			assertThat(b.members(ROOM)).isEmpty();
			assertThat(a.members(ROOM)).isEmpty();
		});
		assertThat(a.remove(ROOM, "s1")).isZero();
		assertThat(b.members(":user:ann")).containsExactly("s1");
		assertThat(a.add(ROOM, "s1")).isEqualTo(1);
		awaitMembers(b, "s1");
		assertThat(gone(a, b)).containsOnlyOnce(ROOM + " s1").hasSize(2);
	}

	@Test
	void whenAMemberLeavesAsItsFrozenNodeGoesOnItIsNotGoneTwice() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		b.awaitTrust();
		a.freeze();
		await().until(() -> !b.gone.isEmpty());
		CompletionStage<Integer> removed = a.store().remove(ROOM, "s1");
		a.thaw();
		await().untilAsserted(() -> assertThat(removed).isCompletedWithValue(0));
		assertThat(gone(a, b)).hasSize(1);
	}

	@Test
	void whenANodeWasCutOffFromNobodyElseItsMembersStay() {
		PresenceNode a = start("a");
		String before = a.registry().owner();
		a.add(ROOM, "s1");
		a.freeze();
		await().pollDelay(PresenceNode.TIMES.dead().plusSeconds(1)).until(() -> true);
		a.thaw();
		await().until(() -> !a.registry().owner().equals(before));
		a.awaitTrust();
		assertThat(a.members(ROOM)).containsExactly("s1");
		assertThat(a.lost).isEmpty();
	}

	@Test
	void whenANodeHasNotNoticedThatItWasTakenForDeadItLearnsIt() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		String before = a.registry().owner();
		a.add(ROOM, "s1");
		IntStream.range(0, PresenceNode.PARTITIONS)
			.forEach((i) -> this.server.cli("SET", "rt:test:{" + i + "}:r:" + before, "1"));
		a.store().add(ROOM, new Member("user", "s2"));
		awaitMembers(b, "s2");
		assertThat(a.registry().owner()).isNotEqualTo(before);
		await().until(() -> a.lost.equals(List.of(ROOM + " s1")));
		assertThat(a.members(ROOM)).containsExactly("s2");
	}

	@Test
	void whenANodeStopsItIsForgotten() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		a.remove(ROOM, "s1");
		a.stop();
		assertThat(this.server.cli("ZRANGE", "rt:test:{0}:o:nodes", "0", "-1")).doesNotContain("a#").contains("b#");
		await().until(() -> b.registry().liveNodes().size() == 1);
	}

	@Test
	void whenANodeStopsWithMembersTheOthersCleanUpAtOnce() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		b.awaitTrust();
		a.stop();
		await().atMost(PresenceNode.TIMES.dead().minusMillis(500)).until(() -> b.members(ROOM).isEmpty());
		await().untilAsserted(() -> assertThat(b.gone).containsExactly(ROOM + " s1 1"));
	}

	@Test
	void whenANodeStartsAgainItHasItsMembersButThoseThatWereRemovedMeanwhile() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		a.add(ROOM, "s2");
		a.stop();
		CompletionStage<Integer> removed = a.store().remove(ROOM, "s1");
		assertThat(removed).isNotDone();
		assertThat(a.store().members(ROOM)).isCompletedExceptionally();
		a.start();
		awaitMembers(b, "s2");
		await().untilAsserted(() -> assertThat(removed).isDone());
		assertThat(a.add(ROOM, "s3")).isEqualTo(2);
	}

	@Test
	void whenAKeyIsOfAnotherKindOtherRoomsWorkOn() {
		PresenceNode a = start("a");
		IntStream.range(0, PresenceNode.PARTITIONS)
			.forEach((i) -> this.server.cli("SET", "rt:test:{" + i + "}:h:" + ROOM, "x"));
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> a.add(ROOM, "s1"))
			.withStackTraceContaining("WRONGTYPE");
		IntStream.range(0, 20).forEach((i) -> assertThat(a.add("chat:" + i, "s1")).isEqualTo(1));
	}

	private static void awaitMembers(PresenceNode node, String... sessions) {
		await().ignoreExceptions()
			.untilAsserted(() -> assertThat(node.members(ROOM)).containsExactlyInAnyOrder(sessions));
	}

}
