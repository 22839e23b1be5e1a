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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy whose connections can be cut. Listens on the loopback address; two daemon
 * threads carry each connection.
 */
final class FaultProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile boolean down;

	/**
	 * Start a proxy.
	 * @param target the port to connect to
	 */
	FaultProxy(int target) {
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.target = target;
		run(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Reset all connections, and every new one until {@link #restore()}.
	 */
	void cut() {
		this.down = true;
		this.sockets.forEach(FaultProxy::reset);
	}

	void restore() {
		this.down = false;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				link(this.server.accept());
			}
			catch (IOException ex) {
				// closed, or the target refuses: the next one may have more luck
			}
		}
	}

	private void link(Socket near) throws IOException {
		this.sockets.add(near);
		if (this.down) {
			reset(near);
			return;
		}
		try {
			Socket far = new Socket(InetAddress.getLoopbackAddress(), this.target);
			this.sockets.add(far);
			run(() -> carry(near, far));
			run(() -> carry(far, near));
		}
		catch (IOException ex) {
			reset(near);
			throw ex;
		}
	}

	private void carry(Socket from, Socket to) {
		try (from; to) {
			InputStream in = from.getInputStream();
			byte[] buffer = new byte[8192];
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
				to.getOutputStream().write(buffer, 0, n);
			}
		}
		catch (IOException ex) {
			// the other direction ends as well
		}
		finally {
			this.sockets.remove(from);
		}
	}

	private static void reset(Socket socket) {
		try (socket) {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// already closed
		}
	}

	private static void run(Runnable task) {
		Thread thread = new Thread(task, "fault-proxy");
		thread.setDaemon(true);
		thread.start();
	}

}
