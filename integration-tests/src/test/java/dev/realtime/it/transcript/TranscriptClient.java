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

package dev.realtime.it.transcript;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A socket that speaks one codec. What comes is kept in order: messages, how the socket
 * was closed, and what should not have come.
 */
final class TranscriptClient implements WebSocket.Listener, AutoCloseable {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static final JsonMapper MAPPER = new JsonMapper();

	private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

	private final BlockingQueue<Boolean> pings = new LinkedBlockingQueue<>();

	private final StringBuilder text = new StringBuilder();

	private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

	private final Codec codec;

	private volatile boolean closed;

	private @Nullable WebSocket socket;

	private TranscriptClient(Codec codec) {
		this.codec = codec;
	}

	static TranscriptClient open(int port, Codec codec, String query, String subProtocol) {
		TranscriptClient client = new TranscriptClient(codec);
		WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
		if (!subProtocol.isEmpty()) {
			builder.subprotocols(subProtocol);
		}
		URI uri = URI.create("ws://127.0.0.1:" + port + "/realtime" + (query.isEmpty() ? "" : "?" + query));
		client.socket = builder.buildAsync(uri, client).join();
		return client;
	}

	/**
	 * Return the sub-protocol that the server has chosen.
	 * @return the name, empty for none
	 */
	String subProtocol() {
		return socket().getSubprotocol();
	}

	/**
	 * Send commands in one frame.
	 * @param commands the commands, in JSON
	 */
	void send(List<String> commands) {
		if (this.codec == Codec.JSON) {
			sendText(String.join("\n", commands));
			return;
		}
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		commands.forEach((command) -> frame.writeBytes(ProtobufEncoder.command(MAPPER.readTree(command))));
		sendBytes(frame.toByteArray());
	}

	void sendText(String frame) {
		socket().sendText(frame, true).join();
	}

	void sendBytes(byte[] frame) {
		socket().sendBinary(ByteBuffer.wrap(frame), true).join();
	}

	/**
	 * Return what came next.
	 * @param timeout how long to wait for it
	 * @return it, or {@code null} if nothing came
	 */
	@Nullable Object next(Duration timeout) {
		return poll(this.events, timeout);
	}

	/**
	 * Return whether a ping frame of the WebSocket protocol came.
	 * @param timeout how long to wait for it
	 * @return {@code true} if one came
	 */
	boolean pinged(Duration timeout) {
		return poll(this.pings, timeout) != null;
	}

	private static <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
		try {
			return queue.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return whether the server has closed the socket.
	 * @return {@code true} if it has
	 */
	boolean isClosed() {
		return this.closed;
	}

	private WebSocket socket() {
		return Objects.requireNonNull(this.socket);
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			String frame = this.text.toString();
			this.text.setLength(0);
			receive(Codec.JSON, () -> List.of(frame.split("\n")).stream().map(TranscriptClient::message).toList());
		}
		webSocket.request(1);
		return null;
	}

	private static JsonNode message(String line) {
		JsonNode message = MAPPER.readTree(line);
		if (!message.isObject()) {
			throw new IllegalStateException("a line without a message: '" + line + "'");
		}
		return message;
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
		byte[] part = new byte[data.remaining()];
		data.get(part);
		this.binary.writeBytes(part);
		if (last) {
			byte[] frame = this.binary.toByteArray();
			this.binary.reset();
			receive(Codec.PROTOBUF, () -> ProtobufDecoder.frame(frame));
		}
		webSocket.request(1);
		return null;
	}

	private void receive(Codec spoken, Supplier<List<JsonNode>> messages) {
		try {
			if (spoken != this.codec) {
				throw new IllegalStateException("a frame of " + spoken);
			}
			this.events.addAll(messages.get());
		}
		catch (RuntimeException ex) {
			this.events.add(ex);
		}
	}

	@Override
	public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
		this.pings.add(true);
		webSocket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.closed = true;
		this.events.add(statusCode + " " + reason);
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.events.add(error);
	}

	@Override
	public void close() {
		socket().abort();
	}

}
