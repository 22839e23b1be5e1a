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

package dev.realtime.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many subscribers on raw sockets and one publisher, on one thread and far cheaper than
 * the server: frames are counted by their length, since all messages of a run have the
 * same. Closed loop: a publication is outstanding until all subscribers together have
 * received as many messages as it takes.
 */
final class LoadGenerator implements AutoCloseable {

	private static final int BUFFER = 1 << 20;

	private static final long LEARNING_NANOS = 100_000_000;

	private static final String JOIN_JSON = "{\"id\":1,\"connect\":{}}\n"
			+ "{\"id\":2,\"subscribe\":{\"channel\":\"bench:room\"}}";

	/** The same: connect is field 4 of a command, subscribe field 5. */
	private static final byte[] JOIN_PROTOBUF = { 4, 8, 1, 0x22, 0, 16, 8, 2, 0x2a, 12, 10, 10, 'b', 'e', 'n', 'c', 'h',
			':', 'r', 'o', 'o', 'm' };

	private final Selector selector;

	private final List<Subscriber> subscribers = new ArrayList<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

	private final SocketChannel publisher;

	private final Speech speech;

	private long deliveries;

	private long published;

	private int publishId = 1;

	/**
	 * Connect everybody.
	 * @param port the port of the server of the subscribers on this machine
	 * @param publisherPort the port of the publisher's server, which may be another one
	 * @param count how many subscribers
	 * @param speech what the server and the subscribers speak
	 */
	LoadGenerator(int port, int publisherPort, int count, Speech speech) throws IOException {
		this.selector = Selector.open();
		this.speech = speech;
		for (int i = 0; i < count; i++) {
			boolean binary = speech == Speech.PROTOBUF || (speech == Speech.MIXED && i % 2 == 0);
			SocketChannel channel = open(port, binary);
			if (speech != Speech.ECHO) {
				send(channel, binary, binary ? JOIN_PROTOBUF : JOIN_JSON.getBytes(StandardCharsets.UTF_8));
				readMessage(channel);
			}
			channel.configureBlocking(false);
			Subscriber subscriber = new Subscriber(channel, binary ? 0 : 1);
			channel.register(this.selector, SelectionKey.OP_READ, subscriber);
			this.subscribers.add(subscriber);
		}
		this.publisher = open(publisherPort, false);
		if (speech != Speech.ECHO) {
			send(this.publisher, "{\"id\":1,\"connect\":{}}");
			readMessage(this.publisher);
		}
		this.publisher.configureBlocking(false);
		this.publisher.register(this.selector, SelectionKey.OP_READ, new Subscriber(this.publisher, 1));
		// One at a time, so that everybody learns the length of a single message
		run(1, LEARNING_NANOS);
	}

	private SocketChannel open(int port, boolean binary) throws IOException {
		SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
		channel.socket().setTcpNoDelay(true);
		String handshake = "GET /realtime HTTP/1.1\r\nHost: 127.0.0.1:" + port
				+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
				+ (binary ? "Sec-WebSocket-Protocol: centrifuge-protobuf\r\n\r\n" : "\r\n");
		channel.write(ByteBuffer.wrap(handshake.getBytes(StandardCharsets.US_ASCII)));
		StringBuilder response = new StringBuilder();
		ByteBuffer one = ByteBuffer.allocate(1);
		while (response.indexOf("\r\n\r\n") < 0) {
			one.clear();
			if (channel.read(one) < 0) {
				throw new IOException("Handshake refused: " + response);
			}
			response.append((char) one.get(0));
		}
		if (!response.toString().startsWith("HTTP/1.1 101")) {
			throw new IOException("Handshake refused: " + response);
		}
		return channel;
	}

	private void readMessage(SocketChannel channel) throws IOException {
		ByteBuffer message = ByteBuffer.allocate(4096);
		channel.read(message);
	}

	private static void send(SocketChannel channel, String text) throws IOException {
		send(channel, false, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Write one masked frame; the mask is 0, which is as good as any here. */
	private static void send(SocketChannel channel, boolean binary, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(payload.length + 8).put((byte) (binary ? 0x82 : 0x81));
		if (payload.length < 126) {
			frame.put((byte) (0x80 | payload.length));
		}
		else {
			frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
		}
		frame.putInt(0).put(payload).flip();
		while (frame.hasRemaining()) {
			channel.write(frame);
		}
	}

	/**
	 * Publish for a while.
	 * @param outstanding how many publications are outstanding
	 * @param nanos for how long
	 * @return how many messages per second the subscribers received
	 */
	double run(int outstanding, long nanos) throws IOException {
		long start = System.nanoTime();
		long startDeliveries = this.deliveries;
		long now = start;
		while (now - start < nanos) {
			publish(outstanding);
			this.selector.select((key) -> ((Subscriber) key.attachment()).read(), 100);
			now = System.nanoTime();
		}
		double rate = (this.deliveries - startDeliveries) * 1e9 / (now - start);
		settle();
		return rate;
	}

	private void publish(int outstanding) throws IOException {
		while (this.published - this.deliveries / this.subscribers.size() < outstanding) {
			this.published++;
			send(this.publisher, message());
		}
	}

	private String message() {
		String data = "{\"text\":\"" + "x".repeat(117) + "\"}";
		return (this.speech != Speech.ECHO)
				? "{\"id\":" + ++this.publishId + ",\"publish\":{\"channel\":\"bench:room\",\"data\":" + data + "}}"
				: data;
	}

	/** Wait until everything that was published has arrived. */
	private void settle() throws IOException {
		long deadline = System.nanoTime() + 10_000_000_000L;
		while (this.deliveries < this.published * this.subscribers.size() && System.nanoTime() < deadline) {
			this.selector.select((key) -> ((Subscriber) key.attachment()).read(), 100);
		}
	}

	/**
	 * Return how many messages are missing (positive) or doubled (negative).
	 */
	long missing() {
		return this.published * this.subscribers.size() - this.deliveries;
	}

	@Override
	public void close() throws IOException {
		for (Subscriber subscriber : this.subscribers) {
			subscriber.channel.close();
		}
		this.publisher.close();
		this.selector.close();
	}

	/**
	 * What the server and the subscribers speak. The publisher speaks JSON.
	 */
	enum Speech {

		/** Nothing: the server sends everybody what it gets. */
		ECHO,

		/** The room protocol in JSON. */
		JSON,

		/** The room protocol in Protobuf. */
		PROTOBUF,

		/** Half of the subscribers in each. */
		MIXED

	}

	/**
	 * One socket and how far its current frame has come.
	 */
	private final class Subscriber {

		private final SocketChannel channel;

		private final int separator;

		private final ByteBuffer header = ByteBuffer.allocate(10);

		private long remaining;

		private int messageLength;

		Subscriber(SocketChannel channel, int separator) {
			this.channel = channel;
			this.separator = separator;
		}

		void read() {
			ByteBuffer in = LoadGenerator.this.buffer;
			in.clear();
			try {
				if (this.channel.read(in) < 0) {
					throw new IOException("Server has closed a connection" + " (" + LoadGenerator.this.speech + ")");
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
			in.flip();
			while (in.hasRemaining()) {
				consume(in);
			}
		}

		private void consume(ByteBuffer in) {
			if (this.remaining > 0) {
				int skipped = (int) Math.min(this.remaining, in.remaining());
				in.position(in.position() + skipped);
				this.remaining -= skipped;
				return;
			}
			this.header.put(in.get());
			int length = (this.header.position() > 1) ? this.header.get(1) & 0x7F : 0;
			int size = 2 + ((length == 126) ? 2 : (length == 127) ? 8 : 0);
			if (this.header.position() == size) {
				this.remaining = (length == 126) ? this.header.getShort(2) & 0xFFFF
						: (length == 127) ? this.header.getLong(2) : length;
				this.header.clear();
				count((int) this.remaining);
			}
		}

		private void count(int frameLength) {
			if (frameLength < 100 || this.channel == LoadGenerator.this.publisher) {
				return;
			}
			if (this.messageLength == 0) {
				this.messageLength = frameLength;
			}
			LoadGenerator.this.deliveries += (frameLength + this.separator) / (this.messageLength + this.separator);
		}

	}

}
