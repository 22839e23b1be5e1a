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

import dev.realtime.Member;
import dev.realtime.presence.Arrival;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for members that are expected back, and for the occupancy of rooms, with nodes
 * that come and go.
 */
@Timeout(60)
class RedisGraceTests {

	private static final String ROOM = "chat:a";

	private static final Duration GRACE = Duration.ofSeconds(4);

	private final List<PresenceNode> nodes = new ArrayList<>();

	private final RedisServer server = RedisServer.create().start();

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

	private static void expect(PresenceNode node, String session) {
		node.store().expect(ROOM, new Member("user", session), GRACE);
		assertThat(node.members(ROOM)).contains(session);
	}

	private static Arrival arrive(PresenceNode node, String session) {
		return node.store().arrive(ROOM, new Member("user", session)).toCompletableFuture().join();
	}

	private List<String> gone() {
		return this.nodes.stream().flatMap((node) -> node.gone.stream()).toList();
	}

	@Test
	void whenTheNodeStopsTheOthersWaitForItsMembers() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		PresenceNode c = start("c");
		for (int i = 0; i < 3; i++) {
			a.add(ROOM, "s" + i);
			expect(a, "s" + i);
		}
		b.awaitTrust();
		c.awaitTrust();
		long begin = System.nanoTime();
		a.stop();
		assertThat(arrive(b, "t0")).isEqualTo(new Arrival(3, true));
		await().during(Duration.ofMillis(1500)).until(() -> gone().isEmpty() && c.members(ROOM).size() == 3);
		assertThat(arrive(c, "t1")).isEqualTo(new Arrival(3, true));
		await().until(() -> b.members(ROOM).size() == 2);
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(GRACE.minusSeconds(3));
		assertThat(gone()).hasSize(1).allMatch((line) -> line.matches("chat:a s[0-2] 3"));
		await().during(Duration.ofSeconds(1)).until(() -> gone().size() == 1);
		await().until(() -> !this.server.cli("KEYS", "*:x:a#*").contains("a#"));
	}

	@Test
	void whenTheNodeIsKilledTheOthersWaitForThoseWhoWereExpectedBefore() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		a.add(ROOM, "s2");
		a.store().expect(ROOM, new Member("user", "s1"), Duration.ofSeconds(6));
		assertThat(a.members(ROOM)).hasSize(2);
		b.awaitTrust();
		a.kill();
		await().until(() -> gone().equals(List.of("chat:a s2 2")));
		assertThat(b.members(ROOM)).containsExactly("s1");
		await().until(() -> gone().equals(List.of("chat:a s2 2", "chat:a s1 1")));
		assertThat(b.members(ROOM)).isEmpty();
	}

	@Test
	void whoIsBackElsewhereIsNotTakenOutByItsOldNode() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.add(ROOM, "s1");
		expect(a, "s1");
		assertThat(arrive(b, "t1")).isEqualTo(new Arrival(1, true));
		assertThat(a.members(ROOM)).containsExactly("t1");
		this.server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
		await().ignoreExceptions().until(() -> a.members(ROOM).equals(List.of("t1")));
		a.awaitTrust();
		assertThat(a.remove(ROOM, "s1")).isZero();
		assertThat(b.members(ROOM)).containsExactly("t1");
		assertThat(this.server.cli("KEYS", "*:g:*")).isEmpty();
	}

	@Test
	void oneNodeIsTheFirstAndOneTheLastInARoom() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		PresenceNode c = start("c");
		for (int round = 0; round < 20; round++) {
			List<PresenceNode> order = List.of(a, b, c);
			assertThat(counts(order, true)).containsExactlyInAnyOrder(1, 2, 3);
			assertThat(counts(order, false)).containsExactlyInAnyOrder(3, 2, 1);
		}
		assertThat(this.server.cli("KEYS", "*:room:*")).isEmpty();
	}

	private static List<Integer> counts(List<PresenceNode> nodes, boolean occupied) {
		return nodes.parallelStream()
			.map((node) -> node.store().occupy(ROOM, occupied).toCompletableFuture().join())
			.toList();
	}

	@Test
	void whenTheLastNodeInARoomIsKilledASurvivorTellsOnce() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		PresenceNode c = start("c");
		a.store().occupy(ROOM, true).toCompletableFuture().join();
		a.store().occupy("chat:b", true).toCompletableFuture().join();
		b.store().occupy("chat:b", true).toCompletableFuture().join();
		b.awaitTrust();
		c.awaitTrust();
		a.kill();
		await().until(() -> b.occupancy.size() + c.occupancy.size() == 1);
		await().during(Duration.ofSeconds(2)).until(() -> b.occupancy.size() + c.occupancy.size() == 1);
		assertThat(b.occupancy.isEmpty() ? c.occupancy : b.occupancy).containsExactly("-" + ROOM);
		assertThat(b.store().occupy("chat:b", false).toCompletableFuture().join()).isEqualTo(1);
	}

	@Test
	void whenTheOnlyNodeInARoomWasFrozenItTellsAgain() {
		PresenceNode a = start("a");
		PresenceNode b = start("b");
		a.store().occupy(ROOM, true).toCompletableFuture().join();
		b.awaitTrust();
		a.freeze();
		await().until(() -> b.occupancy.equals(List.of("-" + ROOM)));
		a.thaw();
		await().until(() -> a.occupancy.equals(List.of("+" + ROOM)));
		assertThat(b.store().occupy(ROOM, true).toCompletableFuture().join()).isEqualTo(2);
	}

	@Test
	void whileRedisIsDownOccupancyWaits() {
		PresenceNode a = start("a");
		this.server.kill();
		await().until(() -> !a.registry().isUp());
		CompletableFuture<Integer> occupied = a.store().occupy(ROOM, true).toCompletableFuture();
		await().during(Duration.ofSeconds(1)).until(() -> !occupied.isDone());
		this.server.start();
		await().untilAsserted(() -> assertThat(occupied).isCompletedWithValue(1));
	}

}
