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

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.core.EngineHarness.TestSession;
import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.ThreadIdGen;
import org.jetbrains.kotlinx.lincheck.strategy.stress.StressOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that joining, leaving and looking who is there are linearizable: every outcome
 * with many threads is one that a plain set could have had. Lincheck makes up the
 * scenarios.
 */
@Tag("fault")
class MembershipLinearizabilityTests {

	private static final EngineHarness HARNESS = new EngineHarness();

	@AfterAll
	static void stop() {
		HARNESS.close();
	}

	@Test
	void roomBehavesLikeASet() {
		StressOptions options = new StressOptions().threads(3)
			.actorsPerThread(4)
			.iterations(30)
			.invocationsPerIteration(1_000)
			.sequentialSpecification(PlainSet.class);
		LinChecker.check(Room.class, options);
		Room.disconnect();
		await().untilAsserted(() -> assertThat(HARNESS.engine().roomCount()).isZero());
	}

	/**
	 * A room of the engine with one client for each thread.
	 */
	public static final class Room {

		private static final AtomicInteger NUMBERS = new AtomicInteger();

		private static final TestSession[] CLIENTS = new TestSession[8];

		private final String name = "chat:set-" + NUMBERS.incrementAndGet();

		private static final String[] PLACES = new String[CLIENTS.length];

		/** Return the thread's client, which has left the room of the scenario before. */
		private TestSession client(int thread) {
			synchronized (CLIENTS) {
				if (CLIENTS[thread] == null) {
					CLIENTS[thread] = HARNESS.connect();
				}
				TestSession client = CLIENTS[thread];
				String place = PLACES[thread];
				if (!this.name.equals(place)) {
					PLACES[thread] = this.name;
					if (place != null) {
						reply(client, client.unsubscribe(place));
					}
				}
				return client;
			}
		}

		@Operation
		public boolean join(@Param(gen = ThreadIdGen.class) int thread) {
			TestSession client = client(thread);
			return !reply(client, client.subscribe(this.name)).contains("\"code\":105");
		}

		@Operation
		public void leave(@Param(gen = ThreadIdGen.class) int thread) {
			TestSession client = client(thread);
			reply(client, client.unsubscribe(this.name));
		}

		@Operation
		public int count() {
			return HARNESS.engine().operations().members(this.name).size();
		}

		static void disconnect() {
			synchronized (CLIENTS) {
				for (TestSession client : CLIENTS) {
					if (client != null) {
						client.close();
					}
				}
			}
		}

		private static String reply(TestSession session, int id) {
			String start = "{\"id\":" + id + ",";
			long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
			while (System.nanoTime() < deadline) {
				for (String message : session.transport.take()) {
					if (message.startsWith(start)) {
						return message;
					}
				}
				Thread.onSpinWait();
			}
			throw new IllegalStateException("No reply to " + id);
		}

	}

	/**
	 * What a room is to look like.
	 */
	public static final class PlainSet {

		private final Set<Integer> members = new HashSet<>();

		public boolean join(int thread) {
			return this.members.add(thread);
		}

		public void leave(int thread) {
			this.members.remove(thread);
		}

		public int count() {
			return this.members.size();
		}

	}

}
