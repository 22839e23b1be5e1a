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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link SerialExecutor}.
 */
@Timeout(60)
class SerialExecutorTests {

	private final Queue<Runnable> submitted = new ArrayDeque<>();

	private final SerialExecutor executor = new SerialExecutor(this.submitted::add);

	private final List<String> ran = new ArrayList<>();

	@Test
	void runsTasksInOrderAsOneTask() {
		add("a");
		add("b");
		assertThat(this.submitted).hasSize(1);
		assertThat(this.ran).isEmpty();
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("a", "b");
		assertThat(this.submitted).isEmpty();
	}

	@Test
	void whenDoneLaterTasksRun() {
		add("a");
		this.submitted.remove().run();
		add("b");
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("a", "b");
	}

	@Test
	void whenTaskAddsATaskItRunsAfterTheOthers() {
		this.executor.execute(() -> add("c"));
		add("b");
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("b", "c");
		assertThat(this.submitted).isEmpty();
	}

	@Test
	void whenTaskFailsTheOthersRun() {
		this.executor.execute(() -> {
			throw new IllegalStateException("expected");
		});
		this.executor.execute(() -> {
			throw new StackOverflowError("expected");
		});
		add("a");
		this.submitted.remove().run();
		assertThat(this.ran).containsExactly("a");
	}

	@Test
	void whenOneTaskIsRejectedLaterTasksRun() {
		AtomicBoolean full = new AtomicBoolean(true);
		SerialExecutor bounded = new SerialExecutor((task) -> {
			if (full.get()) {
				throw new RejectedExecutionException("full");
			}
			task.run();
		});
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> bounded.execute(() -> this.ran.add("a")));
		full.set(false);
		bounded.execute(() -> this.ran.add("b"));
		assertThat(this.ran).contains("b");
	}

	@Test
	void whenManyThreadsAddTasksOneRunsAtATime() {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		try {
			SerialExecutor serial = new SerialExecutor(pool);
			AtomicInteger running = new AtomicInteger();
			AtomicInteger done = new AtomicInteger();
			AtomicBoolean overlapping = new AtomicBoolean();
			int[] last = { -1, -1, -1, -1 };
			AtomicBoolean reordered = new AtomicBoolean();
			List<CompletableFuture<Void>> workers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				int worker = i;
				workers.add(CompletableFuture.runAsync(() -> {
					for (int j = 0; j < 20_000; j++) {
						int number = j;
						serial.execute(() -> {
							overlapping.compareAndSet(false, running.incrementAndGet() > 1);
							reordered.compareAndSet(false, last[worker] != number - 1);
							last[worker] = number;
							running.decrementAndGet();
							done.incrementAndGet();
						});
					}
				}));
			}
			CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).join();
			await().until(() -> done.get() == 80_000);
			assertThat(overlapping).isFalse();
			assertThat(reordered).isFalse();
		}
		finally {
			pool.shutdownNow();
		}
	}

	private void add(String name) {
		this.executor.execute(() -> this.ran.add(name));
	}

}
