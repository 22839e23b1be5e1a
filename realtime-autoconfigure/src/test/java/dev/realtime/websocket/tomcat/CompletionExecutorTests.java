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

package dev.realtime.websocket.tomcat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.realtime.websocket.CompletionLoop;
import org.apache.tomcat.util.threads.TaskQueue;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CompletionExecutorTests {

	private final List<Runnable> passed = new ArrayList<>();

	private final List<String> log = new ArrayList<>();

	private final CompletionExecutor executor = new CompletionExecutor(this.passed::add, Completion.class.getName());

	@Test
	void whenOutsideOfAWritePassesThrough() {
		Completion completion = new Completion("a", 0);
		this.executor.execute(completion);
		assertThat(this.passed).containsExactly(completion);
		assertThat(this.log).isEmpty();
	}

	@Test
	void whenInAWriteRunsCompletionsAfterIt() {
		CompletionLoop loop = CompletionLoop.begin();
		this.executor.execute(new Completion("a", 0));
		assertThat(this.log).isEmpty();
		loop.end();
		assertThat(this.log).containsExactly("a");
		assertThat(this.passed).isEmpty();
	}

	@Test
	void whenInAWritePassesOtherTasksThrough() {
		Runnable task = () -> this.log.add("task");
		CompletionLoop loop = CompletionLoop.begin();
		this.executor.execute(task);
		loop.end();
		assertThat(this.passed).containsExactly(task);
		assertThat(this.log).isEmpty();
	}

	@Test
	void whenAnotherThreadIsInAWritePassesThrough() throws InterruptedException {
		CompletionLoop loop = CompletionLoop.begin();
		Thread thread = new Thread(() -> this.executor.execute(new Completion("a", 0)));
		thread.start();
		thread.join();
		loop.end();
		assertThat(this.passed).hasSize(1);
		assertThat(this.log).isEmpty();
	}

	@Test
	void whenACompletionWritesTheStackDoesNotGrow() {
		CompletionLoop loop = CompletionLoop.begin();
		this.executor.execute(new Completion("a", 100_000));
		loop.end();
		assertThat(this.log).hasSize(100_001);
		assertThat(this.passed).isEmpty();
	}

	@Test
	void tellsTheSizesOfTomcatsPool() {
		TaskQueue queue = new TaskQueue();
		org.apache.tomcat.util.threads.ThreadPoolExecutor pool = new org.apache.tomcat.util.threads.ThreadPoolExecutor(
				3, 7, 1, TimeUnit.SECONDS, queue);
		queue.setParent(pool);
		CompletionExecutor wrapper = new CompletionExecutor(pool);
		assertThat(wrapper.getMaxThreads()).isEqualTo(7);
		assertThat(wrapper.getPoolSize()).isEqualTo(3);
		await().until(() -> wrapper.getActiveCount() == 0);
		pool.shutdownNow();
	}

	@Test
	void tellsTheSizesOfOtherExecutors() {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 5, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
		CompletionExecutor wrapper = new CompletionExecutor(pool);
		assertThat(wrapper.getMaxThreads()).isEqualTo(5);
		assertThat(new CompletionExecutor(wrapper).getMaxThreads()).isEqualTo(5);
		assertThat(this.executor.getMaxThreads()).isEqualTo(-1);
		assertThat(this.executor.getPoolSize()).isEqualTo(-1);
		assertThat(this.executor.getActiveCount()).isEqualTo(-1);
		pool.shutdownNow();
	}

	@Test
	void theTypeOfCompletionsIsTheOneOfThisTomcat() {
		assertThat(CompletionExecutor.COMPLETION_TYPE)
			.satisfies((name) -> assertThat(Runnable.class).isAssignableFrom(Class.forName(name)));
	}

	private final class Completion implements Runnable {

		private final String name;

		private final int more;

		private Completion(String name, int more) {
			this.name = name;
			this.more = more;
		}

		@Override
		public void run() {
			CompletionExecutorTests.this.log.add(this.name);
			if (this.more > 0) {
				CompletionLoop loop = CompletionLoop.begin();
				CompletionExecutorTests.this.executor.execute(new Completion(this.name, this.more - 1));
				loop.end();
			}
		}

	}

}
