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
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.benchmarks.LoadGenerator.Speech;

/**
 * A server in a process of its own, on the first core, and its subscribers.
 */
final class ServerProcess implements AutoCloseable {

	private final Process process;

	private final LoadGenerator load;

	ServerProcess(Class<?> type, int subscribers, Speech speech) throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		List<String> command = new ArrayList<>(
				List.of("taskset", "-c", "0", System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC",
						"-Xmx1g", "-cp", System.getProperty("java.class.path"), type.getName(), "--server.port=" + port,
						"--logging.level.root=warn"));
		this.process = new ProcessBuilder(command).inheritIO().start();
		await(port);
		this.load = new LoadGenerator(port, subscribers, speech);
	}

	LoadGenerator load() {
		return this.load;
	}

	private void await(int port) throws Exception {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
		while (System.nanoTime() < deadline) {
			try (Socket ignored = new Socket("127.0.0.1", port)) {
				return;
			}
			catch (IOException ex) {
				this.process.waitFor(200, TimeUnit.MILLISECONDS);
			}
		}
		throw new IOException("Server does not start");
	}

	@Override
	public void close() throws IOException {
		this.load.close();
		this.process.destroy();
	}

}
