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

package dev.realtime.core;

import java.security.Principal;
import java.util.function.Consumer;

import dev.realtime.DisconnectReason;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.session.Expiry;
import dev.realtime.session.Heartbeat;
import dev.realtime.session.LocalSession;
import org.jspecify.annotations.Nullable;

/**
 * What comes in from one client. Its commands start in order, one at a time; those of one
 * room also end in order, except that publications need not wait for each other, which
 * the relay keeps in order anyway. When too much is pending, the socket is not read for a
 * while.
 * <p>
 * The methods that a transport calls may be called by one thread at a time and never
 * block. The lock covers the bookkeeping only.
 *
 * @since 0.1.0
 */
public final class SessionInbound {

	private static final Command NATIVE_PONG = new Command.Pong();

	private final LocalSession session;

	private final @Nullable Principal principal;

	private final boolean nativePings;

	private final CommandDispatcher dispatcher;

	private final Heartbeat heartbeat;

	private final Expiry expiry;

	private final Consumer<SessionInbound> onClosed;

	private final int maxPending;

	private final int maxPendingBytes;

	private final CommandLanes lanes;

	private final @Nullable CommandRate rate;

	private int pending;

	private int pendingBytes;

	private boolean starting;

	private boolean announced;

	private boolean paused;

	private volatile State state = State.OPEN;

	private volatile boolean renewable;

	private volatile boolean closed;

	private volatile boolean clean;

	SessionInbound(LocalSession session, @Nullable Principal principal, boolean nativePings,
			CommandDispatcher dispatcher, Heartbeat heartbeat, Expiry expiry, EngineSettings settings,
			@Nullable CommandRate rate, Consumer<SessionInbound> onClosed) {
		this.session = session;
		this.principal = principal;
		this.nativePings = nativePings;
		this.onClosed = onClosed;
		this.dispatcher = dispatcher;
		this.lanes = new CommandLanes(dispatcher::mayOverlap);
		this.heartbeat = heartbeat;
		this.expiry = expiry;
		this.rate = rate;
		this.maxPending = settings.maxPendingCommands();
		this.maxPendingBytes = settings.maxPendingBytes();
	}

	/**
	 * A message came.
	 * @param message the whole message, text in UTF-8
	 */
	public void frame(byte[] message) {
		if (this.session.isEnding()) {
			return;
		}
		Frame frame = new Frame(message.length);
		boolean malformed = false;
		try {
			this.session.codec().decode(message, frame::add);
		}
		catch (ProtocolException ex) {
			malformed = true;
		}
		boolean held = frame.commands > 1 && this.session.hold();
		drain();
		if (malformed) {
			enqueue(new CommandLanes.Entry(null, 0));
			drain();
		}
		if (held) {
			this.session.release();
		}
	}

	/**
	 * A message came that is larger than allowed.
	 */
	public void oversized() {
		this.session.disconnect(DisconnectReason.TOO_BIG);
	}

	/**
	 * A pong frame of the WebSocket protocol itself came.
	 */
	public void pong() {
		pong(NATIVE_PONG);
	}

	private void pong(Command command) {
		if (take(command) == CommandRate.Outcome.EXCESSIVE) {
			this.session.disconnect(DisconnectReason.TOO_MANY_REQUESTS);
		}
		this.heartbeat.pong();
	}

	/**
	 * Count a command.
	 * @return whether it may go on
	 */
	CommandRate.Outcome take(Command command) {
		return (this.rate != null) ? this.rate.take(command, this.session.user()) : CommandRate.Outcome.GRANTED;
	}

	/**
	 * The socket is gone without the client having closed it. Only the first call counts.
	 */
	public void closed() {
		closed(false);
	}

	/**
	 * The socket is gone. Only the first call counts.
	 * @param clean whether the client has closed it
	 */
	public void closed(boolean clean) {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			this.clean = clean;
			this.lanes.clear();
		}
		this.heartbeat.stop();
		this.expiry.stop();
		this.onClosed.accept(this);
	}

	LocalSession session() {
		return this.session;
	}

	/**
	 * Return who the HTTP handshake found the user to be.
	 */
	@Nullable Principal principal() {
		return this.principal;
	}

	boolean isNativePings() {
		return this.nativePings;
	}

	Heartbeat heartbeat() {
		return this.heartbeat;
	}

	State state() {
		return this.state;
	}

	/**
	 * Refuse the client, unless it is accepted later.
	 */
	void refuse() {
		this.state = State.REFUSED;
	}

	/**
	 * Accept the client.
	 * @return {@code false} if it is gone
	 */
	synchronized boolean accept() {
		if (!this.closed) {
			this.state = State.CONNECTED;
		}
		return !this.closed;
	}

	/**
	 * Return when the session ends by itself.
	 */
	Expiry expiry() {
		return this.expiry;
	}

	/**
	 * Return whether the client brings new tokens.
	 */
	boolean isRenewable() {
		return this.renewable;
	}

	void renewable(boolean renewable) {
		this.renewable = renewable;
	}

	/**
	 * The application has been told that the client is connected, and is told of its end
	 * when that comes.
	 * @return {@code false} if the end has come already
	 */
	synchronized boolean announce() {
		this.announced = !this.closed;
		return this.announced;
	}

	/**
	 * Return whether the application is to be told of the end when it comes. Does not
	 * change any more once the socket is gone.
	 */
	synchronized boolean isAnnounced() {
		return this.announced;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return whether the client has closed the socket.
	 */
	boolean isClosedCleanly() {
		return this.clean;
	}

	/**
	 * A command whose start had to wait for code of the application has been started.
	 */
	void started() {
		synchronized (this) {
			this.starting = false;
		}
		drain();
	}

	/**
	 * A command has been answered.
	 */
	void completed(Command command) {
		boolean more;
		synchronized (this) {
			more = this.lanes.leave(command);
			this.pending--;
			adjustReading();
		}
		if (more) {
			drain();
		}
	}

	private synchronized void enqueue(CommandLanes.Entry entry) {
		this.lanes.add(entry);
		this.pending++;
		this.pendingBytes += entry.bytes();
		adjustReading();
	}

	private void drain() {
		CommandLanes.Entry entry = poll();
		while (entry != null) {
			if (!start(entry)) {
				return;
			}
			synchronized (this) {
				this.starting = false;
			}
			entry = poll();
		}
	}

	private synchronized CommandLanes.@Nullable Entry poll() {
		if (this.starting) {
			return null;
		}
		CommandLanes.Entry entry = this.lanes.next();
		if (entry != null) {
			this.starting = true;
			this.pendingBytes -= entry.bytes();
		}
		return entry;
	}

	private boolean start(CommandLanes.Entry entry) {
		Command command = entry.command();
		if (command == null) {
			this.session.disconnect(DisconnectReason.BAD_REQUEST);
			return true;
		}
		return this.dispatcher.start(this, command);
	}

	private void adjustReading() {
		boolean full = this.pending >= this.maxPending || this.pendingBytes >= this.maxPendingBytes;
		boolean low = this.pending <= this.maxPending / 2 && this.pendingBytes <= this.maxPendingBytes / 2;
		if ((full && !this.paused) || (low && this.paused)) {
			this.paused = !this.paused;
			this.session.pauseReading(this.paused);
		}
	}

	/**
	 * How far the client has come.
	 */
	enum State {

		/** It has to connect. */
		OPEN,

		/** It is connected. */
		CONNECTED,

		/** It was refused, and can only go away. */
		REFUSED

	}

	/**
	 * Takes the commands of one frame. Its bytes count until the last of them has
	 * started.
	 */
	private final class Frame {

		private final int bytes;

		private int commands;

		Frame(int bytes) {
			this.bytes = bytes;
		}

		void add(Command command) {
			if (command instanceof Command.Pong && SessionInbound.this.state == State.CONNECTED) {
				pong(command);
				return;
			}
			enqueue(new CommandLanes.Entry(command, (this.commands == 0) ? this.bytes : 0));
			this.commands++;
		}

	}

}
