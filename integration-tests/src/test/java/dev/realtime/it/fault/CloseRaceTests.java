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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sessions that are ended in all ways while many threads write to them.
 */
@Tag("fault")
@ExtendWith(OutputCaptureExtension.class)
class CloseRaceTests {

	private static final int THREADS = 16;

	private static final int ROOMS = 4;

	private static final int AT_ONCE = 64;

	private static final int WAYS = 8;

	@Test
	void sessionsEndOnceHoweverTheyAreClosed(CapturedOutput output) throws Exception {
		race(1_600, output);
	}

	@Test
	@Tag("long")
	void elevenThousandSessionsEndOnceHoweverTheyAreClosed(CapturedOutput output) throws Exception {
		race(11_000, output);
	}

	private static void race(int count, CapturedOutput output) throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (FaultNode node = new FaultNode("--realtime.session.connect-timeout=5s");
				Sockets sockets = new Sockets(node.port())) {
			List<Future<?>> writers = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int number = i;
				writers.add(threads.submit(() -> write(node, number, running)));
			}
			Semaphore places = new Semaphore(AT_ONCE);
			Random random = new Random(3);
			for (int i = 0; i < count; i++) {
				assertThat(places.tryAcquire(20, TimeUnit.SECONDS)).as("a session has ended").isTrue();
				Victim victim = new Victim(node, i, random.nextInt(WAYS), random.nextInt(20));
				sockets.open(victim).closed().whenComplete((code, failure) -> places.release());
			}
			assertThat(places.tryAcquire(AT_ONCE, 30, TimeUnit.SECONDS)).as("all sessions have ended").isTrue();
			await().atMost(Duration.ofSeconds(20)).until(() -> node.engine().sessionCount() == 0);
			running.set(false);
			for (Future<?> writer : writers) {
				writer.get(10, TimeUnit.SECONDS);
			}
			assertThat(ManagementFactory.getThreadMXBean().findDeadlockedThreads()).isNull();
			node.awaitEmpty(Duration.ofSeconds(20));
			assertThat(node.recorder().connected()).isGreaterThan(count / 2);
			assertThat(new HashSet<>(node.recorder().reasons())).contains(DisconnectReason.CLOSED,
					DisconnectReason.BAD_REQUEST, DisconnectReason.FORCE_DISCONNECT);
		}
		finally {
			running.set(false);
			threads.shutdownNow();
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains(" ERROR ") || line.contains(" WARN ")))
			.isEmpty();
	}

	private static void write(FaultNode node, int number, AtomicBoolean running) {
		Random random = new Random(number);
		Payload payload = Payload.ofJson("\"" + "x".repeat(200) + "\"");
		while (running.get()) {
			if (random.nextInt(4) == 0) {
				node.operations().sendToUser("u" + random.nextInt(AT_ONCE), payload);
			}
			else {
				node.operations().publish("chat:" + random.nextInt(ROOMS), payload);
			}
			LockSupport.parkNanos(2_000_000);
		}
	}

	/**
	 * Joins rooms and is ended in its way after so many messages.
	 */
	private static final class Victim implements FaultClient.Listener {

		private final FaultNode node;

		private final String user;

		private final int way;

		private int patience;

		private Victim(FaultNode node, int number, int way, int patience) {
			this.node = node;
			this.user = "u" + number % AT_ONCE;
			this.way = way;
			this.patience = patience;
		}

		@Override
		public void opened(FaultClient client) {
			StringBuilder frame = new StringBuilder("{'id':1,'connect':{'token':'" + this.user + "'}}");
			for (int room = 0; room < ROOMS; room++) {
				frame.append("\n{'id':").append(room + 2).append(",'subscribe':{'channel':'chat:");
				frame.append(room).append("'}}");
			}
			client.send(frame.toString());
		}

		@Override
		public void message(FaultClient client, String message) {
			if (this.patience-- != 0) {
				return;
			}
			switch (this.way) {
				case 0 -> client.closeFrame();
				case 1 -> client.finish();
				case 2 -> client.reset();
				case 3 -> client.close();
				case 4 -> this.node.operations().disconnect(this.user, DisconnectReason.FORCE_DISCONNECT);
				case 5 -> client.send("this is not a command");
				case 6 -> client.send(3, new byte[4]);
				default -> {
					// All at once, and what follows a close frame as well
					this.node.operations().disconnect(this.user, DisconnectReason.FORCE_DISCONNECT);
					client.closeFrame();
					client.send("{'id':99,'publish':{'channel':'chat:0','data':1}}");
					if (ThreadLocalRandom.current().nextBoolean()) {
						client.reset();
					}
				}
			}
		}

	}

}
