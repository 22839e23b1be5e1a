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

package dev.realtime.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A server that says what it is told to.
 */
final class ScriptedServer implements Connector, Connector.Connection {

	private final List<String> frames = new CopyOnWriteArrayList<>();

	private final UnaryOperator<String> script;

	private Receiver receiver;

	/**
	 * Create the server.
	 * @param script answers the frames of the client; with null it says nothing
	 */
	ScriptedServer(UnaryOperator<String> script) {
		this.script = script;
	}

	RealtimeTestClientBuilder client() {
		return new RealtimeTestClientBuilder(this).timeout(Duration.ofMillis(200)).quietTime(Duration.ZERO);
	}

	@Override
	public Connection open(Handshake handshake, Duration timeout, Receiver receiver) {
		this.receiver = receiver;
		return this;
	}

	@Override
	public void send(String frame) {
		this.frames.add(frame);
		say(frame.contains("\"connect\"") ? "{'id':1,'connect':{'client':'c1'}}" : this.script.apply(frame));
	}

	void say(String frame) {
		if (frame != null) {
			this.receiver.frame(frame.replace('\'', '"'));
		}
	}

	List<String> frames() {
		return this.frames;
	}

	@Override
	public void close() {
		this.receiver.closed(1000, "");
	}

	@Override
	public void abort() {
		this.receiver.closed(1006, "lost");
	}

}
