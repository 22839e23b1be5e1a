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

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.realtime.DisconnectReason;

/**
 * A socket that writes into a list and whose writes end when the test says so.
 */
final class RecordingTransport implements Transport {

	private final List<String> frames = new ArrayList<>();

	private final List<DisconnectReason> closed = new ArrayList<>();

	private final Queue<Completion> inFlight = new ArrayDeque<>();

	private final String address;

	private RuntimeException failure;

	private Thread writer;

	private int pings;

	RecordingTransport() {
		this("127.0.0.1");
	}

	RecordingTransport(String address) {
		this.address = address;
	}

	@Override
	public synchronized void send(byte[] frame, Completion completion) {
		if (!this.inFlight.isEmpty()) {
			throw new AssertionError("Two writes at once");
		}
		if (this.failure != null) {
			throw this.failure;
		}
		this.writer = Thread.currentThread();
		this.frames.add(new String(frame, StandardCharsets.UTF_8));
		this.inFlight.add(completion);
	}

	void complete() {
		complete(null);
	}

	void complete(Throwable failure) {
		Completion completion;
		synchronized (this) {
			completion = this.inFlight.remove();
		}
		completion.completed(failure);
	}

	void completeAll() {
		while (isBusy()) {
			complete();
		}
	}

	synchronized void failWith(RuntimeException failure) {
		this.failure = failure;
	}

	synchronized boolean isBusy() {
		return !this.inFlight.isEmpty();
	}

	synchronized List<String> frames() {
		return List.copyOf(this.frames);
	}

	synchronized List<DisconnectReason> closed() {
		return List.copyOf(this.closed);
	}

	synchronized Thread writer() {
		return this.writer;
	}

	synchronized int pings() {
		return this.pings;
	}

	@Override
	public synchronized void ping() {
		this.pings++;
	}

	@Override
	public void suspend() {
	}

	@Override
	public void resume() {
	}

	@Override
	public synchronized void close(DisconnectReason reason) {
		this.closed.add(reason);
	}

	@Override
	public String remoteAddress() {
		return this.address;
	}

}
