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

package dev.realtime.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.DisconnectReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Sweeper}.
 */
@Timeout(60)
class SweeperTests {

	private final SessionRegistry registry = new SessionRegistry();

	private final AtomicLong time = new AtomicLong();

	private final List<RecordingTransport> transports = new ArrayList<>();

	@Test
	void whenOverTheBudgetTheLongestQueuesAreShed() {
		OutboundBudget budget = new OutboundBudget(40_000);
		LocalSession small = waiting(budget, 10_000);
		LocalSession large = waiting(budget, 30_000);
		LocalSession medium = waiting(budget, 20_000);
		new Sweeper(this.registry, budget, this.time::get).run();
		assertThat(large.isEnding()).isTrue();
		assertThat(List.of(small, medium)).noneMatch(LocalSession::isEnding);
		assertThat(this.transports.get(1).closed()).containsExactly(DisconnectReason.SLOW);
		assertThat(budget.queuedBytes()).isEqualTo(30_000);
	}

	@Test
	void whenFarOverTheBudgetSeveralAreShed() {
		OutboundBudget budget = new OutboundBudget(15_000);
		LocalSession small = waiting(budget, 10_000);
		LocalSession large = waiting(budget, 30_000);
		LocalSession medium = waiting(budget, 20_000);
		new Sweeper(this.registry, budget, this.time::get).run();
		assertThat(List.of(large, medium)).allMatch(LocalSession::isEnding);
		assertThat(small.isEnding()).isFalse();
		assertThat(budget.queuedBytes()).isEqualTo(10_000);
	}

	@Test
	void whenWithinTheBudgetNobodyIsShed() {
		OutboundBudget budget = new OutboundBudget(60_000);
		waiting(budget, 30_000);
		waiting(budget, 30_000);
		new Sweeper(this.registry, budget, this.time::get).run();
		assertThat(this.registry.all()).noneMatch(LocalSession::isEnding);
	}

	@Test
	void whenThereIsNoBudgetNobodyIsShed() {
		OutboundBudget budget = new OutboundBudget(0);
		waiting(budget, 1_000_000);
		new Sweeper(this.registry, budget, this.time::get).run();
		assertThat(this.registry.all()).noneMatch(LocalSession::isEnding);
		assertThat(budget.excess()).isZero();
	}

	@Test
	void whenWriteIsStuckTheSessionEnds() {
		OutboundBudget budget = new OutboundBudget(0);
		LocalSession stuck = waiting(budget, 2);
		LocalSession idle = waiting(budget, 2);
		this.transports.get(1).completeAll();
		Sweeper sweeper = new Sweeper(this.registry, budget, this.time::get);
		sweeper.run();
		this.time.addAndGet(TestSessions.SEND_TIME);
		sweeper.run();
		assertThat(stuck.isEnding()).isFalse();
		this.time.incrementAndGet();
		sweeper.run();
		assertThat(stuck.isEnding()).isTrue();
		assertThat(this.transports.get(0).closed()).containsExactly(DisconnectReason.SLOW);
		assertThat(idle.isEnding()).isFalse();
	}

	@Test
	void whenQueuesChangeMeanwhileItShedsAllTheSame() throws Exception {
		for (int round = 0; round < 60; round++) {
			SessionRegistry sessions = new SessionRegistry();
			List<RecordingTransport> sockets = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				sockets.add(new RecordingTransport());
				LocalSession session = TestSessions.session(sockets.get(i));
				sessions.open(session, 0, 0);
				session.write(new byte[1]);
				session.write(new byte[i + 1]);
			}
			AtomicBoolean stop = new AtomicBoolean();
			CountDownLatch started = new CountDownLatch(1);
			CompletableFuture<Void> changing = CompletableFuture.runAsync(() -> {
				while (!stop.get()) {
					sockets.get(ThreadLocalRandom.current().nextInt(1000)).completeAll();
					for (LocalSession session : sessions.all()) {
						session.write(new byte[ThreadLocalRandom.current().nextInt(1, 10)]);
					}
					started.countDown();
				}
			});
			try {
				started.await();
				OutboundBudget exceeded = new OutboundBudget(1);
				exceeded.add(1000);
				new Sweeper(sessions, exceeded, this.time::get).run();
			}
			finally {
				stop.set(true);
				changing.join();
			}
			assertThat(sessions.all()).allMatch(LocalSession::isEnding);
		}
	}

	/** A session of which so many bytes wait behind a write. */
	private LocalSession waiting(OutboundBudget budget, int bytes) {
		RecordingTransport transport = new RecordingTransport();
		this.transports.add(transport);
		LocalSession session = TestSessions.session(transport, budget);
		this.registry.open(session, 0, 0);
		session.write(new byte[1]);
		session.write(new byte[bytes - 1]);
		assertThat(session.waitingBytes()).isEqualTo(bytes);
		return session;
	}

}
