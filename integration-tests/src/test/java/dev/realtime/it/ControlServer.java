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

package dev.realtime.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import com.sun.net.httpserver.HttpServer;

/**
 * Lets a script ask for something that only the build can do: a POST runs the action of
 * that path.
 */
final class ControlServer implements AutoCloseable {

	private final HttpServer server;

	ControlServer() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.start();
	}

	ControlServer on(String path, Runnable action) {
		this.server.createContext(path, (exchange) -> {
			byte[] failure = run(action);
			exchange.sendResponseHeaders((failure.length == 0) ? 204 : 500,
					(failure.length == 0) ? -1 : failure.length);
			exchange.getResponseBody().write(failure);
			exchange.close();
		});
		return this;
	}

	int port() {
		return this.server.getAddress().getPort();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private static byte[] run(Runnable action) {
		try {
			action.run();
			return new byte[0];
		}
		catch (RuntimeException ex) {
			return ex.toString().getBytes(StandardCharsets.UTF_8);
		}
	}

}
