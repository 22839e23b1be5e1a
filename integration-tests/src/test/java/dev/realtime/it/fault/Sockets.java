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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Any number of WebSockets on one thread.
 */
final class Sockets implements AutoCloseable {

	private final Set<FaultClient> clients = ConcurrentHashMap.newKeySet();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final Thread thread = new Thread(this::loop, "sockets");

	private final InetSocketAddress address;

	private final Selector selector;

	private final ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);

	private volatile boolean closed;

	/**
	 * Start the thread.
	 * @param port the port of the server
	 */
	Sockets(int port) {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread.setDaemon(true);
		this.thread.start();
	}

	FaultClient open() {
		return open(FaultClient.Listener.NONE, 0);
	}

	FaultClient open(FaultClient.Listener listener) {
		return open(listener, 0);
	}

	/**
	 * Open a socket. Whatever is sent before the handshake is over waits for it.
	 * @param listener what hears of its messages; without one they are kept
	 * @param receiveBuffer the size of the kernel's receive buffer, 0 for the usual one
	 * @return the client
	 */
	FaultClient open(FaultClient.Listener listener, int receiveBuffer) {
		try {
			SocketChannel channel = SocketChannel.open();
			if (receiveBuffer > 0) {
				channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
			}
			channel.configureBlocking(false);
			FaultClient client = new FaultClient(this, channel, listener);
			this.clients.add(client);
			run(() -> client.start(this.selector, this.address));
			return client;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Run something on the thread.
	 * @param task what to run
	 */
	void run(Runnable task) {
		if (Thread.currentThread() == this.thread) {
			task.run();
			return;
		}
		this.tasks.add(task);
		this.selector.wakeup();
	}

	/** Where the thread reads into. */
	ByteBuffer input() {
		return this.input;
	}

	void remove(FaultClient client) {
		this.clients.remove(client);
	}

	@Override
	public void close() {
		this.closed = true;
		this.selector.wakeup();
		try {
			this.thread.join(10_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void loop() {
		try (Selector selector = this.selector) {
			while (!this.closed) {
				selector.select((key) -> ((FaultClient) key.attachment()).ready(key));
				for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
					task.run();
				}
			}
			selector.keys().stream().map(SelectionKey::attachment).forEach((client) -> ((FaultClient) client).reset());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.clients.forEach(FaultClient::reset);
		}
	}

}
