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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.realtime.test.RealtimeEvent.Disconnected;
import dev.realtime.test.RealtimeReply.Question;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said over one connection. Thread-safe.
 */
final class Conversation implements Connector.Receiver {

	private static final String PING = "{}";

	private final Recorder recorder;

	private final Map<Long, Pending> pending = new HashMap<>();

	private final CompletableFuture<Connector.Connection> connection = new CompletableFuture<>();

	private long lastId;

	private @Nullable Disconnected end;

	Conversation(Recorder recorder) {
		this.recorder = recorder;
	}

	void open(Connector connector, Connector.Handshake handshake, Duration timeout) {
		this.connection.complete(connector.open(handshake, timeout, this));
	}

	/**
	 * Send a command and wait for its reply.
	 * @param question what it is
	 * @param request its body
	 * @param onSuccess gets the result, before anything that comes after it
	 * @param timeout how long to wait at most
	 * @return the reply
	 * @throws RealtimeTestException if there is none in time
	 */
	RealtimeReply ask(Question question, JsonNode request, Consumer<JsonNode> onSuccess, Duration timeout) {
		CompletableFuture<RealtimeReply> future = ask(question, request, onSuccess);
		try {
			return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			throw noReply(question, timeout, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw noReply(question, timeout, ex);
		}
	}

	private RealtimeTestException noReply(Question question, Duration timeout, Exception cause) {
		String message = "No reply to %s %s within %d ms. Received:%s".formatted(question.method(), question.room(),
				timeout.toMillis(), this.recorder.received());
		return new RealtimeTestException(0, message, cause);
	}

	private CompletableFuture<RealtimeReply> ask(Question question, JsonNode request, Consumer<JsonNode> onSuccess) {
		CompletableFuture<RealtimeReply> future = new CompletableFuture<>();
		ObjectNode command = Wire.object();
		synchronized (this) {
			if (this.end != null) {
				future.complete(RealtimeReply.disconnected(question, this.end.code(), this.end.reason()));
				return future;
			}
			long id = ++this.lastId;
			command.put("id", id).set(question.method(), request);
			this.pending.put(id, new Pending(question, onSuccess, future));
		}
		this.connection.join().send(command.toString());
		return future;
	}

	/**
	 * Send a command that has no reply.
	 */
	void tell(String method, JsonNode request) {
		ObjectNode command = Wire.object();
		command.set(method, request);
		this.connection.join().send(command.toString());
	}

	void close() {
		this.connection.thenAccept(Connector.Connection::close);
	}

	void abort() {
		this.connection.thenAccept(Connector.Connection::abort);
	}

	synchronized boolean isClosed() {
		return this.end != null;
	}

	@Override
	public void frame(String frame) {
		for (String line : frame.strip().split("\n")) {
			if (line.strip().equals(PING)) {
				this.connection.thenAccept((connection) -> connection.send(PING));
			}
			else {
				message(Wire.parse(line));
			}
		}
	}

	private void message(JsonNode message) {
		if (message.has("push")) {
			this.recorder.push(message.path("push"));
			return;
		}
		Pending pending = remove(message.path("id").asLong(0));
		if (pending != null) {
			RealtimeReply reply = RealtimeReply.of(pending.question, message);
			if (reply.isSuccess()) {
				pending.onSuccess.accept(reply.result());
			}
			pending.future.complete(reply);
		}
	}

	private synchronized @Nullable Pending remove(long id) {
		return this.pending.remove(id);
	}

	@Override
	public void closed(int code, String reason) {
		Map<Long, Pending> unanswered;
		synchronized (this) {
			if (this.end != null) {
				return;
			}
			this.end = new Disconnected(code, reason);
			unanswered = new HashMap<>(this.pending);
			this.pending.clear();
		}
		this.recorder.disconnected(code, reason);
		unanswered.values()
			.forEach((waiting) -> waiting.future.complete(RealtimeReply.disconnected(waiting.question, code, reason)));
	}

	/**
	 * A command that waits for its reply.
	 */
	private record Pending(Question question, Consumer<JsonNode> onSuccess, CompletableFuture<RealtimeReply> future) {

	}

}
