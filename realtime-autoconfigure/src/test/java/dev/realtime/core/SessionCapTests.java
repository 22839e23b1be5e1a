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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.realtime.ConnectReply;
import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.handler.RoomHandler;
import dev.realtime.limit.RateLimit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that there are never more sessions, and rooms of a session, than there may be.
 */
@Timeout(60)
class SessionCapTests {

	private static final int RACERS = 1_000;

	private final EngineHarness harness = new EngineHarness();

	private final ExecutorService executor = Executors.newFixedThreadPool(16);

	@AfterEach
	void stop() {
		this.harness.close();
		this.executor.shutdownNow();
	}

	@Test
	void whenThousandConnectAtOnceNoAddressHasTooMany() throws Exception {
		this.harness.maxSessionsPerAddress = 7;
		assertCap(7, DisconnectReason.CONNECTION_LIMIT);
	}

	@Test
	void whenThousandConnectAtOnceNoUserHasTooMany() throws Exception {
		this.harness.maxSessionsPerUser = 7;
		assertCap(7, DisconnectReason.CONNECTION_LIMIT);
	}

	/** Others may have room, so the client is sent to look for them. */
	@Test
	void whenThousandConnectAtOnceTheNodeHasNotTooMany() throws Exception {
		this.harness.inbound = maxSessions(7);
		assertCap(7, DisconnectReason.FORCE_RECONNECT);
	}

	private static InboundLimits maxSessions(int max) {
		RateLimit none = RateLimit.NONE;
		return new InboundLimits(max, none, none, none, none, none, none, none, none, none, none);
	}

	private void assertCap(int cap, DisconnectReason refusal) throws Exception {
		this.harness.authenticators.add((request) -> Identity.of("ann"));
		this.harness.engine();
		List<TestSession> sessions = race();
		await().untilAsserted(() -> assertThat(open(sessions)).hasSize(cap));
		assertThat(sessions).filteredOn((session) -> refusal.equals(session.transport.closed())).hasSize(RACERS - cap);
		sessions.forEach(TestSession::close);
		assertThat(this.harness.engine().sessionCount()).isZero();
		List<TestSession> again = IntStream.rangeClosed(0, cap).mapToObj((i) -> this.harness.connect()).toList();
		await().untilAsserted(() -> assertThat(open(again)).hasSize(cap));
	}

	private static List<TestSession> open(List<TestSession> sessions) {
		return sessions.stream().filter((session) -> session.transport.closed() == null).toList();
	}

	private List<TestSession> race() throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Future<TestSession>> racers = new ArrayList<>();
		for (int i = 0; i < RACERS; i++) {
			racers.add(this.executor.submit(() -> {
				start.await();
				return this.harness.connect();
			}));
		}
		start.countDown();
		List<TestSession> sessions = new ArrayList<>();
		for (Future<TestSession> racer : racers) {
			sessions.add(racer.get());
		}
		return sessions;
	}

	@Test
	void whenAuthorizersAnswerAtOnceNoSessionIsInTooManyRooms() {
		this.harness.maxRooms = 5;
		this.harness.methods = new AsynchronousSubscribe();
		TestSession session = this.harness.connect();
		for (int i = 0; i < 50; i++) {
			session.subscribe("plain:" + i);
		}
		AsynchronousSubscribe methods = (AsynchronousSubscribe) this.harness.methods;
		await().until(() -> methods.asked.size() == 50);
		methods.asked.forEach((answer) -> this.executor.execute(() -> answer.complete(RoomDecision.GRANTED)));
		await().until(() -> session.messages().size() == 51);
		assertThat(session.messages()).filteredOn((message) -> message.contains("\"subscribe\":{")).hasSize(5);
		assertThat(session.messages()).filteredOn((message) -> message.contains("\"code\":106")).hasSize(45);
	}

	@Test
	void whenApplicationGivesTooManyRoomsTheSessionIsClosed() {
		this.harness.maxRooms = 2;
		this.harness.connectHandlers.add((request) -> ConnectReply.rooms("plain:1", "plain:2", "plain:3"));
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{}}");
		await().until(() -> DisconnectReason.CHANNEL_LIMIT.equals(session.transport.closed()));
	}

	/**
	 * Asks about every room, and answers when the test says so.
	 */
	private static final class AsynchronousSubscribe implements RealtimeHandlers, RoomHandler<RoomDecision> {

		private final Queue<CompletableFuture<RoomDecision>> asked = new ConcurrentLinkedQueue<>();

		@Override
		public RoomHandler<RoomDecision> subscribe(String room) {
			return this;
		}

		@Override
		public CompletionStage<RoomDecision> handle(RoomAccess access) {
			CompletableFuture<RoomDecision> answer = new CompletableFuture<>();
			this.asked.add(answer);
			return answer;
		}

		@Override
		public Throwable explain(Throwable failure, RoomAccess access) {
			return Responder.unwrap(failure);
		}

		@Override
		public boolean isAsynchronous() {
			return true;
		}

		@Override
		public Method method() {
			throw new UnsupportedOperationException();
		}

		@Override
		public Class<?> type() {
			return getClass();
		}

	}

}
