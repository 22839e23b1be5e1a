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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.ConnectReply;
import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlMessage;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.session.LocalSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ControlPlane} and what is built on it, on two nodes.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ControlPlaneTests {

	private static final int RACES = 1_000;

	private final JoinedControlBuses buses = new JoinedControlBuses();

	private final List<EngineHarness> harnesses = new ArrayList<>();

	private final List<JoinedControlBuses.Node> nodes = new ArrayList<>();

	private RealtimeOperations here;

	@BeforeEach
	void start() {
		add();
		add();
		this.here = this.harnesses.get(0).engine().operations();
		this.harnesses.get(1).engine();
	}

	private EngineHarness add() {
		EngineHarness harness = new EngineHarness();
		JoinedControlBuses.Node node = this.buses.add();
		harness.bus = node;
		harness.authenticators.add((request) -> Identity.of(request.token()));
		this.harnesses.add(harness);
		this.nodes.add(node);
		return harness;
	}

	@AfterEach
	void stop() {
		this.harnesses.forEach(EngineHarness::close);
		this.buses.close();
	}

	@Test
	void disconnectsUsersOnAllNodes() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		TestSession bob = connect(1, "bob");
		DisconnectReason reason = new DisconnectReason(4500, "bye");
		this.here.disconnect("ann", reason);
		assertEnding(here, reason);
		assertEnding(there, reason);
		assertThat(bob.inbound.session().isEnding()).isFalse();
	}

	@Test
	void disconnectsSessionsWhereverTheyAre() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		this.here.disconnectSession(there.inbound.session().id(), DisconnectReason.SHUTDOWN);
		assertEnding(there, DisconnectReason.SHUTDOWN);
		assertThat(here.inbound.session().isEnding()).isFalse();
		this.here.disconnectSession("nobody", DisconnectReason.SHUTDOWN);
		this.buses.sent.clear();
		this.nodes.get(1).cut(true);
		this.here.disconnectSession(here.inbound.session().id(), DisconnectReason.SHUTDOWN);
		assertEnding(here, DisconnectReason.SHUTDOWN);
		assertThat(this.buses.sent).isEmpty();
	}

	@Test
	void takesUsersOutOfRoomsOnAllNodes() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		here.subscribe("plain:a");
		there.subscribe("plain:a");
		await().until(() -> here.inbound.session().rooms().size() + there.inbound.session().rooms().size() == 2);
		this.here.unsubscribe("ann", "plain:a");
		assertThat(here.inbound.session().rooms()).isEmpty();
		assertThat(there.inbound.session().rooms()).isEmpty();
		String push = "{\"push\":{\"channel\":\"plain:a\",\"unsubscribe\":"
				+ "{\"code\":2000,\"reason\":\"server unsubscribe\"}}}";
		await().untilAsserted(() -> assertThat(there.messages()).endsWith(push));
		await().untilAsserted(() -> assertThat(here.messages()).endsWith(push));
		this.here.unsubscribe("ann", "plain:a");
	}

	@Test
	void putsUsersIntoRoomsOnAllNodes() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		this.here.subscribe("ann", "plain:a");
		String push = "{\"push\":{\"channel\":\"plain:a\",\"subscribe\":{}}}";
		await().untilAsserted(() -> assertThat(here.messages()).endsWith(push));
		await().untilAsserted(() -> assertThat(there.messages()).endsWith(push));
		assertThatIllegalArgumentException().isThrownBy(() -> this.here.subscribe("ann", "nowhere:a"));
	}

	@Test
	void sendsToUsersOnAllNodes() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		this.here.sendToUser("ann", "hello");
		String push = "{\"push\":{\"message\":{\"data\":\"hello\"}}}";
		await().untilAsserted(() -> assertThat(here.messages()).endsWith(push));
		await().untilAsserted(() -> assertThat(there.messages()).endsWith(push));
		this.nodes.get(1).cut(true);
		this.here.sendToUser("ann", "again");
	}

	@Test
	void refreshLetsClientsReconnect() {
		TestSession there = connect(1, "ann");
		this.here.refresh("ann");
		assertEnding(there, DisconnectReason.FORCE_RECONNECT);
		connect(1, "ann");
	}

	@Test
	void anonymousSessionsHaveNoName() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.here.ban(""));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.here.disconnect("", DisconnectReason.FORCE_DISCONNECT));
		assertThatIllegalArgumentException().isThrownBy(() -> this.here.ban("ann", Duration.ZERO));
	}

	@Test
	void bannedUsersAreOutAndStayOut() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		this.here.ban("ann");
		assertEnding(here, DisconnectReason.FORCE_DISCONNECT);
		assertEnding(there, DisconnectReason.FORCE_DISCONNECT);
		assertRefused(0, "ann");
		assertRefused(1, "ann");
		assertThat(attach(1, "ann").isEnding()).isTrue();
		connect(1, "bob");
		this.here.unban("ann");
		connect(0, "ann");
		connect(1, "ann");
		assertThat(attach(1, "ann").isEnding()).isFalse();
	}

	@Test
	void bansEndByThemselves() {
		this.here.ban("ann", Duration.ofMillis(300));
		assertRefused(1, "ann");
		await().until(() -> !isRefused(1, "ann"));
	}

	@Test
	void bannedUsersAreRefusedBeforeTheApplicationIsAskedForRooms() {
		AtomicBoolean asked = new AtomicBoolean();
		this.harnesses.get(1).close();
		EngineHarness harness = add();
		harness.connectHandlers.add((request) -> {
			asked.set(true);
			return ConnectReply.EMPTY;
		});
		this.nodes.get(1).cut(true);
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.ban("ann"));
		harness.engine();
		assertRefused(2, "ann");
		assertThat(asked).isFalse();
	}

	@Test
	void whenAnotherNodeDoesNotConfirmItIsDoneHereAndThrows() {
		TestSession here = connect(0, "ann");
		TestSession there = connect(1, "ann");
		this.nodes.get(1).cut(true);
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> this.here.disconnect("ann", DisconnectReason.FORCE_DISCONNECT));
		assertEnding(here, DisconnectReason.FORCE_DISCONNECT);
		assertThat(there.inbound.session().isEnding()).isFalse();
	}

	@Test
	void whenThereIsNoBusABanHoldsHereAndIsAnnouncedLater() {
		TestSession there = connect(1, "ann");
		this.nodes.get(0).cut(true);
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.ban("ann"));
		assertRefused(0, "ann");
		connect(1, "ann");
		this.nodes.get(0).heal();
		await().untilAsserted(() -> assertEnding(there, DisconnectReason.FORCE_DISCONNECT));
		assertRefused(1, "ann");
		assertThat(kept()).containsExactly(new ControlMessage.Ban("ann", null));
	}

	@Test
	void whenANodeIsBackItLearnsWhatItMissed() {
		TestSession there = connect(1, "ann");
		this.here.ban("bob");
		this.nodes.get(1).cut(true);
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.ban("ann"));
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.unban("bob"));
		this.nodes.get(1).heal();
		await().untilAsserted(() -> assertEnding(there, DisconnectReason.FORCE_DISCONNECT));
		await().until(() -> !isRefused(1, "bob"));
	}

	@Test
	void whenTheStoreHasLostBansTheyAreWrittenBack() {
		this.here.ban("ann");
		this.here.ban("bob", Duration.ofHours(1));
		this.buses.bans = new InMemoryBanStore(System::nanoTime);
		this.nodes.get(1).resume();
		await().untilAsserted(() -> assertThat(kept()).hasSize(2));
		assertRefused(1, "ann");
	}

	@Test
	void bansAreKnownBeforeTheNodeIsReady() {
		this.here.ban("ann");
		add().engine();
		assertRefused(2, "ann");
	}

	@Test
	void whenBansCannotBeLoadedSaysSoAndTriesAgain(CapturedOutput output) {
		BanStore lost = this.buses.bans;
		this.here.ban("ann");
		EngineHarness harness = add();
		this.nodes.get(2).cut(true);
		harness.engine();
		assertThat(output).contains("It is not known yet who is banned");
		this.nodes.get(2).cut(false);
		assertThat(this.buses.bans).isSameAs(lost);
		await().until(() -> isRefused(2, "ann"));
	}

	@Test
	void banAndReconnectRace() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < RACES; i++) {
				race(clients, "user" + i);
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	/** A user reconnects to both nodes again and again while it is banned. */
	private void race(ExecutorService clients, String user) throws Exception {
		AtomicBoolean stopped = new AtomicBoolean();
		Queue<TestSession> sessions = new ConcurrentLinkedQueue<>();
		List<Future<?>> running = List.of(clients.submit(() -> reconnect(0, user, sessions, stopped)),
				clients.submit(() -> reconnect(1, user, sessions, stopped)));
		try {
			await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> !sessions.isEmpty());
			this.here.ban(user);
			assertThat(sessions).noneMatch(ControlPlaneTests::isIn);
		}
		finally {
			stopped.set(true);
		}
		for (Future<?> client : running) {
			client.get(10, TimeUnit.SECONDS);
		}
		assertThat(sessions).noneMatch(ControlPlaneTests::isIn);
		sessions.forEach(TestSession::close);
		assertThat(this.here.sessions(user)).isEmpty();
	}

	/** The oldest sessions go, so that there are never many. */
	private void reconnect(int node, String user, Queue<TestSession> sessions, AtomicBoolean stopped) {
		Queue<TestSession> own = new ArrayDeque<>();
		while (!stopped.get()) {
			TestSession session = open(node, user);
			sessions.add(session);
			own.add(session);
			while (!stopped.get() && session.messages().isEmpty() && !session.inbound.session().isEnding()) {
				Thread.yield();
			}
			if (own.size() > 5) {
				TestSession oldest = own.remove();
				sessions.remove(oldest);
				oldest.close();
			}
		}
	}

	private static boolean isIn(TestSession session) {
		return session.inbound.state() == SessionInbound.State.CONNECTED && !session.inbound.session().isEnding();
	}

	private List<ControlMessage.Verdict> kept() {
		return this.buses.bans.all().toCompletableFuture().join();
	}

	private TestSession open(int node, String user) {
		TestSession session = this.harnesses.get(node).open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
		return session;
	}

	private TestSession connect(int node, String user) {
		TestSession session = open(node, user);
		assertThat(session.message(0)).contains("\"connect\"");
		return session;
	}

	private LocalSession attach(int node, String user) {
		return this.harnesses.get(node)
			.engine()
			.gateway()
			.attach(new FakeTransport(), new JsonWireCodec(), Identity.of(user));
	}

	private boolean isRefused(int node, String user) {
		TestSession session = open(node, user);
		await().until(() -> session.inbound.session().isEnding() || !session.messages().isEmpty());
		return session.inbound.session().isEnding();
	}

	private void assertRefused(int node, String user) {
		TestSession session = open(node, user);
		await()
			.untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.FORCE_DISCONNECT));
		assertThat(session.messages()).isEmpty();
	}

	private static void assertEnding(TestSession session, DisconnectReason reason) {
		assertThat(session.inbound.session().isEnding()).isTrue();
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(reason));
	}

}
