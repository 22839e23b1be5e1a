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

package dev.realtime.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is there when a node is killed, frozen or stopped, which is a JVM of its own.
 */
@Tag("fault")
@Timeout(120)
class PresenceNodeLossTests {

	private static final String ROOM = "chat:a";

	private static final String ALONE = "chat:alone";

	private static final int CLIENTS = 50;

	private static final String PRESENCE = "--realtime.namespaces.chat.presence=true";

	/** What DESIGN.md promises. */
	private static final Duration GHOSTS = Duration.ofSeconds(10);

	@Test
	void membersOfANodeThatIsKilledAreGoneSoonAndOnce() throws Exception {
		try (RedisServer server = RedisServer.create().start();
				RedisRun run = new RedisRun(server, PRESENCE);
				NodeProcess other = new NodeProcess(RedisRun.settings(server.port(), PRESENCE))) {
			Sockets theirs = run.open(new Sockets(other.port()));
			List<PresenceWatcher> watchers = watchers(run);
			run.join(3, List.of(ROOM));
			run.awaitIn();
			for (int i = 0; i < CLIENTS; i++) {
				run.join("ghost" + i, List.of(ROOM), theirs);
			}
			run.join("alone", List.of(ALONE), theirs);
			run.awaitIn();
			await().untilAsserted(() -> assertThat(sessions(run)).hasSize(CLIENTS + 5));
			Set<String> ghosts = Set.copyOf(sessionsOf(run, "ghost"));
			awaitTrust();
			other.close();
			long begin = System.nanoTime();
			await().atMost(GHOSTS.plusSeconds(5)).until(() -> sessionsOf(run, "ghost").isEmpty());
			Duration hidden = Duration.ofNanos(System.nanoTime() - begin);
			await().untilAsserted(() -> assertLeft(watchers, ghosts));
			Duration told = Duration.ofNanos(System.nanoTime() - begin);
			await().during(Duration.ofSeconds(3)).untilAsserted(() -> assertLeft(watchers, ghosts));
			System.out.println("W6: " + CLIENTS + " ghosts hidden after " + hidden.toMillis() + " ms, told after "
					+ told.toMillis() + " ms");
			assertThat(hidden).isLessThan(GHOSTS);
			assertThat(sessions(run)).hasSize(5);
			assertThat(run.publishing().recorder().vacated() + run.listening().recorder().vacated()).isEqualTo(1);
		}
	}

	@Test
	void membersOfANodeThatIsFrozenDoNotComeBackByThemselves() throws Exception {
		try (RedisServer server = RedisServer.create().start();
				RedisRun run = new RedisRun(server, PRESENCE);
				NodeProcess other = new NodeProcess(RedisRun.settings(server.port(), PRESENCE))) {
			Sockets theirs = run.open(new Sockets(other.port()));
			List<PresenceWatcher> watchers = watchers(run);
			List<Member> movers = new ArrayList<>();
			List<Member> stayers = new ArrayList<>();
			for (int i = 0; i < CLIENTS / 2; i++) {
				movers.add(run.join("mover" + i, List.of(ROOM), theirs, run.sockets()));
				stayers.add(run.join("stayer" + i, List.of(ROOM), theirs, run.sockets()));
			}
			run.awaitIn();
			Traffic traffic = run.publish(List.of(ROOM), 20);
			await().untilAsserted(() -> assertThat(sessions(run)).hasSize(CLIENTS + 2));
			Set<String> before = sessionsOf(run, "");
			Set<String> moved = sessionsOf(run, "mover");
			awaitTrust();
			other.pause();
			long begin = System.nanoTime();
			await().atMost(GHOSTS.plusSeconds(5)).until(() -> sessionsOf(run, "").stream().noneMatch(before::contains));
			Duration hidden = Duration.ofNanos(System.nanoTime() - begin);
			await().untilAsserted(() -> assertLeft(watchers, before));
			movers.forEach(Member::reset);
			await()
				.until(() -> movers.stream().allMatch(Member::isIn) && sessionsOf(run, "mover").size() == CLIENTS / 2);
			RedisRun.elapse(Duration.ofSeconds(2));
			other.resume();
			List<String> resurrected = new ArrayList<>();
			await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(10)).until(() -> {
				sessionsOf(run, "mover").stream().filter(moved::contains).forEach(resurrected::add);
				return true;
			});
			await().until(
					() -> sessionsOf(run, "stayer").size() == CLIENTS / 2 && stayers.stream().allMatch(Member::isIn));
			run.awaitFlow(traffic);
			run.finish("W9: hidden after " + hidden.toMillis() + " ms; stayers saw " + codes(stayers));
			assertThat(hidden).isLessThan(GHOSTS);
			assertThat(resurrected).isEmpty();
			assertLeft(watchers, before);
			assertThat(stayers).allSatisfy((stayer) -> assertThat(stayer.codes()).isNotEmpty());
			assertThat(sessions(run)).hasSize(CLIENTS + 2);
		}
	}

	@Test
	void membersOfANodeThatIsStoppedAreExpectedBackElsewhere() throws Exception {
		String grace = "--realtime.session.leave-grace=5s";
		try (RedisServer server = RedisServer.create().start();
				RedisRun run = new RedisRun(server, PRESENCE, grace);
				NodeProcess other = new NodeProcess(RedisRun.settings(server.port(), PRESENCE, grace))) {
			Sockets theirs = run.open(new Sockets(other.port()));
			List<PresenceWatcher> watchers = watchers(run);
			for (int i = 0; i < CLIENTS; i++) {
				run.join("mover" + i, List.of(ROOM), theirs, run.sockets());
			}
			Member leaver = run.join("leaver", List.of(ROOM), theirs);
			run.awaitIn();
			await().untilAsserted(() -> assertThat(watchers.get(0).joined()).hasSizeGreaterThanOrEqualTo(CLIENTS + 1));
			Set<String> gone = sessionsOf(run, "leaver");
			long joined = watchers.get(0).joined().size();
			awaitTrust();
			other.stop();
			await().until(() -> run.members().stream().allMatch((member) -> member == leaver || member.isIn()));
			// where Redis is slow a member is in before Redis knows it
			await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> assertThat(sessions(run)).hasSize(CLIENTS + 3));
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertLeft(watchers, gone));
			await().during(Duration.ofSeconds(3)).untilAsserted(() -> assertLeft(watchers, gone));
			assertThat(watchers.get(0).joined()).hasSize((int) joined);
			assertThat(sessions(run)).hasSize(CLIENTS + 2);
		}
	}

	private static List<PresenceWatcher> watchers(RedisRun run) {
		Sockets publishing = run.open(new Sockets(run.publishing().port()));
		return List.of(new PresenceWatcher(run.sockets(), ROOM), new PresenceWatcher(publishing, ROOM));
	}

	/** Before that nobody takes a node for dead. */
	private static void awaitTrust() {
		RedisRun.elapse(Duration.ofSeconds(9));
	}

	private static void assertLeft(List<PresenceWatcher> watchers, Set<String> sessions) {
		watchers.forEach((watcher) -> assertThat(watcher.left()).containsExactlyInAnyOrderElementsOf(sessions));
	}

	private static List<String> sessions(RedisRun run) {
		return run.listening().operations().members(ROOM).stream().map(dev.realtime.Member::session).toList();
	}

	/** Return the sessions of users whose names begin so, and are no watchers. */
	private static Set<String> sessionsOf(RedisRun run, String user) {
		return run.listening()
			.operations()
			.members(ROOM)
			.stream()
			.filter((member) -> member.user().startsWith(user) && !member.user().equals("watcher"))
			.map(dev.realtime.Member::session)
			.collect(Collectors.toSet());
	}

	private static Set<Integer> codes(List<Member> members) {
		return members.stream().map(Member::codes).flatMap(List::stream).collect(Collectors.toSet());
	}

}
