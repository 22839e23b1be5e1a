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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.sun.management.UnixOperatingSystemMXBean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that come and go, some of them in the middle of coming.
 */
@Tag("fault")
class ChurnTests {

	private static final int AT_ONCE = 50;

	private static final int ROOMS = 40;

	private static final int WARM_UP = 2_000;

	private static final int MEGABYTES = 10;

	private static final int DESCRIPTORS = 5;

	private static final int THREADS = 10;

	@Test
	void fiveThousandClientsLeaveNothingBehind() throws Exception {
		churn(5_000);
	}

	@Test
	@Tag("long")
	void hundredThousandClientsLeaveNothingBehind() throws Exception {
		churn(100_000);
	}

	private static void churn(int count) throws Exception {
		try (FaultNode node = new FaultNode(); Sockets sockets = new Sockets(node.port())) {
			churn(node, sockets, WARM_UP);
			Usage before = Usage.now();
			int connectedBefore = node.recorder().connected();
			churn(node, sockets, count);
			assertThat(node.recorder().connected() - connectedBefore).isGreaterThan(count / 2);
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				Usage after = Usage.now();
				assertThat(after.descriptors).as("descriptors, before %s", before)
					.isLessThanOrEqualTo(before.descriptors + DESCRIPTORS);
				assertThat(after.threads).as("threads, before %s", before)
					.isLessThanOrEqualTo(before.threads + THREADS);
				assertThat(after.megabytes).as("heap, before %s", before)
					.isLessThanOrEqualTo(before.megabytes + MEGABYTES);
			});
		}
	}

	private static void churn(FaultNode node, Sockets sockets, int count) throws Exception {
		Random random = new Random(count);
		Semaphore places = new Semaphore(AT_ONCE);
		for (int i = 0; i < count; i++) {
			assertThat(places.tryAcquire(20, TimeUnit.SECONDS)).as("a client has ended").isTrue();
			Passer passer = new Passer("u" + i % 100, random.nextInt(10), "chat:" + random.nextInt(ROOMS));
			sockets.open(passer).closed().whenComplete((code, failure) -> places.release());
		}
		assertThat(places.tryAcquire(AT_ONCE, 30, TimeUnit.SECONDS)).as("all clients have ended").isTrue();
		node.awaitEmpty(Duration.ofSeconds(20));
		node.recorder().reasons().clear();
		for (int room = 0; room < ROOMS; room++) {
			assertThat(node.operations().members("chat:" + room)).isEmpty();
		}
	}

	/**
	 * What this process has in use.
	 *
	 * @param megabytes the heap after a collection
	 * @param descriptors the open file descriptors
	 * @param threads the live threads
	 */
	private record Usage(long megabytes, long descriptors, int threads) {

		/**
		 * Those that run the application's code come when they are needed and stay a
		 * minute.
		 */
		private static int liveThreads() {
			return (int) Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> !thread.getName().startsWith("realtime-handler-"))
				.count();
		}

		private static Usage now() {
			System.gc();
			UnixOperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
			return new Usage(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
					system.getOpenFileDescriptorCount(), liveThreads());
		}

	}

	/**
	 * Connects, joins, leaves and closes; one in ten is gone after the handshake, one in
	 * ten closes at once.
	 */
	private static final class Passer implements FaultClient.Listener {

		private final String user;

		private final int kind;

		private final String room;

		private Passer(String user, int kind, String room) {
			this.user = user;
			this.kind = kind;
			this.room = room;
		}

		@Override
		public void opened(FaultClient client) {
			if (this.kind == 0) {
				client.reset();
				return;
			}
			client.connect(this.user);
			if (this.kind == 1) {
				client.send("{'id':2,'subscribe':{'channel':'" + this.room + "'}}");
				client.closeFrame();
			}
		}

		@Override
		public void message(FaultClient client, String message) {
			if (this.kind == 1) {
				return;
			}
			if (message.startsWith("{\"id\":1,")) {
				client.send("{'id':2,'subscribe':{'channel':'" + this.room + "'}}");
			}
			else if (message.startsWith("{\"id\":2,")) {
				// Every other one is still in the room when it goes
				client.send((this.kind % 2 == 0) ? "{'id':3,'unsubscribe':{'channel':'" + this.room + "'}}"
						: "{'id':3,'publish':{'channel':'" + this.room + "','data':1}}");
			}
			else if (message.startsWith("{\"id\":3,")) {
				switch (this.kind) {
					case 2, 3 -> client.close();
					case 4, 5 -> client.finish();
					default -> client.closeFrame();
				}
			}
		}

	}

}
