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

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.realtime.DisconnectReason;
import dev.realtime.session.Transport;

/**
 * A socket that writes into a list. Writes end at once, as they do on a fast network, or
 * when the test says so.
 */
final class FakeTransport implements Transport {

	private static final ThreadLocal<Queue<Runnable>> COMPLETIONS = new ThreadLocal<>();

	private final List<String> frames = new ArrayList<>();

	private final Queue<Completion> held = new ArrayDeque<>();

	private volatile DisconnectReason closed;

	private volatile boolean suspended;

	private volatile Runnable beforeSending;

	private volatile boolean waiting;

	private boolean holding;

	private boolean failing;

	private boolean writing;

	@Override
	public void send(byte[] frame, Completion completion) {
		Runnable action = this.beforeSending;
		if (action != null) {
			this.beforeSending = null;
			this.waiting = true;
			action.run();
		}
		synchronized (this) {
			if (this.writing) {
				throw new AssertionError("Two writes at once");
			}
			if (this.failing) {
				throw new IllegalStateException("closed");
			}
			this.frames.add(new String(frame, StandardCharsets.UTF_8));
			this.writing = true;
			if (this.holding) {
				this.held.add(completion);
				return;
			}
		}
		complete(completion);
	}

	/** Like a server's own threads: after the outermost send has returned. */
	private void complete(Completion completion) {
		Queue<Runnable> outer = COMPLETIONS.get();
		if (outer != null) {
			outer.add(() -> end(completion));
			return;
		}
		Queue<Runnable> queue = new ArrayDeque<>();
		queue.add(() -> end(completion));
		COMPLETIONS.set(queue);
		try {
			for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
				next.run();
			}
		}
		finally {
			COMPLETIONS.remove();
		}
	}

	private void end(Completion completion) {
		synchronized (this) {
			this.writing = false;
		}
		completion.completed(null);
	}

	synchronized void hold() {
		this.holding = true;
	}

	synchronized void fail() {
		this.failing = true;
	}

	void releaseOne() {
		Completion completion;
		synchronized (this) {
			completion = this.held.remove();
		}
		end(completion);
	}

	void releaseAll() {
		synchronized (this) {
			this.holding = false;
		}
		Completion completion = poll();
		while (completion != null) {
			end(completion);
			completion = poll();
		}
	}

	private synchronized Completion poll() {
		return this.held.poll();
	}

	/** Do something before the next frame is written. */
	void whenSending(Runnable action) {
		this.beforeSending = action;
	}

	boolean isWaiting() {
		return this.waiting;
	}

	synchronized List<String> frames() {
		return List.copyOf(this.frames);
	}

	/** Return and forget the messages of all frames. */
	synchronized List<String> take() {
		List<String> messages = messages();
		this.frames.clear();
		return messages;
	}

	/** Return the messages of all frames. */
	List<String> messages() {
		List<String> messages = new ArrayList<>();
		frames().forEach((frame) -> messages.addAll(List.of(frame.split("\n"))));
		return messages;
	}

	DisconnectReason closed() {
		return this.closed;
	}

	@Override
	public void ping() {
	}

	@Override
	public void suspend() {
		this.suspended = true;
	}

	@Override
	public void resume() {
		this.suspended = false;
	}

	boolean isSuspended() {
		return this.suspended;
	}

	@Override
	public void close(DisconnectReason reason) {
		this.closed = reason;
	}

	@Override
	public String remoteAddress() {
		return "127.0.0.1";
	}

}
