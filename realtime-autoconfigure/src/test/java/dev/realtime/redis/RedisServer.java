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

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.awaitility.core.ConditionTimeoutException;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real Redis on the loopback address, in a process and a temporary directory of its
 * own. It is not started by being created. It can be killed, paused and started again on
 * the same port. Everything is bounded in time. For one thread at a time.
 */
public final class RedisServer implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Below the ports that systems give to outgoing connections: a client that keeps
	 * dialling the port of a dead server could be given the very same one, would then be
	 * connected to itself, and the server could not come back.
	 */
	private static final int MIN_PORT = 20_000;

	private static final int MAX_PORT = 30_000;

	private final RedisServerOptions options;

	private final RedisServerBinary binary;

	private final Path directory;

	private final String secret = UUID.randomUUID().toString();

	private final Thread killer = new Thread(this::abandon, "redis-server-killer");

	private Process process;

	private int port;

	private RedisServer(RedisServerOptions options) {
		this.options = options;
		try {
			this.directory = Files.createTempDirectory("redis");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.binary = findBinary(this.directory);
		this.port = options.port();
		Runtime.getRuntime().addShutdownHook(this.killer);
	}

	private static RedisServerBinary findBinary(Path directory) {
		try {
			return RedisServerBinary.find(directory);
		}
		catch (RuntimeException ex) {
			delete(directory);
			throw ex;
		}
	}

	/**
	 * Create a server that keeps nothing on disk.
	 * @return the server, not started yet
	 */
	public static RedisServer create() {
		return create(new RedisServerOptions());
	}

	/**
	 * Create a server.
	 * @param options how to start it
	 * @return the server, not started yet
	 * @throws IllegalStateException if {@code redis-server} is not installed and
	 * {@code CI=true}
	 */
	public static RedisServer create(RedisServerOptions options) {
		return new RedisServer(options);
	}

	/**
	 * Start the server and wait until it answers. Does nothing if it runs.
	 * @return this server
	 */
	public RedisServer start() {
		boolean anyPort = this.port == 0;
		for (int attempt = 1; !isRunning(); attempt++) {
			this.port = anyPort ? freePort() : this.port;
			launch();
			if (!awaitReady()) {
				kill();
				if (!anyPort || attempt == 5) {
					throw new IllegalStateException("Redis did not start: " + log());
				}
			}
		}
		return this;
	}

	private void launch() {
		try {
			Path configuration = this.directory.resolve("redis.conf");
			Files.write(configuration, configuration());
			List<String> command = new ArrayList<>(
					List.of(this.binary.executable().toString(), configuration.toString()));
			if (this.options.isSentinel()) {
				command.add("--sentinel");
			}
			this.process = new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<String> configuration() {
		List<String> lines = this.options.configuration(this.binary.major());
		lines.add("port " + this.port);
		lines.add("bind 127.0.0.1");
		lines.add("dir \"" + this.directory + "\"");
		lines.add("user harness on >" + this.secret + " ~* &* +@all");
		return lines;
	}

	/** Wait until it answers, or return false if it has ended. */
	private boolean awaitReady() {
		try {
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(10))
				.atMost(START_TIMEOUT)
				.until(() -> !this.process.isAlive() || answers());
			return this.process.isAlive();
		}
		catch (ConditionTimeoutException ex) {
			return false;
		}
	}

	private boolean answers() {
		try {
			return "PONG".equals(cli("PING"));
		}
		catch (UncheckedIOException | IllegalStateException ex) {
			return false;
		}
	}

	/**
	 * Ask the server to end (SIGTERM) and wait for it.
	 */
	public void stop() {
		if (isRunning()) {
			resume();
			this.process.destroy();
			awaitEnd();
		}
	}

	/**
	 * Kill the server (SIGKILL).
	 */
	public void kill() {
		destroy();
		awaitEnd();
	}

	/**
	 * Start the server again on the same port, after stopping it if it runs. Without an
	 * append-only file it is empty then.
	 */
	public void restart() {
		stop();
		start();
	}

	/**
	 * Let the server hang (SIGSTOP): its connections stay, nothing is answered.
	 */
	public void pause() {
		signal("STOP");
	}

	/**
	 * Let the server go on (SIGCONT).
	 */
	public void resume() {
		signal("CONT");
	}

	private void signal(String name) {
		if (!isRunning()) {
			throw new IllegalStateException("Redis does not run");
		}
		try {
			// a shell has kill built in, the program may not be there
			Process shell = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + this.process.pid()).start();
			if (!shell.waitFor(5, TimeUnit.SECONDS) || shell.exitValue() != 0) {
				throw new IllegalStateException("Could not send SIG" + name);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Execute a command with all rights, whatever the passwords and users of the server
	 * are, on a connection of its own.
	 * @param command the command and its arguments
	 * @return the reply as redis-cli prints it raw: one line for each element of an
	 * array, nothing for nil
	 * @throws IllegalStateException if the reply is an error; its text is the message
	 * @throws UncheckedIOException if there is no reply within ten seconds
	 */
	public String cli(String... command) {
		try (RedisServerConnection connection = new RedisServerConnection(this.port)) {
			connection.call("AUTH", "harness", this.secret);
			return connection.call(command);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the port.
	 * @return the port, the same after each start; 0 before the first one unless it was
	 * chosen
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return where applications find the server.
	 * @return a URI with the password that the server was created with, if any
	 */
	public String uri() {
		String password = this.options.password();
		return "redis://" + ((password != null) ? ":" + password + "@" : "") + "127.0.0.1:" + this.port;
	}

	/**
	 * Return whether the process is there, be it paused or not.
	 * @return {@code true} between start and end
	 */
	public boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	/**
	 * Return the id of the process.
	 * @return the id
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return which Redis this is and where it came from.
	 * @return for instance {@code 7.0.15 from /usr/bin/redis-server}
	 */
	public String description() {
		return this.binary.description();
	}

	/**
	 * Return the first number of the version: sharded channels, for instance, need 7.
	 * @return the number
	 */
	public int majorVersion() {
		return this.binary.major();
	}

	/**
	 * Return the directory of the server, with its configuration, log and append-only
	 * file.
	 * @return a directory that exists until {@link #close()}
	 */
	public Path directory() {
		return this.directory;
	}

	/**
	 * Kill the server and delete its directory.
	 */
	@Override
	public void close() {
		kill();
		delete(this.directory);
		try {
			Runtime.getRuntime().removeShutdownHook(this.killer);
		}
		catch (IllegalStateException ex) {
			// the JVM ends
		}
	}

	private void abandon() {
		destroy();
		delete(this.directory);
	}

	private static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void destroy() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	private void awaitEnd() {
		try {
			if (this.process != null && !this.process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("Redis did not end: " + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private File logFile() {
		return this.directory.resolve("redis.log").toFile();
	}

	private String log() {
		try {
			return Files.readString(logFile().toPath(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "no log";
		}
	}

	private static int freePort() {
		return ThreadLocalRandom.current()
			.ints(100, MIN_PORT, MAX_PORT)
			.filter(RedisServer::isFree)
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

}
