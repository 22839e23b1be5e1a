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

package dev.realtime.websocket;

import java.util.ArrayDeque;

import dev.realtime.session.Transport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs the completions of this thread's writes after the write, never inside it. A
 * completion usually writes again; if it ran inside the write that it completes, the
 * stack would grow with every message that is queued. So the outermost write of a thread
 * runs what has gathered, one after the other, including what those writes add.
 * <p>
 * There is one loop per thread, which needs no lock.
 *
 * @since 0.1.0
 */
public final class CompletionLoop {

	private static final Log logger = LogFactory.getLog(CompletionLoop.class);

	private static final ThreadLocal<CompletionLoop> LOOPS = ThreadLocal.withInitial(CompletionLoop::new);

	private final ArrayDeque<Runnable> completions = new ArrayDeque<>(2);

	private int writes;

	private boolean running;

	private CompletionLoop() {
	}

	/**
	 * Begin a write on this thread.
	 * @return the loop, whose {@link #end()} must be called when the write has returned
	 * or thrown
	 */
	public static CompletionLoop begin() {
		CompletionLoop loop = LOOPS.get();
		loop.writes++;
		return loop;
	}

	/**
	 * End a write. The outermost one runs the completions.
	 */
	public void end() {
		this.writes--;
		if (this.writes == 0 && !this.running && !this.completions.isEmpty()) {
			run();
		}
	}

	private void run() {
		this.running = true;
		Runnable completion = this.completions.poll();
		while (completion != null) {
			try {
				completion.run();
			}
			catch (Throwable ex) {
				logger.error("The completion of a write failed", ex);
			}
			completion = this.completions.poll();
		}
		this.running = false;
	}

	/**
	 * Let a task run after the write that this thread is in.
	 * @param completion the task
	 * @return {@code false} if this thread is not in a write: the task was not taken
	 */
	public static boolean defer(Runnable completion) {
		CompletionLoop loop = LOOPS.get();
		if (loop.writes == 0) {
			return false;
		}
		loop.completions.add(completion);
		return true;
	}

	/**
	 * Complete a write: at once, or after the write that this thread is in.
	 * @param completion is told
	 * @param failure why the write failed, or {@code null}
	 */
	public static void complete(Transport.Completion completion, @Nullable Throwable failure) {
		CompletionLoop loop = LOOPS.get();
		if (loop.writes == 0) {
			completion.completed(failure);
		}
		else {
			loop.completions.add(() -> completion.completed(failure));
		}
	}

}
