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
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy whose connections can be cut, delayed and led astray. Listens on the
 * loopback address; daemon threads carry each connection.
 */
public final class FaultProxy implements AutoCloseable {

	private static final byte[] END = new byte[0];

	private static final int CHUNKS = 64;

	private final ServerSocket server;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final Gate forth = new Gate();

	private final Gate back = new Gate();

	private volatile int target;

	private volatile boolean down;

	private volatile int minDelay;

	private volatile int maxDelay;

	/**
	 * Start a proxy.
	 * @param target the port to connect to
	 */
	public FaultProxy(int target) {
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.target = target;
		run(this::accept);
	}

	/**
	 * Return the port that it listens on.
	 * @return the port
	 */
	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Lead new connections elsewhere.
	 * @param port the port to connect to
	 */
	public void redirect(int port) {
		this.target = port;
	}

	/**
	 * Let everything take longer, in both directions.
	 * @param min the least delay in milliseconds
	 * @param max the greatest delay in milliseconds
	 */
	public void delay(int min, int max) {
		this.minDelay = min;
		this.maxDelay = max;
	}

	/**
	 * Carry nothing, without closing anything, until {@link #restore()}: new connections
	 * are accepted and nothing comes back.
	 * @param forth whether to swallow what goes to the server
	 * @param back whether to swallow what comes from the server
	 */
	public void swallow(boolean forth, boolean back) {
		this.forth.close(forth);
		this.back.close(back);
	}

	/**
	 * Reset all connections, and every new one until {@link #restore()}.
	 */
	public void cut() {
		this.down = true;
		this.sockets.forEach(FaultProxy::reset);
	}

	/**
	 * Carry again what comes.
	 */
	public void restore() {
		this.down = false;
		swallow(false, false);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		cut();
		swallow(false, false);
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
			carry(near, far, this.forth);
			carry(far, near, this.back);
		}
		catch (IOException ex) {
			reset(near);
			throw ex;
		}
	}

	private void carry(Socket from, Socket to, Gate gate) throws IOException {
		BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS);
		from.setTcpNoDelay(true);
		run(() -> read(from, gate, chunks));
		run(() -> write(from, to, chunks));
	}

	private void read(Socket from, Gate gate, BlockingQueue<Chunk> chunks) {
		try (from) {
			InputStream in = from.getInputStream();
			byte[] buffer = new byte[8192];
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
				gate.pass();
				chunks.put(new Chunk(Arrays.copyOf(buffer, n), System.nanoTime() + delayNanos()));
			}
		}
		catch (IOException ex) {
			// the other direction ends as well
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.sockets.remove(from);
			end(chunks);
		}
	}

	private static void end(BlockingQueue<Chunk> chunks) {
		try {
			chunks.put(new Chunk(END, System.nanoTime()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void write(Socket from, Socket to, BlockingQueue<Chunk> chunks) {
		Chunk chunk = null;
		try (to; from) {
			chunk = chunks.take();
			while (chunk.bytes != END) {
				awaitTime(chunk.due);
				to.getOutputStream().write(chunk.bytes);
				chunk = chunks.take();
			}
		}
		catch (IOException ex) {
			// the other direction ends as well
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			// whoever reads must not wait for a place
			while (chunk != null && chunk.bytes != END) {
				chunk = takeQuietly(chunks);
			}
		}
	}

	private static void awaitTime(long due) {
		for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static Chunk takeQuietly(BlockingQueue<Chunk> chunks) {
		try {
			return chunks.take();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new Chunk(END, 0);
		}
	}

	private long delayNanos() {
		int min = this.minDelay;
		int max = Math.max(this.maxDelay, min);
		return TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(min, max + 1));
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

	/**
	 * Bytes on their way.
	 *
	 * @param bytes the bytes
	 * @param due when they may arrive, by the monotonic clock
	 */
	private record Chunk(byte[] bytes, long due) {

	}

	/**
	 * Lets bytes of one direction pass, or keeps them.
	 */
	private static final class Gate {

		private boolean closed;

		synchronized void close(boolean closed) {
			this.closed = closed;
			notifyAll();
		}

		synchronized void pass() throws InterruptedException {
			while (this.closed) {
				wait();
			}
		}

	}

}
