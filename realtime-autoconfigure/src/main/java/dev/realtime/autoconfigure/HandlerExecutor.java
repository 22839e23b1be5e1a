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

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that run the application's code. Takes tasks until it is destroyed, also
 * while the context closes: that sessions are closed then is something listeners are
 * told. No {@code TaskExecutor}, or {@code @EnableAsync} might take it.
 */
final class HandlerExecutor implements Executor, DisposableBean {

	static final int THREADS = 200;

	private static final String THREAD_NAME_PREFIX = "realtime-handler-";

	private static final Duration IDLE = Duration.ofMinutes(1);

	private static final Duration TERMINATION = Duration.ofSeconds(10);

	private final Executor threads;

	private final Runnable shutdown;

	private HandlerExecutor(Executor threads, Runnable shutdown) {
		this.threads = threads;
		this.shutdown = shutdown;
	}

	/**
	 * Return an executor of platform threads, which are created when they are needed.
	 * @return the executor
	 */
	static HandlerExecutor ofPlatformThreads() {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, IDLE.toSeconds(), TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), new CustomizableThreadFactory(THREAD_NAME_PREFIX));
		pool.allowCoreThreadTimeOut(true);
		return new HandlerExecutor(pool, () -> shutDown(pool));
	}

	private static void shutDown(ExecutorService pool) {
		pool.shutdown();
		try {
			if (!pool.awaitTermination(TERMINATION.toSeconds(), TimeUnit.SECONDS)) {
				pool.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			pool.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return an executor of virtual threads.
	 * @return the executor
	 */
	static HandlerExecutor ofVirtualThreads() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(THREAD_NAME_PREFIX);
		executor.setVirtualThreads(true);
		executor.setTaskTerminationTimeout(TERMINATION.toMillis());
		return new HandlerExecutor(executor, executor::close);
	}

	@Override
	public void execute(Runnable task) {
		this.threads.execute(task);
	}

	@Override
	public void destroy() {
		this.shutdown.run();
	}

}
