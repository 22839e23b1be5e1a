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

package dev.realtime.session;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.realtime.DisconnectReason;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one session honest: it must connect in time, and then answer every ping. The
 * pings follow a fixed schedule, however busy the connection is, since most client SDKs
 * take nothing else as a sign of life. One timer at a time.
 *
 * @since 0.1.0
 */
public final class Heartbeat {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LocalSession session;

	private final Wheel wheel;

	private final long interval;

	private final long timeout;

	private final boolean nativePings;

	private volatile boolean answered;

	private volatile boolean stopped;

	/** The answer may wait in a socket that was not read for a while since the ping. */
	private volatile int pauses;

	private Wheel.@Nullable Timer timer;

	/**
	 * Create a heartbeat.
	 * @param session the session
	 * @param wheel the wheel
	 * @param intervalNanos the time between two pings
	 * @param timeoutNanos the time to answer one
	 * @param nativePings whether to ping by the WebSocket protocol's own frames
	 */
	public Heartbeat(LocalSession session, Wheel wheel, long intervalNanos, long timeoutNanos, boolean nativePings) {
		this.session = session;
		this.wheel = wheel;
		this.interval = intervalNanos;
		this.timeout = timeoutNanos;
		this.nativePings = nativePings;
	}

	/**
	 * Wait for the connect command.
	 * @param timeoutNanos for how long
	 */
	public void awaitConnect(long timeoutNanos) {
		schedule(() -> this.session.disconnect(DisconnectReason.STALE), timeoutNanos);
	}

	/**
	 * Begin to ping. The first ping comes at a random moment, so that sessions which came
	 * together do not stay together.
	 */
	public void start() {
		schedule(this::ping, ThreadLocalRandom.current().nextLong(this.interval / 2, this.interval));
	}

	private void ping() {
		this.answered = false;
		this.pauses = this.session.readingPauses();
		if (this.nativePings) {
			this.session.transport().ping();
		}
		else {
			this.session.write(this.session.codec().ping());
		}
		schedule(() -> expect(this.timeout), this.timeout);
	}

	private void expect(long waited) {
		if (this.answered) {
			schedule(this::ping, Math.max(this.interval - waited, 0));
		}
		else if (this.session.isReadingPaused() || this.session.readingPauses() != this.pauses) {
			this.pauses = this.session.readingPauses();
			schedule(() -> expect(waited + SECOND), SECOND);
		}
		else {
			this.session.disconnect(DisconnectReason.NO_PONG);
		}
	}

	/**
	 * The client has answered.
	 */
	public void pong() {
		this.answered = true;
	}

	/**
	 * Stop for good.
	 */
	public synchronized void stop() {
		this.stopped = true;
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

	private synchronized void schedule(Runnable task, long delay) {
		if (this.timer != null) {
			this.timer.cancel();
		}
		if (!this.stopped) {
			this.timer = this.wheel.schedule(task, delay);
		}
	}

}
