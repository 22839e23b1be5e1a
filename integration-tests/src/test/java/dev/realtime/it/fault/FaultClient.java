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

package dev.realtime.it.fault;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebSocket that can be ended in every way there is. It answers pings unless it is told
 * to be silent.
 */
final class FaultClient implements AutoCloseable {

	/** What {@link #closed()} tells of a socket that ended without a close frame. */
	static final int ABNORMAL = 1006;

	private static final int SECONDS = 20;

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final byte[] HANDSHAKE = """
			GET /realtime HTTP/1.1\r
			Host: 127.0.0.1\r
			Upgrade: websocket\r
			Connection: Upgrade\r
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
			Sec-WebSocket-Version: 13\r
			\r
			""".getBytes(StandardCharsets.ISO_8859_1);

	private static final int CONTINUATION = 0;

	private static final int TEXT = 1;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private static final int PONG = 10;

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<FaultClient> opened = new CompletableFuture<>();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final Queue<ByteBuffer> unsent = new ArrayDeque<>();

	private final Sockets sockets;

	private final SocketChannel channel;

	private final Listener listener;

	private @Nullable SelectionKey key;

	private byte[] buffer = new byte[512];

	private int length;

	private byte[] message = new byte[0];

	private boolean silent;

	private boolean upgraded;

	FaultClient(Sockets sockets, SocketChannel channel, Listener listener) {
		this.sockets = sockets;
		this.channel = channel;
		this.listener = listener;
	}

	/**
	 * Send one frame of text.
	 * @param text the text, with single quotes for double ones
	 */
	void send(String text) {
		send(TEXT, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Send a frame.
	 * @param opcode the opcode, which need not be one that exists
	 * @param payload the payload
	 */
	void send(int opcode, byte[] payload) {
		ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
		frame.put((byte) (0x80 | opcode));
		if (payload.length < 126) {
			frame.put((byte) (0x80 | payload.length));
		}
		else {
			frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
		}
		// A mask of zeros leaves the payload as it is
		frame.putInt(0).put(payload).flip();
		this.sockets.run(() -> {
			this.unsent.add(frame);
			write();
		});
	}

	/**
	 * Connect as a user, without waiting.
	 * @param user the name of the user
	 * @return this client
	 */
	FaultClient connect(String user) {
		send("{'id':1,'connect':{'token':'" + user + "'}}");
		return this;
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

	JsonNode next() {
		try {
			String next = this.messages.poll(SECONDS, TimeUnit.SECONDS);
			assertThat(next).as("a message within %d s", SECONDS).isNotNull();
			return parse(Objects.requireNonNull(next));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the next publication, whatever replies come before it.
	 * @return the publication
	 */
	JsonNode nextPublication() {
		JsonNode publication = next().path("push").path("pub");
		while (publication.isMissingNode()) {
			publication = next().path("push").path("pub");
		}
		return publication;
	}

	static JsonNode parse(String message) {
		return MAPPER.readTree(message);
	}

	/** Stop reading, and leave the socket open. */
	void stall() {
		this.sockets.run(() -> Objects.requireNonNull(this.key).interestOps(0));
	}

	/** Answer nothing more, and leave the socket open. */
	void silence() {
		this.sockets.run(() -> this.silent = true);
	}

	/** Send a close frame; the socket ends when the server has answered. */
	void closeFrame() {
		send(CLOSE, new byte[] { 3, (byte) 232 });
	}

	/** End the socket by a FIN. */
	void finish() {
		this.sockets.run(() -> {
			try {
				this.channel.shutdownOutput();
			}
			catch (IOException ex) {
				end(ABNORMAL);
			}
		});
	}

	/** End the socket by a RST. */
	void reset() {
		this.sockets.run(() -> {
			try {
				this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			catch (IOException ex) {
				// already closed
			}
			end(ABNORMAL);
		});
	}

	@Override
	public void close() {
		this.sockets.run(() -> end(ABNORMAL));
	}

	/**
	 * Return what completes when the handshake is over.
	 * @return the future
	 */
	CompletableFuture<FaultClient> opened() {
		return this.opened;
	}

	/**
	 * Return what completes with the close code when the socket is closed.
	 * @return the future
	 */
	CompletableFuture<Integer> closed() {
		return this.closed;
	}

	void start(Selector selector, InetSocketAddress address) {
		try {
			this.key = this.channel.register(selector, SelectionKey.OP_CONNECT, this);
			if (this.channel.connect(address)) {
				connected();
			}
		}
		catch (IOException ex) {
			end(ABNORMAL);
		}
	}

	void ready(SelectionKey key) {
		try {
			if (key.isValid() && key.isConnectable() && this.channel.finishConnect()) {
				connected();
			}
			if (key.isValid() && key.isWritable()) {
				key.interestOps(SelectionKey.OP_READ);
				write();
			}
			if (key.isValid() && key.isReadable()) {
				read();
			}
		}
		catch (IOException ex) {
			end(ABNORMAL);
		}
	}

	private void connected() throws IOException {
		Objects.requireNonNull(this.key).interestOps(SelectionKey.OP_READ);
		this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		this.channel.write(ByteBuffer.wrap(HANDSHAKE));
	}

	private void write() {
		if (!this.upgraded || !this.channel.isOpen()) {
			return;
		}
		try {
			for (ByteBuffer frame = this.unsent.peek(); frame != null; frame = this.unsent.peek()) {
				this.channel.write(frame);
				if (frame.hasRemaining()) {
					Objects.requireNonNull(this.key).interestOpsOr(SelectionKey.OP_WRITE);
					return;
				}
				this.unsent.remove();
			}
		}
		catch (IOException ex) {
			end(ABNORMAL);
		}
	}

	private void read() throws IOException {
		ByteBuffer input = this.sockets.input().clear();
		int count = this.channel.read(input);
		if (count < 0) {
			end(ABNORMAL);
			return;
		}
		input.flip();
		if (this.buffer.length < this.length + count) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.length + count, 2 * this.buffer.length));
		}
		input.get(this.buffer, this.length, count);
		this.length += count;
		int from = this.upgraded ? 0 : upgrade();
		int used = frames(from);
		this.length -= used;
		System.arraycopy(this.buffer, used, this.buffer, 0, this.length);
	}

	/** Return where the frames begin. */
	private int upgrade() {
		String response = new String(this.buffer, 0, this.length, StandardCharsets.ISO_8859_1);
		int end = response.indexOf("\r\n\r\n");
		if (end < 0) {
			return 0;
		}
		if (!response.startsWith("HTTP/1.1 101")) {
			end(ABNORMAL);
			return 0;
		}
		this.upgraded = true;
		this.opened.complete(this);
		this.listener.opened(this);
		write();
		return end + 4;
	}

	/** Return how far the complete frames go. */
	private int frames(int from) {
		int start = from;
		while (this.upgraded && this.length - start >= 2) {
			int header = 2;
			long size = this.buffer[start + 1] & 0x7F;
			if (size >= 126) {
				header = (size == 126) ? 4 : 10;
				if (this.length - start < header) {
					return start;
				}
				size = 0;
				for (int i = 2; i < header; i++) {
					size = size << 8 | this.buffer[start + i] & 0xFF;
				}
			}
			if (this.length - start < header + size) {
				return start;
			}
			int begin = start + header;
			start = begin + (int) size;
			frame(this.buffer[begin - header], Arrays.copyOfRange(this.buffer, begin, start));
		}
		return start;
	}

	private void frame(byte first, byte[] payload) {
		switch (first & 0x0F) {
			case CONTINUATION, TEXT -> text(payload, first < 0);
			case CLOSE -> {
				if (!this.silent) {
					send(CLOSE, payload);
				}
				end((payload.length >= 2) ? (payload[0] & 0xFF) << 8 | payload[1] & 0xFF : ABNORMAL);
			}
			case PING -> {
				if (!this.silent) {
					send(PONG, payload);
				}
			}
			default -> {
			}
		}
	}

	private void text(byte[] payload, boolean last) {
		int before = this.message.length;
		this.message = Arrays.copyOf(this.message, before + payload.length);
		System.arraycopy(payload, 0, this.message, before, payload.length);
		if (!last) {
			return;
		}
		String text = new String(this.message, StandardCharsets.UTF_8);
		this.message = new byte[0];
		for (String line : text.split("\n")) {
			if (line.equals("{}")) {
				if (!this.silent) {
					send("{}");
				}
			}
			else if (this.listener == Listener.NONE) {
				this.messages.add(line);
			}
			else {
				this.listener.message(this, line);
			}
		}
	}

	private void end(int code) {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// closed all the same
		}
		this.sockets.remove(this);
		this.closed.complete(code);
	}

	/**
	 * Hears of what happens on a socket, on the thread of all sockets.
	 */
	@FunctionalInterface
	interface Listener {

		/** Messages are kept for {@link #next()}. */
		Listener NONE = (client, message) -> {
		};

		/**
		 * There is a message.
		 * @param client the client
		 * @param message one line of JSON
		 */
		void message(FaultClient client, String message);

		/**
		 * The handshake is over.
		 * @param client the client
		 */
		default void opened(FaultClient client) {
		}

	}

}
