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
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own, on the first core.
 */
final class ServerProcess implements AutoCloseable {

	private final Process process;

	private final int port;

	/**
	 * Start a server and wait for it.
	 * @param type the main class
	 * @param args further arguments of Spring Boot
	 */
	ServerProcess(Class<?> type, String... args) throws Exception {
		this(freePort(), type, args);
	}

	private ServerProcess(int port, Class<?> type, String... args) throws Exception {
		this(port, command(port, type, args));
	}

	private ServerProcess(int port, List<String> command) throws Exception {
		List<String> pinned = new ArrayList<>(List.of("taskset", "-c", "0"));
		pinned.addAll(command);
		this.port = port;
		this.process = new ProcessBuilder(pinned).redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		await();
	}

	/**
	 * Start a Redis that keeps nothing on the disk.
	 * @return the process
	 */
	static ServerProcess redis() throws Exception {
		int port = freePort();
		return new ServerProcess(port,
				List.of("redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
	}

	private static List<String> command(int port, Class<?> type, String... args) {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
				"-XX:+UseSerialGC", "-Xmx1g", "-cp", System.getProperty("java.class.path"), type.getName(),
				"--server.port=" + port, "--logging.level.root=warn"));
		command.addAll(Arrays.asList(args));
		return command;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	int port() {
		return this.port;
	}

	private void await() throws Exception {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (System.nanoTime() < deadline) {
			try (Socket ignored = new Socket("127.0.0.1", this.port)) {
				return;
			}
			catch (IOException ex) {
				this.process.waitFor(200, TimeUnit.MILLISECONDS);
			}
		}
		throw new IOException("Server does not start");
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
