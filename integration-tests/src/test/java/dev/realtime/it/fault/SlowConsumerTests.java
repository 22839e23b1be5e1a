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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that never read, among others that do.
 */
@Tag("fault")
class SlowConsumerTests {

	private static final int ROOMS = 10;

	private static final int RECEIVE_BUFFER = 2048;

	private static final int MAX_BYTES_PER_SESSION = 1 << 20;

	@Test
	void stalledClientsDoNotHoldUpOthers() {
		run(300, 12, 8, "--realtime.outbound.send-time-limit=3s", "--fault.send-buffer=65536");
	}

	@Test
	@Tag("long")
	void stalledClientsDoNotHoldUpOthersForMinutes() {
		run(500, 20, 300, "--realtime.outbound.send-time-limit=3s");
	}

	private static void run(int count, int stalledCount, int seconds, String... settings) {
		try (FaultNode node = new FaultNode(settings); Sockets sockets = new Sockets(node.port())) {
			List<FaultClient> stalled = new ArrayList<>();
			List<Reader> readers = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				if (i < stalledCount) {
					stalled.add(stalled(sockets, i));
				}
				else {
					readers.add(new Reader(i % ROOMS));
					sockets.open(readers.get(i - stalledCount), 0).connect("u" + i);
				}
			}
			await().atMost(Duration.ofSeconds(20)).until(() -> readers.stream().allMatch((reader) -> reader.joined));
			AtomicLong mostQueued = new AtomicLong();
			publish(node, seconds * 200, () -> mostQueued.accumulateAndGet(node.engine().queuedBytes(), Math::max));
			int perRoom = seconds * 200 / ROOMS;
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(node.recorder().disconnected()).as("stalled sessions ended").isEqualTo(stalledCount);
				assertThat(node.engine().sessionCount()).as("sessions").isEqualTo(count - stalledCount);
				assertThat(readers).allMatch((reader) -> reader.received == perRoom);
				assertThat(node.engine().queuedBytes()).isZero();
			});
			assertThat(readers).extracting((reader) -> reader.fault).containsOnly("");
			assertThat(node.recorder().reasons()).containsOnly(DisconnectReason.SLOW);
			assertThat(mostQueued).hasPositiveValue()
				.hasValueLessThan((long) stalledCount * MAX_BYTES_PER_SESSION + (4 << 20));
			stalled.forEach(FaultClient::close);
		}
	}

	private static FaultClient stalled(Sockets sockets, int number) {
		FaultClient client = sockets.open(FaultClient.Listener.NONE, RECEIVE_BUFFER).connect("stalled" + number);
		assertThat(client.next().has("connect")).isTrue();
		for (int room = 0; room < ROOMS; room++) {
			assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:" + room + "'}}").has("subscribe")).isTrue();
		}
		client.stall();
		return client;
	}

	/** Publish 200 messages of 1 kB per second, in turn into all rooms. */
	private static void publish(FaultNode node, int count, Runnable each) {
		String text = "x".repeat(1000);
		AtomicInteger published = new AtomicInteger();
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
		try {
			timer.scheduleAtFixedRate(() -> {
				int number = published.getAndIncrement();
				if (number < count) {
					node.operations()
						.publish("chat:" + number % ROOMS,
								Payload.ofJson("{\"n\":" + (number / ROOMS + 1) + ",\"text\":\"" + text + "\"}"));
					each.run();
				}
			}, 0, 5, TimeUnit.MILLISECONDS);
			await().atMost(Duration.ofSeconds(count / 200 + 30L)).until(() -> published.get() > count);
		}
		finally {
			timer.shutdownNow();
		}
	}

	/**
	 * Is in one room and checks that nothing is missing.
	 */
	private static final class Reader implements FaultClient.Listener {

		private final int room;

		private volatile boolean joined;

		private volatile int received;

		private volatile String fault = "";

		private Reader(int room) {
			this.room = room;
		}

		@Override
		public void message(FaultClient client, String message) {
			if (message.contains("\"connect\":")) {
				client.send("{'id':2,'subscribe':{'channel':'chat:" + this.room + "'}}");
			}
			else if (message.contains("\"subscribe\":")) {
				this.joined = true;
			}
			else {
				int expected = this.received + 1;
				this.received = expected;
				if (!message.contains("{\"n\":" + expected + ",") || !message.contains("\"offset\":" + expected + "}")
						&& !message.contains("\"offset\":" + expected + ",")) {
					this.fault = "not " + expected + ": " + message;
				}
			}
		}

	}

}
