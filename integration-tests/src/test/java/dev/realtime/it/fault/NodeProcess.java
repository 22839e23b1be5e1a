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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A node in a JVM of its own, which can be killed.
 */
public final class NodeProcess implements AutoCloseable {

	private static final String PORT = "fault-node port ";

	private final Process process;

	private final int port;

	/**
	 * Start a node on a free port.
	 * @param settings additional properties, as on a command line
	 * @throws IOException if there is no process
	 */
	NodeProcess(List<String> settings) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-cp",
						System.getProperty("java.class.path"), NodeProcess.class.getName()));
		command.addAll(settings);
		this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		this.port = readPort();
		Thread reader = new Thread(this::readOn, "node-process");
		reader.setDaemon(true);
		reader.start();
	}

	/**
	 * Start a node and say on which port it is.
	 * @param arguments additional properties
	 */
	public static void main(String[] arguments) {
		System.out.println(PORT + new FaultNode(arguments).port());
	}

	private int readPort() throws IOException {
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		StringBuilder output = new StringBuilder();
		for (String line = reader.readLine(); line != null; line = reader.readLine()) {
			if (line.startsWith(PORT)) {
				return Integer.parseInt(line.substring(PORT.length()));
			}
			output.append(line).append('\n');
		}
		throw new IllegalStateException("It did not start: " + output);
	}

	/** Nobody may have to wait because a pipe is full. */
	private void readOn() {
		try {
			this.process.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// it has ended
		}
	}

	int port() {
		return this.port;
	}

	/** Let it hang (SIGSTOP): its connections stay. */
	void pause() throws Exception {
		signal("STOP");
	}

	/** Let it go on (SIGCONT). */
	void resume() throws Exception {
		signal("CONT");
	}

	private void signal(String name) throws Exception {
		// a shell has kill built in, the program may not be there
		Process shell = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + this.process.pid()).start();
		assertThat(shell.waitFor()).isZero();
	}

	/** Ask it to end (SIGTERM). */
	void stop() {
		this.process.destroy();
	}

	/** Kill it (SIGKILL). */
	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
