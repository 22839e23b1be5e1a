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

package dev.realtime.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.task.TaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandlerExecutorConfiguration} and {@link HandlerExecutor}.
 */
class HandlerExecutorConfigurationTests {

	private static final String NAME = HandlerExecutorConfiguration.BEAN_NAME;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@Test
	void usesPlatformThreads() {
		this.runner.run((context) -> {
			Thread thread = threadOf(context.getBean(NAME, HandlerExecutor.class));
			assertThat(thread.getName()).startsWith("realtime-handler-");
			assertThat(thread.isDaemon()).isFalse();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadsAreEnabledUsesThem() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			Thread thread = threadOf(context.getBean(NAME, HandlerExecutor.class));
			assertThat(thread.getName()).startsWith("realtime-handler-");
			assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
		});
	}

	@Test
	void runsManyTasksAtOnceButNotAnyNumber() throws InterruptedException {
		HandlerExecutor executor = HandlerExecutor.ofPlatformThreads();
		CountDownLatch running = new CountDownLatch(HandlerExecutor.THREADS);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < HandlerExecutor.THREADS; i++) {
			executor.execute(() -> {
				running.countDown();
				await(release);
			});
		}
		running.await();
		CompletableFuture<Void> next = CompletableFuture.runAsync(() -> {
		}, executor);
		assertThat(next).isNotDone();
		release.countDown();
		next.join();
		executor.destroy();
	}

	@Test
	void finishesWhatItHasTakenWhenTheContextCloses() {
		CompletableFuture<String> task = new CompletableFuture<>();
		AtomicReference<Executor> executor = new AtomicReference<>();
		this.runner.run((context) -> {
			executor.set(context.getBean(NAME, Executor.class));
			executor.get().execute(() -> task.complete("done"));
		});
		assertThat(task).isCompletedWithValue("done");
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.get().execute(() -> {
		}));
	}

	@Test
	void survivesThatTheContextIsStoppedAndStarted() {
		this.runner.run((context) -> {
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			assertThat(threadOf(context.getBean(NAME, Executor.class))).isNotNull();
		});
	}

	@Test
	void isInjectedNowhereElse() {
		this.runner.withBean(NeedsExecutor.class)
			.run((context) -> assertThat(context.getBean(NeedsExecutor.class).executor).isNull());
	}

	@Test
	void isNoTaskExecutor() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(TaskExecutor.class));
	}

	@Test
	void leavesBootsExecutorAlone() {
		this.runner.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withBean(NeedsExecutor.class)
			.run((context) -> assertThat(context.getBean(NeedsExecutor.class).executor).isNotNull()
				.isSameAs(context.getBean("applicationTaskExecutor")));
	}

	@Test
	void whenTheApplicationHasOneOfThatNameItIsUsed() {
		this.runner.withBean(NAME, Executor.class, () -> Runnable::run)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HandlerExecutor.class));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Thread threadOf(Executor executor) {
		return CompletableFuture.supplyAsync(Thread::currentThread, executor).join();
	}

	static class NeedsExecutor {

		private final Executor executor;

		NeedsExecutor(ObjectProvider<Executor> executor) {
			this.executor = executor.getIfAvailable();
		}

	}

}
