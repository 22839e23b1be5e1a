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

package dev.realtime.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that sends whatever bytes a test wants.
 */
final class RawSocket implements AutoCloseable {

	static final int CONTINUATION = 0;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	private static final int FIN = 0x80;

	private static final int MASKED = 0x80;

	private final Socket socket;

	private final DataInputStream input;

	private final List<String> messages = new ArrayList<>();

	private int pongs;

	RawSocket(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(10_000);
		this.input = new DataInputStream(this.socket.getInputStream());
	}

	/**
	 * Open a WebSocket.
	 * @param port the port of the server
	 * @param headers additional header lines
	 */
	static RawSocket open(int port, String... headers) throws IOException {
		RawSocket socket = new RawSocket(port);
		String head = socket.request(handshake("/realtime", headers));
		if (!head.startsWith("HTTP/1.1 101 ")) {
			socket.close();
			throw new IOException(head);
		}
		return socket;
	}

	static String handshake(String target, String... headers) {
		return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				+ ((headers.length > 0) ? String.join("\r\n", headers) + "\r\n" : "") + "\r\n";
	}

	/**
	 * Send a request.
	 * @return the head of the response, or nothing if the connection is closed
	 */
	String request(String text) throws IOException {
		raw(text.getBytes(StandardCharsets.ISO_8859_1));
		StringBuilder head = new StringBuilder();
		try {
			while (head.indexOf("\r\n\r\n") < 0) {
				head.append((char) this.input.readUnsignedByte());
			}
		}
		catch (EOFException | SocketException ex) {
			return "";
		}
		return head.toString();
	}

	void raw(byte... bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	RawSocket text(String text) throws IOException {
		return frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Send a frame as clients do, masked with zeros. */
	RawSocket frame(int firstByte, byte... payload) throws IOException {
		raw(bytes(firstByte, true, payload));
		return this;
	}

	/** Send a frame that is the last of its message. */
	RawSocket last(int opcode, byte... payload) throws IOException {
		return frame(FIN | opcode, payload);
	}

	static byte[] bytes(int firstByte, boolean masked, byte... payload) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(firstByte);
		int mask = masked ? MASKED : 0;
		if (payload.length < 126) {
			out.write(mask | payload.length);
		}
		else if (payload.length < 1 << 16) {
			out.write(mask | 126);
			out.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
		}
		else {
			out.write(mask | 127);
			out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
		}
		if (masked) {
			out.writeBytes(new byte[4]);
		}
		out.writeBytes(payload);
		return out.toByteArray();
	}

	/**
	 * Read until the end.
	 * @return the close code, or {@code lost} if the connection ends without one
	 */
	String ending() throws IOException {
		try {
			while (true) {
				int opcode = this.input.readUnsignedByte() & 0xF;
				byte[] payload = this.input.readNBytes(length(this.input.readUnsignedByte()));
				if (opcode == CLOSE) {
					return (payload.length >= 2) ? String.valueOf(ByteBuffer.wrap(payload).getShort() & 0xFFFF)
							: "no code";
				}
				take(opcode, payload);
			}
		}
		catch (EOFException | SocketException ex) {
			return "lost";
		}
	}

	private int length(int length) throws IOException {
		if (length == 127) {
			return (int) this.input.readLong();
		}
		return (length == 126) ? this.input.readUnsignedShort() : length;
	}

	private void take(int opcode, byte[] payload) {
		if (opcode == PONG) {
			this.pongs++;
		}
		else {
			this.messages.add(new String(payload, StandardCharsets.UTF_8));
		}
	}

	/** Read the next message. */
	String next() throws IOException {
		while (this.messages.isEmpty()) {
			int opcode = this.input.readUnsignedByte() & 0xF;
			byte[] payload = this.input.readNBytes(length(this.input.readUnsignedByte()));
			if (opcode == CLOSE) {
				throw new EOFException("closed " + (ByteBuffer.wrap(payload).getShort() & 0xFFFF));
			}
			take(opcode, payload);
		}
		return this.messages.remove(0);
	}

	List<String> messages() {
		return this.messages;
	}

	int pongs() {
		return this.pongs;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
