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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Identity;
import dev.realtime.Member;
import dev.realtime.RealtimeOperations;
import dev.realtime.RealtimeSession;
import dev.realtime.RelayUnavailableException;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.naming.RoomName;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what an engine does with a presence store that other nodes share.
 */
class SharedPresenceTests {

	private final SharedPresence presence = new SharedPresence();

	private final EngineHarness here = new EngineHarness();

	private final EngineHarness there = new EngineHarness();

	@BeforeEach
	void share() {
		this.here.store = this.presence;
		this.there.store = this.presence;
		this.here.authenticators.add((request) -> Identity.of(request.token()));
	}

	@AfterEach
	void close() {
		this.here.close();
		this.there.close();
	}

	private TestSession connect(String user) {
		TestSession session = this.here.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
		session.message(0);
		return session;
	}

	private RealtimeOperations elsewhere() {
		return this.there.engine().operations();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ann", "Zo\u00eb & \u738b", "a:b/{c} *", ":user:x" })
	void usersAreOnlineOnAllNodes(String user) {
		assertThat(elsewhere().isOnline(user)).isFalse();
		TestSession session = connect(user);
		List<RealtimeSession> local = this.here.engine().operations().localSessions(user);
		assertThat(local).hasSize(1);
		assertThat(elsewhere().isOnline(user)).isTrue();
		assertThat(elsewhere().localSessions(user)).isEmpty();
		assertThat(elsewhere().sessions(user)).containsExactly(new Member(user, local.get(0).id()))
			.isEqualTo(this.here.engine().operations().sessions(user));
		connect(user);
		assertThat(elsewhere().sessions(user)).hasSize(2);
		session.close();
		assertThat(elsewhere().sessions(user)).hasSize(1);
		assertThat(OnlineUsers.room(user)).matches(RoomName::isValid)
			.matches((room) -> RoomName.namespace(room) == null);
	}

	@Test
	void whenSessionsEndNothingIsLeft() {
		connect("ann").close();
		this.here.allowAnonymous = true;
		this.here.authenticators.clear();
		this.there.connect().close();
		await().untilAsserted(() -> assertThat(this.presence.members.size()).isZero());
		assertThat(elsewhere().isOnline("ann")).isFalse();
		assertThat(elsewhere().isOnline("")).isFalse();
	}

	@Test
	void whenOtherNodesCannotBeAskedOnlyThisNodesSessionsCount() {
		connect("ann");
		this.presence.failing = true;
		assertThat(this.here.engine().operations().isOnline("ann")).isTrue();
		assertThat(elsewhere().isOnline("ann")).isFalse();
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> elsewhere().sessions("ann"));
	}

	@Test
	void whenAMemberIsGoneWithItsNodeTheRoomIsTold() {
		TestSession session = connect("ann");
		session.command("\"subscribe\":{\"channel\":\"chat:a\",\"join_leave\":true}");
		session.message(1);
		this.presence.listener.gone("chat:a", new Member("eve", "e1"), 2);
		await().untilAsserted(() -> assertThat(session.messages()).last()
			.asString()
			.contains("\"channel\":\"chat:a\",\"leave\":")
			.contains("\"user\":\"eve\""));
	}

	@Test
	void whenItsRoomIsACrowdOrHasNoPresenceNobodyIsTold() {
		TestSession session = connect("ann");
		session.command("\"subscribe\":{\"channel\":\"closed:a\",\"join_leave\":true}");
		session.command("\"subscribe\":{\"channel\":\"plain:a\",\"join_leave\":true}");
		await().until(() -> session.messages().size() > 2);
		this.presence.listener.gone("plain:a", new Member("eve", "e1"), 2);
		this.presence.listener.gone("closed:a", new Member("eve", "e1"), 3);
		assertThatNoException()
			.isThrownBy(() -> this.presence.listener.gone(OnlineUsers.room("eve"), new Member("eve", "e1"), 1));
		this.presence.listener.gone("closed:a", new Member("eve", "e2"), 2);
		await().untilAsserted(() -> assertThat(session.messages()).last().asString().contains("\"client\":\"e2\""));
		assertThat(session.messages()).noneMatch((message) -> message.contains("\"client\":\"e1\""));
	}

	/**
	 * Members that two engines share.
	 */
	private static final class SharedPresence implements PresenceStore {

		private final InMemoryPresenceStore members = new InMemoryPresenceStore();

		private volatile PresenceListener listener;

		private volatile boolean failing;

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
			return this.failing ? CompletableFuture.failedFuture(new RelayUnavailableException("failing", null))
					: this.members.members(room);
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
