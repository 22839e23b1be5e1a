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

package dev.realtime.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebSocket that knows nothing of the protocol.
 */
final class RawClient implements WebSocket.Listener, AutoCloseable {

	private static final int SECONDS = 10;

	private static final JsonMapper MAPPER = new JsonMapper();

	private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<Close> closed = new CompletableFuture<>();

	private final AtomicInteger pings = new AtomicInteger();

	private final StringBuilder frame = new StringBuilder();

	private @Nullable WebSocket socket;

	/**
	 * Open a socket.
	 * @param port the port of the server
	 * @param headers names and values of additional headers
	 * @return the client
	 */
	static RawClient open(int port, String... headers) {
		return open(URI.create("ws://127.0.0.1:" + port + "/realtime"), headers);
	}

	/**
	 * Open a socket whose pings are frames of the WebSocket protocol.
	 * @param port the port of the server
	 * @return the client
	 */
	static RawClient openWithNativePings(int port) {
		return open(URI.create("ws://127.0.0.1:" + port + "/realtime?cf_ws_frame_ping_pong=true"));
	}

	private static RawClient open(URI uri, String... headers) {
		RawClient client = new RawClient();
		WebSocket.Builder builder = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.connectTimeout(Duration.ofSeconds(SECONDS));
		for (int i = 0; i < headers.length; i += 2) {
			builder.header(headers[i], headers[i + 1]);
		}
		client.socket = builder.buildAsync(uri, client).join();
		return client;
	}

	/**
	 * Open a socket and connect as a guest.
	 * @param port the port of the server
	 * @return the client
	 */
	static RawClient connect(int port) {
		RawClient client = open(port);
		JsonNode reply = client.ask("{'id':1,'connect':{}}");
		assertThat(reply.path("connect").path("client").asString()).as(reply.toString()).isNotEmpty();
		return client;
	}

	/**
	 * Send one frame of text.
	 * @param text the text, with single quotes for double ones
	 */
	void send(String text) {
		sendRaw(text.replace('\'', '"'));
	}

	void sendRaw(String text) {
		Objects.requireNonNull(this.socket).sendText(text, true).join();
	}

	/**
	 * Send one command and return the next message.
	 * @param command the command, with single quotes for double ones
	 * @return the message
	 */
	JsonNode ask(String command) {
		send(command);
		return next();
	}

	/**
	 * Send one command and return the number of the error that it is answered with.
	 * @param command the command, with single quotes for double ones
	 * @return the number, or 0 if there is no error
	 */
	int error(String command) {
		return ask(command).path("error").path("code").asInt(0);
	}

	JsonNode next() {
		try {
			JsonNode message = this.messages.poll(SECONDS, TimeUnit.SECONDS);
			assertThat(message).as("a message within %d s", SECONDS).isNotNull();
			return message;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return how many native pings came.
	 * @return the number
	 */
	int pings() {
		return this.pings.get();
	}

	/**
	 * Wait until the server has closed the socket.
	 * @return the code and the reason
	 */
	Close closed() {
		return this.closed.orTimeout(SECONDS, TimeUnit.SECONDS).join();
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.frame.append(data);
		if (last) {
			Arrays.stream(this.frame.toString().trim().split("\n")).map(MAPPER::readTree).forEach(this.messages::add);
			this.frame.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
		this.pings.incrementAndGet();
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.closed.complete(new Close(statusCode, reason));
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.closed.completeExceptionally(error);
	}

	@Override
	public void close() {
		Objects.requireNonNull(this.socket).abort();
	}

	/**
	 * How the server closed a socket.
	 *
	 * @param code the close code
	 * @param reason the reason
	 */
	record Close(int code, String reason) {

	}

}
