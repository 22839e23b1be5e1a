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

import java.util.concurrent.Executor;
import java.util.function.ToIntFunction;

import dev.realtime.websocket.CompletionLoop;
import org.apache.tomcat.util.threads.ResizableExecutor;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * A connector's executor, but for one thing. Tomcat hands over the completion of every
 * write, even if all bytes were written at once, which costs a third of the throughput.
 * Those of a thread that is in one of our writes are run by that thread, after the write;
 * all else passes through.
 */
final class CompletionExecutor implements ResizableExecutor {

	/** What Tomcat submits when a write has ended. */
	static final String COMPLETION_TYPE = "org.apache.tomcat.websocket.server.WsRemoteEndpointImplServer$OnResultRunnable";

	/** As Tomcat itself has it, for virtual threads for example. */
	private static final int UNKNOWN = -1;

	private final Executor executor;

	private final String completionType;

	private volatile @Nullable Class<?> knownCompletion;

	CompletionExecutor(Executor executor) {
		this(executor, COMPLETION_TYPE);
	}

	CompletionExecutor(Executor executor, String completionType) {
		this.executor = executor;
		this.completionType = completionType;
	}

	@Override
	public void execute(Runnable task) {
		if (!isCompletion(task) || !CompletionLoop.defer(task)) {
			this.executor.execute(task);
		}
	}

	private boolean isCompletion(Runnable task) {
		Class<?> type = task.getClass();
		if (type != this.knownCompletion && this.completionType.equals(type.getName())) {
			this.knownCompletion = type;
		}
		return type == this.knownCompletion;
	}

	@Override
	public int getPoolSize() {
		return ask(ThreadPoolExecutor::getPoolSize, java.util.concurrent.ThreadPoolExecutor::getPoolSize,
				ResizableExecutor::getPoolSize);
	}

	@Override
	public int getMaxThreads() {
		return ask(ThreadPoolExecutor::getMaximumPoolSize, java.util.concurrent.ThreadPoolExecutor::getMaximumPoolSize,
				ResizableExecutor::getMaxThreads);
	}

	@Override
	public int getActiveCount() {
		return ask(ThreadPoolExecutor::getActiveCount, java.util.concurrent.ThreadPoolExecutor::getActiveCount,
				ResizableExecutor::getActiveCount);
	}

	private int ask(ToIntFunction<ThreadPoolExecutor> tomcat,
			ToIntFunction<java.util.concurrent.ThreadPoolExecutor> jdk, ToIntFunction<ResizableExecutor> other) {
		if (this.executor instanceof ThreadPoolExecutor pool) {
			return tomcat.applyAsInt(pool);
		}
		if (this.executor instanceof java.util.concurrent.ThreadPoolExecutor pool) {
			return jdk.applyAsInt(pool);
		}
		return (this.executor instanceof ResizableExecutor pool) ? other.applyAsInt(pool) : UNKNOWN;
	}

	@Override
	public boolean resizePool(int corePoolSize, int maximumPoolSize) {
		return this.executor instanceof ResizableExecutor pool && pool.resizePool(corePoolSize, maximumPoolSize);
	}

	@Override
	public boolean resizeQueue(int capacity) {
		return this.executor instanceof ResizableExecutor pool && pool.resizeQueue(capacity);
	}

}
