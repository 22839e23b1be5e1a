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

package dev.realtime.sample.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

import org.springframework.util.FileSystemUtils;

/**
 * A Redis of this process: the installed one or, without, one from a dependency. Its data
 * are in a temporary directory, outlive {@link #stop()}, and are gone with the process.
 */
class DemoRedis implements AutoCloseable {

	static final String HOST = "127.0.0.1";

	private static final Log logger = LogFactory.getLog(DemoRedis.class);

	/** A port from which nobody connects: who dials it in vain must not get himself. */
	private static final int MIN_PORT = 20_000;

	private static final int MAX_PORT = 30_000;

	private static final long START_MILLIS = 10_000;

	private final Path directory;

	private final Path program;

	private final int port = freePort();

	private final Thread killer = new Thread(this::clear, "demo-redis-killer");

	private volatile @Nullable Process process;

	DemoRedis() {
		try {
			this.directory = Files.createTempDirectory("demo-redis");
			this.program = program(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Runtime.getRuntime().addShutdownHook(this.killer);
		start();
		logger.info("The demo has a Redis at port " + this.port + ", program " + this.program);
	}

	private static Path program(Path directory) throws IOException {
		for (String path : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
			Path candidate = Path.of(path, "redis-server");
			if (Files.isExecutable(candidate)) {
				return candidate;
			}
		}
		return ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
	}

	private static int freePort() {
		return ThreadLocalRandom.current()
			.ints(100, MIN_PORT, MAX_PORT)
			.filter(DemoRedis::isFree)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no free port"));
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	int port() {
		return this.port;
	}

	boolean isUp() {
		Process current = this.process;
		return current != null && current.isAlive();
	}

	/**
	 * Start the server, unless it runs, and wait until it answers.
	 */
	synchronized void start() {
		if (isUp()) {
			return;
		}
		try {
			this.process = new ProcessBuilder(this.program.toString(), "--port", String.valueOf(this.port), "--bind",
					HOST, "--dir", this.directory.toString(), "--appendonly", "yes", "--appendfsync", "always",
					"--save", "")
				.redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("redis.log").toFile())
				.start();
			awaitAnswer();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private void awaitAnswer() throws InterruptedException, IOException {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
		while (!answers()) {
			if (!isUp() || System.nanoTime() - deadline > 0) {
				kill();
				throw new IllegalStateException("Redis does not start: " + Files.readString(log()));
			}
			TimeUnit.MILLISECONDS.sleep(20);
		}
	}

	private Path log() {
		return this.directory.resolve("redis.log");
	}

	private boolean answers() {
		try (Socket socket = new Socket(HOST, this.port)) {
			socket.setSoTimeout(1_000);
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
			byte[] answer = socket.getInputStream().readNBytes("+PONG".length());
			return Arrays.equals(answer, "+PONG".getBytes(StandardCharsets.US_ASCII));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Kill the server as a power cut would, and wait until it is gone.
	 */
	synchronized void stop() {
		kill();
	}

	private void kill() {
		Process current = this.process;
		if (current != null) {
			current.destroyForcibly().onExit().join();
		}
	}

	private void clear() {
		kill();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			logger.warn("Not deleted: " + this.directory, ex);
		}
	}

	@Override
	public void close() {
		clear();
		try {
			Runtime.getRuntime().removeShutdownHook(this.killer);
		}
		catch (IllegalStateException ex) {
			// the process ends, and the hook finds nothing to do
		}
	}

}
