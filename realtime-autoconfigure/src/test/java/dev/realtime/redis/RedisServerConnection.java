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

package dev.realtime.redis;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * As much of a Redis client as tests need to look after a server: no library that is
 * being tested, and no {@code redis-cli} that may not be installed.
 */
final class RedisServerConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private final Socket socket = new Socket();

	private final InputStream in;

	RedisServerConnection(int port) throws IOException {
		try {
			this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
			this.socket.setSoTimeout(TIMEOUT_MILLIS);
			this.in = new BufferedInputStream(this.socket.getInputStream());
		}
		catch (IOException ex) {
			this.socket.close();
			throw ex;
		}
	}

	String call(String... command) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.writeBytes(("*" + command.length + "\r\n").getBytes(StandardCharsets.UTF_8));
		for (String argument : command) {
			byte[] bytes = argument.getBytes(StandardCharsets.UTF_8);
			out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
			out.writeBytes(bytes);
			out.writeBytes(new byte[] { '\r', '\n' });
		}
		this.socket.getOutputStream().write(out.toByteArray());
		return read();
	}

	private String read() throws IOException {
		String line = line();
		String rest = line.substring(1);
		return switch (line.charAt(0)) {
			case '+', ':' -> rest;
			case '$' -> bulk(Integer.parseInt(rest));
			case '*' -> array(Integer.parseInt(rest));
			case '-' -> throw new IllegalStateException(rest);
			default -> throw new IOException("Not a reply: " + line);
		};
	}

	private String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = next(); b != '\n'; b = next()) {
			line.write(b);
		}
		return line.toString(StandardCharsets.UTF_8).trim();
	}

	private int next() throws IOException {
		int b = this.in.read();
		if (b < 0) {
			throw new EOFException("Redis closed the connection");
		}
		return b;
	}

	private String bulk(int length) throws IOException {
		if (length < 0) {
			return "";
		}
		byte[] bytes = this.in.readNBytes(length + 2);
		if (bytes.length < length + 2) {
			throw new EOFException("Redis closed the connection");
		}
		return new String(bytes, 0, length, StandardCharsets.UTF_8);
	}

	private String array(int length) throws IOException {
		List<String> elements = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			elements.add(read());
		}
		return String.join("\n", elements);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
