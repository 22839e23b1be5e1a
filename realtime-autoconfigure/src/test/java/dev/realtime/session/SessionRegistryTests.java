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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionRegistry}.
 */
@Timeout(60)
class SessionRegistryTests {

	private static final int THREADS = 8;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

	private final SessionRegistry registry = new SessionRegistry();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
	}

	@Test
	void findsSessionsByIdAndUser() {
		LocalSession bob = connected("bob");
		LocalSession bobToo = connected("bob");
		LocalSession anonymous = connected("");
		assertThat(this.registry.find(bob.id())).isSameAs(bob);
		assertThat(this.registry.find("nobody")).isNull();
		assertThat(this.registry.ofUser("bob")).containsExactlyInAnyOrder(bob, bobToo);
		assertThat(this.registry.ofUser("nobody")).isEmpty();
		assertThat(this.registry.all()).containsExactlyInAnyOrder(bob, bobToo, anonymous);
		assertThat(this.registry.size()).isEqualTo(3);
	}

	@Test
	void whenEverySessionIsRemovedItIsEmpty() {
		List<LocalSession> sessions = List.of(connected("bob"), connected("bob"), connected(""), connected("eve"));
		assertThat(this.registry.isEmpty()).isFalse();
		sessions.forEach(this.registry::remove);
		sessions.forEach(this.registry::remove);
		assertThat(this.registry.isEmpty()).isTrue();
		assertThat(this.registry.size()).isZero();
	}

	@Test
	void whenAddressHasTooManySessionsTheNextIsRefused() {
		LocalSession first = TestSessions.sessionOf("", "10.0.0.1");
		assertThat(this.registry.open(first, 0, 1)).isNull();
		LocalSession second = TestSessions.sessionOf("", "10.0.0.1");
		assertThat(this.registry.open(second, 0, 1)).isEqualTo(DisconnectReason.CONNECTION_LIMIT);
		assertThat(this.registry.open(TestSessions.sessionOf("", "10.0.0.2"), 0, 1)).isNull();
		this.registry.remove(second);
		this.registry.remove(first);
		assertThat(this.registry.open(TestSessions.sessionOf("", "10.0.0.1"), 0, 1)).isNull();
	}

	@Test
	void whenNodeHasTooManySessionsTheNextIsSentElsewhere() {
		LocalSession first = TestSessions.sessionOf("", "10.0.0.1");
		assertThat(this.registry.open(first, 1, 0)).isNull();
		LocalSession second = TestSessions.sessionOf("", "10.0.0.2");
		assertThat(this.registry.open(second, 1, 0)).isEqualTo(DisconnectReason.FORCE_RECONNECT);
		this.registry.remove(first);
		this.registry.remove(second);
		assertThat(this.registry.open(TestSessions.sessionOf("", "10.0.0.3"), 1, 0)).isNull();
	}

	@Test
	void addressesOfOneIpv6NetworkCountAsOne() {
		LocalSession first = TestSessions.sessionOf("", "2001:db8::1");
		assertThat(this.registry.open(first, 0, 1)).isNull();
		LocalSession second = TestSessions.sessionOf("", "2001:db8::2");
		assertThat(this.registry.open(second, 0, 1)).isEqualTo(DisconnectReason.CONNECTION_LIMIT);
		this.registry.remove(first);
		this.registry.remove(second);
		assertThat(this.registry.isEmpty()).isTrue();
	}

	@Test
	void whenUserHasTooManySessionsTheNextIsRefused() {
		LocalSession first = connected("bob");
		LocalSession second = TestSessions.sessionOf("bob");
		this.registry.open(second, 0, 0);
		assertThat(this.registry.connect(second, 1)).isFalse();
		assertThat(this.registry.ofUser("bob")).containsExactly(first);
		this.registry.remove(first);
		assertThat(this.registry.connect(second, 1)).isTrue();
	}

	@Test
	void whenAnonymousThereIsNoLimitPerUser() {
		for (int i = 0; i < 3; i++) {
			LocalSession session = TestSessions.sessionOf("");
			this.registry.open(session, 0, 0);
			assertThat(this.registry.connect(session, 1)).isTrue();
		}
	}

	@Test
	void whenRemovedBeforeItConnectsNothingIsLeft() {
		LocalSession session = TestSessions.sessionOf("bob");
		this.registry.open(session, 0, 0);
		this.registry.remove(session);
		assertThat(this.registry.connect(session, 0)).isFalse();
		assertThat(this.registry.ofUser("bob")).isEmpty();
		assertThat(this.registry.isEmpty()).isTrue();
	}

	@Test
	void whenManyComeAtOnceNoLimitIsExceeded() throws Exception {
		for (int round = 0; round < 200; round++) {
			AtomicInteger opened = new AtomicInteger();
			AtomicInteger connected = new AtomicInteger();
			List<LocalSession> sessions = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				sessions.add(TestSessions.sessionOf("bob"));
			}
			onAllThreads((thread) -> {
				if (this.registry.open(sessions.get(thread), 0, 5) == null) {
					opened.incrementAndGet();
				}
				if (this.registry.connect(sessions.get(thread), 3)) {
					connected.incrementAndGet();
				}
			});
			assertThat(opened).hasValue(5);
			assertThat(connected).hasValue(3);
			assertThat(this.registry.ofUser("bob")).hasSize(3);
			onAllThreads((thread) -> this.registry.remove(sessions.get(thread)));
			assertThat(this.registry.isEmpty()).isTrue();
		}
	}

	@Test
	void whenSessionsConnectAndGoAtOnceNothingIsLeft() throws Exception {
		for (int round = 0; round < 2000; round++) {
			List<LocalSession> sessions = new ArrayList<>();
			for (int i = 0; i < THREADS / 2; i++) {
				LocalSession session = TestSessions.sessionOf("");
				this.registry.open(session, 0, 0);
				sessions.add(session);
			}
			onAllThreads((thread) -> {
				LocalSession session = sessions.get(thread / 2);
				if (thread % 2 == 0) {
					session.identity(Identity.of("bob"));
					this.registry.connect(session, 2);
				}
				else {
					this.registry.remove(session);
				}
			});
			assertThat(this.registry.isEmpty()).isTrue();
		}
	}

	private LocalSession connected(String user) {
		LocalSession session = TestSessions.sessionOf(user);
		assertThat(this.registry.open(session, 0, 0)).isNull();
		assertThat(this.registry.connect(session, 0)).isTrue();
		return session;
	}

	private void onAllThreads(Work work) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int thread = i;
			futures.add(this.executor.submit(() -> {
				start.await();
				work.run(thread);
				return null;
			}));
		}
		start.countDown();
		for (Future<?> future : futures) {
			future.get(30, TimeUnit.SECONDS);
		}
	}

	/**
	 * What one of the threads does.
	 */
	private interface Work {

		void run(int thread);

	}

}
