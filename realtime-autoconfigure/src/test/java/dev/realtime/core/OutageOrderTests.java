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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with publishers that publish all the time and in all ways while the broker comes
 * and goes: everything that was accepted comes out once, in the order of the calls, and
 * nothing that was refused or rolled back.
 */
@Tag("fault")
class OutageOrderTests {

	private static final int PUBLISHERS = 4;

	private static final int CALLS = 80;

	private static final List<String> ROOMS = List.of("resync:a", "resync:b", "resync:c");

	static LongStream seeds() {
		return LongStream.range(0, 24);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void whatWasAcceptedComesOutOnceAndInOrder(long seed) throws Exception {
		TransactionMode mode = (seed % 4 != 3) ? TransactionMode.OUTBOX : TransactionMode.BEFORE_COMMIT;
		try (OutageFixture fixture = new OutageFixture().start(mode, OutagePolicy.SPILL)) {
			List<Publisher> publishers = publish(fixture, seed);
			fixture.up();
			for (String room : ROOMS) {
				OutageFixture.eventually()
					.until(() -> fixture.operations.publish(room, -1) instanceof PublishResult.Published);
			}
			OutageFixture.eventually().untilAsserted(() -> assertThat(fixture.rows()).isZero());
			for (String room : ROOMS) {
				List<Integer> history = fixture.history(room).stream().filter((number) -> number >= 0).toList();
				assertThat(history).as(room).doesNotHaveDuplicates();
				publishers.forEach((publisher) -> publisher.check(room, history));
			}
		}
	}

	private static List<Publisher> publish(OutageFixture fixture, long seed) throws Exception {
		List<Publisher> publishers = new ArrayList<>();
		ExecutorService executor = Executors.newFixedThreadPool(PUBLISHERS);
		ScheduledExecutorService flapper = Executors.newSingleThreadScheduledExecutor();
		try {
			flap(flapper, fixture.relay, new Random(seed));
			for (int i = 0; i < PUBLISHERS; i++) {
				publishers.add(new Publisher(fixture, i, new Random(seed * 31 + i)));
			}
			for (Future<Void> done : executor.invokeAll(publishers)) {
				done.get();
			}
		}
		finally {
			flapper.shutdownNow();
			flapper.awaitTermination(5, TimeUnit.SECONDS);
			executor.shutdownNow();
		}
		return publishers;
	}

	private static void flap(ScheduledExecutorService executor, SwitchedRelay relay, Random random) {
		relay.failing = random.nextInt(5) == 0;
		relay.doubtful = random.nextInt(5) == 0;
		relay.state = (random.nextInt(3) == 0) ? RelayState.DOWN : RelayState.LIVE;
		int micros = 500 + random.nextInt((random.nextInt(4) == 0) ? 150_000 : 10_000);
		executor.schedule(() -> flap(executor, relay, random), micros, TimeUnit.MICROSECONDS);
	}

	/**
	 * Publishes in all ways and remembers what became of it.
	 */
	private static final class Publisher implements Callable<Void> {

		private final Map<String, List<Integer>> accepted = new HashMap<>();

		private final List<Integer> refused = new ArrayList<>();

		private final OutageFixture fixture;

		private final int first;

		private final Random random;

		private int next;

		Publisher(OutageFixture fixture, int index, Random random) {
			this.fixture = fixture;
			this.first = index * 100_000;
			this.next = this.first;
			this.random = random;
			ROOMS.forEach((room) -> this.accepted.put(room, new ArrayList<>()));
		}

		@Override
		public Void call() {
			for (int i = 0; i < CALLS; i++) {
				String room = ROOMS.get(this.random.nextInt(ROOMS.size()));
				switch (this.random.nextInt(5)) {
					case 0 -> publish(room, OutagePolicy.SPILL);
					case 1 -> publish(room, OutagePolicy.FAIL);
					case 2 -> publishAtOnce(room);
					default -> publishInTransaction(room);
				}
			}
			return null;
		}

		private void publish(String room, OutagePolicy policy) {
			int number = this.next++;
			try {
				this.fixture.operations.publish(room, number, PublishOptions.NONE.outagePolicy(policy));
				this.accepted.get(room).add(number);
			}
			catch (RelayUnavailableException ex) {
				assertThat(policy).isEqualTo(OutagePolicy.FAIL);
				refused(number, ex);
			}
		}

		/** What nobody has confirmed may come out. */
		private void refused(int number, RelayUnavailableException failure) {
			if (!String.valueOf(failure.getMessage()).contains("no answer")) {
				this.refused.add(number);
			}
		}

		private void publishAtOnce(String room) {
			List<CompletableFuture<PublishResult>> results = new ArrayList<>();
			for (int i = this.random.nextInt(8); i >= 0; i--) {
				this.accepted.get(room).add(this.next);
				results.add(this.fixture.operations.publishAsync(room, this.next++, PublishOptions.NONE)
					.toCompletableFuture());
			}
			results.forEach(CompletableFuture::join);
		}

		private void publishInTransaction(String room) {
			int from = this.next;
			this.next += 1 + this.random.nextInt(3);
			boolean undone = this.random.nextInt(4) == 0;
			this.fixture.transaction.executeWithoutResult((status) -> {
				for (int number = from; number < this.next; number++) {
					this.fixture.operations.publish(room, number);
				}
				if (undone) {
					status.setRollbackOnly();
				}
			});
			for (int number = from; number < this.next; number++) {
				(undone ? this.refused : this.accepted.get(room)).add(number);
			}
		}

		void check(String room, List<Integer> history) {
			List<Integer> mine = history.stream()
				.filter((number) -> number >= this.first && number < this.first + 100_000)
				.toList();
			assertThat(mine).as(room)
				.isSorted()
				.containsAll(this.accepted.get(room))
				.doesNotContainAnyElementsOf(this.refused);
		}

	}

}
