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
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.core.EngineHarness.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the engine with many threads at once: nothing is lost, doubled or left
 * behind.
 */
class EngineConcurrencyTests {

	private static final int THREADS = 8;

	private static final Pattern DATA = Pattern.compile("\"data\":(\\d+)");

	private final AtomicInteger recoveries = new AtomicInteger();

	private final EngineHarness harness = new EngineHarness();

	private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.harness.close();
	}

	@Test
	void fiveThousandSessionsLeaveNothingBehind() throws Exception {
		Counter counter = new Counter();
		this.harness.listeners.add(counter);
		Random seeds = new Random(42);
		inParallel(5_000, (i) -> {
			Random random = new Random(seeds.nextLong());
			TestSession session = this.harness.open();
			if (random.nextInt(10) == 0) {
				session.transport.fail();
			}
			if (random.nextInt(10) > 0) {
				session.send("{\"id\":1,\"connect\":{}}");
				session.subscribe("chat:" + random.nextInt(20));
				session.subscribe("plain:" + random.nextInt(20));
				session.publish("plain:" + random.nextInt(20), "1");
			}
			if (random.nextInt(3) == 0) {
				session.unsubscribe("chat:" + random.nextInt(20));
			}
			if (random.nextInt(10) == 0) {
				session.inbound.session().disconnect(DisconnectReason.FORCE_RECONNECT);
			}
			session.close();
			return null;
		});
		await().untilAsserted(() -> {
			assertThat(this.harness.engine().sessionCount()).isZero();
			assertThat(this.harness.engine().roomCount()).isZero();
			assertThat(this.harness.presence.size()).isZero();
			assertThat(this.harness.engine().queuedBytes()).isZero();
			assertThat(counter.connected).hasPositiveValue();
			assertThat(counter.disconnected.get()).isEqualTo(counter.connected.get());
			assertThat(counter.left.get()).isEqualTo(counter.joined.get());
			assertThat(counter.vacated.get()).isEqualTo(counter.occupied.get());
		});
	}

	@Test
	void lastMemberMayLeaveWhileAnotherJoins() throws Exception {
		inParallel(4_000, (i) -> {
			TestSession session = this.harness.connect();
			session.subscribe("chat:contended");
			session.publish("chat:contended", Integer.toString(i));
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> session.messages().stream().anyMatch((message) -> isPublication(message, i)));
			session.unsubscribe("chat:contended");
			session.close();
			return null;
		});
		await().untilAsserted(() -> assertThat(this.harness.engine().roomCount()).isZero());
		assertThat(this.harness.presence.size()).isZero();
	}

	private static boolean isPublication(String message, int data) {
		return message.contains("\"pub\"") && message.contains("\"data\":" + data + ",");
	}

	@Test
	void tenThousandSeamsHaveNoHoleAndNothingTwice() throws Exception {
		AtomicInteger published = new AtomicInteger();
		AtomicReference<String> epoch = new AtomicReference<>();
		TestSession first = this.harness.connect();
		first.subscribe("chat:seam");
		epoch.set(text(first.message(1), "\"epoch\":\"([^\"]+)\""));
		List<Future<?>> publishers = new ArrayList<>();
		boolean[] running = { true };
		for (int i = 0; i < 2; i++) {
			publishers.add(this.threads.submit(() -> {
				while (running[0] && !Thread.currentThread().isInterrupted()) {
					synchronized (published) {
						String data = Integer.toString(published.incrementAndGet());
						this.harness.engine().operations().publish("chat:seam", Payload.ofJson(data));
					}
					LockSupport.parkNanos(100_000);
				}
			}));
		}
		ExecutorService joiners = Executors.newFixedThreadPool(4);
		List<Callable<Object>> seams = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			boolean recover = i % 2 == 0;
			seams.add(() -> {
				seam(recover, Math.max(published.get() - 20, 0), epoch.get());
				return null;
			});
		}
		for (Future<Object> seam : joiners.invokeAll(seams)) {
			seam.get();
		}
		running[0] = false;
		joiners.shutdown();
		for (Future<?> publisher : publishers) {
			publisher.get();
		}
		assertThat(this.recoveries).hasValueGreaterThan(1_000);
	}

	private void seam(boolean recover, int since, String epoch) {
		TestSession session = this.harness.connect();
		if (recover) {
			session.command("\"subscribe\":{\"channel\":\"chat:seam\",\"recover\":true,\"offset\":" + since
					+ ",\"epoch\":\"" + epoch + "\"}");
		}
		else {
			session.subscribe("chat:seam");
		}
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> received(session).size() > 3);
		session.close();
		String reply = session.message(1);
		boolean recovered = reply.contains("\"recovered\":true");
		this.recoveries.addAndGet(recovered ? 1 : 0);
		int expected = recovered ? since : Integer.parseInt(text(reply, "\"offset\":(\\d+)"));
		for (int data : received(session)) {
			assertThat(data).as(reply).isEqualTo(++expected);
		}
	}

	private List<Integer> received(TestSession session) {
		List<Integer> result = new ArrayList<>();
		for (String message : session.messages()) {
			Matcher matcher = DATA.matcher(message);
			while (matcher.find()) {
				result.add(Integer.valueOf(matcher.group(1)));
			}
		}
		return result;
	}

	private static String text(String message, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(message);
		return matcher.find() ? matcher.group(1) : "0";
	}

	private void inParallel(int count, Task task) throws Exception {
		this.harness.engine();
		List<Callable<Object>> tasks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int number = i;
			tasks.add(() -> task.run(number));
		}
		for (Future<Object> result : this.threads.invokeAll(tasks)) {
			result.get();
		}
	}

	/**
	 * Something done many times.
	 */
	private interface Task {

		Object run(int number) throws Exception;

	}

	/**
	 * Counts what it hears.
	 */
	private static final class Counter implements RealtimeListener {

		private final AtomicInteger connected = new AtomicInteger();

		private final AtomicInteger disconnected = new AtomicInteger();

		private final AtomicInteger joined = new AtomicInteger();

		private final AtomicInteger left = new AtomicInteger();

		private final AtomicInteger occupied = new AtomicInteger();

		private final AtomicInteger vacated = new AtomicInteger();

		@Override
		public void connected(RealtimeSession session) {
			this.connected.incrementAndGet();
		}

		@Override
		public void disconnected(RealtimeSession session, DisconnectReason reason) {
			this.disconnected.incrementAndGet();
		}

		@Override
		public void joined(RealtimeSession session, String room) {
			this.joined.incrementAndGet();
		}

		@Override
		public void left(RealtimeSession session, String room) {
			this.left.incrementAndGet();
		}

		@Override
		public void roomOccupied(String room) {
			this.occupied.incrementAndGet();
		}

		@Override
		public void roomVacated(String room) {
			this.vacated.incrementAndGet();
		}

	}

}
