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

package dev.realtime.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A real database server on the loopback address, in a process and a temporary directory
 * of its own. It can be killed, paused and started again on the same port. PostgreSQL
 * refuses to run as root, and then runs as the user whom its package has created. Where
 * it is not installed the test is skipped, or fails with {@code CI=true}. For one thread
 * at a time.
 */
public final class DatabaseServer implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final int MIN_PORT = 20_000;

	private static final int MAX_PORT = 30_000;

	private final DatabaseProgram program;

	private final Path directory;

	private final Thread killer = new Thread(this::abandon, "database-server-killer");

	private final int port = freePort();

	private Process process;

	private DatabaseServer(DatabaseProgram program) {
		this.program = program;
		try {
			this.directory = Files.createTempDirectory("database");
			Runtime.getRuntime().addShutdownHook(this.killer);
			this.program.own(this.directory);
			run(this.program.initialize(this.directory.resolve("data")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Create a PostgreSQL server.
	 * @return the server, not started yet
	 */
	public static DatabaseServer postgresql() {
		return create(DatabaseProgram.POSTGRESQL);
	}

	/**
	 * Create a MariaDB server.
	 * @return the server, not started yet
	 */
	public static DatabaseServer mariadb() {
		return create(DatabaseProgram.MARIADB);
	}

	private static DatabaseServer create(DatabaseProgram program) {
		if (!program.isInstalled()) {
			String missing = program.name() + " is not installed";
			if ("true".equals(System.getenv("CI"))) {
				throw new IllegalStateException(missing + ", and with CI=true it has to be");
			}
			System.out.println(missing + ", its tests are skipped");
			Assumptions.abort(missing);
		}
		return new DatabaseServer(program);
	}

	/**
	 * Start the server and wait until it answers. Does nothing if it runs.
	 * @return this server
	 */
	public DatabaseServer start() {
		if (!isRunning()) {
			this.process = launch(this.program.start(this.directory.resolve("data"), this.port));
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(50))
				.atMost(TIMEOUT)
				.until(() -> !isRunning() || answers());
			if (!isRunning()) {
				throw new IllegalStateException(this.program + " did not start: " + log());
			}
		}
		return this;
	}

	private Process launch(List<String> command) {
		try {
			return new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.directory.resolve("log").toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void run(List<String> command) {
		Process initialization = launch(command);
		waitFor(initialization);
		if (initialization.exitValue() != 0) {
			throw new IllegalStateException(this.program + " could not be initialized: " + log());
		}
	}

	private boolean answers() {
		try (Connection connection = DriverManager.getConnection(url(), user(), "")) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Ask the server to end, without waiting for its clients, and wait for it.
	 */
	public void stop() {
		if (isRunning()) {
			resume();
			signal(this.program.stopSignal());
			waitFor(this.process);
		}
	}

	/**
	 * Kill the server (SIGKILL). The processes that serve its connections notice.
	 */
	public void kill() {
		if (isRunning()) {
			this.process.destroyForcibly();
			waitFor(this.process);
		}
	}

	/**
	 * Let the server and the processes that serve its connections hang (SIGSTOP).
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
		// A process that serves a connection may have ended meanwhile
		String script = "kill -%1$s $1 || exit 1; shift; for child; do kill -%1$s $child 2>/dev/null; done; exit 0"
			.formatted(name);
		List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "kill"));
		command.add(Long.toString(this.process.pid()));
		if (!name.equals(this.program.stopSignal())) {
			this.process.descendants().forEach((child) -> command.add(Long.toString(child.pid())));
		}
		try {
			Process shell = new ProcessBuilder(command).start();
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
	 * Return where the server is.
	 * @return the JDBC URL of a database that is there
	 */
	public String url() {
		return this.program.url(this.port);
	}

	/**
	 * Return who may do everything.
	 * @return the name of a user without a password
	 */
	public String user() {
		return this.program.user();
	}

	/**
	 * Return whether the process is there, be it paused or not.
	 * @return {@code true} between start and end
	 */
	public boolean isRunning() {
		return this.process != null && this.process.isAlive();
	}

	private void waitFor(Process ending) {
		try {
			if (!ending.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException(this.program + " did not end: " + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Kill the server and delete its directory.
	 */
	@Override
	public void close() {
		stop();
		abandon();
		try {
			Runtime.getRuntime().removeShutdownHook(this.killer);
		}
		catch (IllegalStateException ex) {
			// the JVM ends
		}
	}

	private void abandon() {
		try {
			kill();
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String log() {
		try {
			return Files.readString(this.directory.resolve("log"), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "no log";
		}
	}

	private static int freePort() {
		return ThreadLocalRandom.current()
			.ints(100, MIN_PORT, MAX_PORT)
			.filter(DatabaseServer::isFree)
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
