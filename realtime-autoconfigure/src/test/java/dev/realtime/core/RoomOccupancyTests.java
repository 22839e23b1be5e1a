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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Member;
import dev.realtime.RealtimeListener;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for rooms that are occupied and vacated on several nodes.
 */
class RoomOccupancyTests {

	private static final String ROOM = "plain:a";

	private final SharedOccupancy store = new SharedOccupancy();

	private final EngineHarness harness = new EngineHarness();

	private final List<String> events = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.harness.close();
	}

	private TestSession join() {
		this.harness.store = this.store;
		TestSession session = this.harness.connect();
		session.subscribe(ROOM);
		session.message(1);
		return session;
	}

	@Test
	void whenNobodyWantsToKnowNoOtherNodeIsAsked() {
		this.harness.listeners.add(new RealtimeListener() {
		});
		join().close();
		await().until(() -> this.harness.engine().roomCount() == 0);
		assertThat(this.store.asked).isEmpty();
	}

	@Test
	void whenOthersAreInTheRoomNothingIsTold() {
		this.harness.listeners.add(new Listener());
		this.store.others = 1;
		join().close();
		await().until(() -> this.store.asked.equals(List.of("+" + ROOM, "-" + ROOM)));
		this.store.others = 0;
		TestSession session = join();
		await().until(() -> this.events.equals(List.of("+" + ROOM)));
		this.store.others = 1;
		session.close();
		await().until(() -> this.store.asked.size() == 4);
		assertThat(this.events).containsExactly("+" + ROOM);
	}

	@Test
	void whatTheStoreFindsOutIsTold() {
		this.harness.listeners.add(new Listener());
		join();
		await().until(() -> this.events.equals(List.of("+" + ROOM)));
		this.store.listener.vacated("plain:b");
		this.store.listener.occupied("plain:b");
		await().until(() -> this.events.equals(List.of("+" + ROOM, "-plain:b", "+plain:b")));
	}

	@Test
	void eventsOfARoomAreInOrderHoweverLateTheyAreKnown() {
		this.harness.listeners.add(new Listener());
		this.store.delayed = true;
		for (int i = 0; i < 20; i++) {
			join().close();
			await().until(() -> this.harness.engine().roomCount() == 0);
		}
		assertThat(this.events).isEmpty();
		this.store.answers.forEach((answer) -> answer.complete(1));
		await().until(() -> this.events.size() == 40);
		for (int i = 0; i < 40; i++) {
			assertThat(this.events.get(i)).isEqualTo((i % 2 == 0) ? "+" + ROOM : "-" + ROOM);
		}
	}

	@Test
	void inTheGraceWhoeverComesKeepsTheRoomOccupied() {
		this.harness.leaveGrace = Duration.ofSeconds(1);
		this.harness.listeners.add(new Listener());
		join().close();
		join().close();
		await().until(() -> this.store.asked.equals(List.of("+" + ROOM, "-" + ROOM)));
		assertThat(this.events).startsWith("+" + ROOM);
	}

	private final class Listener implements RealtimeListener {

		@Override
		public void roomOccupied(String room) {
			RoomOccupancyTests.this.events.add("+" + room);
		}

		@Override
		public void roomVacated(String room) {
			RoomOccupancyTests.this.events.add("-" + room);
		}

	}

	/**
	 * Knows of other nodes what the test says.
	 */
	private static final class SharedOccupancy implements PresenceStore {

		private final InMemoryPresenceStore members = new InMemoryPresenceStore();

		private final List<String> asked = new CopyOnWriteArrayList<>();

		private final List<CompletableFuture<Integer>> answers = new ArrayList<>();

		private volatile int others;

		private volatile boolean delayed;

		private volatile PresenceListener listener;

		@Override
		public CompletionStage<Integer> add(String room, Member member) {
			return this.members.add(room, member);
		}

		@Override
		public CompletionStage<Integer> remove(String room, String session) {
			return this.members.remove(room, session);
		}

		@Override
		public CompletionStage<List<Member>> members(String room) {
			return this.members.members(room);
		}

		@Override
		public synchronized CompletionStage<Integer> occupy(String room, boolean occupied) {
			this.asked.add((occupied ? "+" : "-") + room);
			CompletableFuture<Integer> answer = new CompletableFuture<>();
			this.answers.add(answer);
			if (!this.delayed) {
				answer.complete(1 + this.others);
			}
			return answer;
		}

		@Override
		public void listen(PresenceListener listener) {
			this.listener = listener;
		}

		@Override
		public boolean isShared() {
			return true;
		}

	}

}
