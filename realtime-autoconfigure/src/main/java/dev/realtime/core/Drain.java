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

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import dev.realtime.DisconnectReason;
import dev.realtime.session.LocalSession;
import dev.realtime.session.SessionRegistry;
import dev.realtime.session.Wheel;

/**
 * Ends sessions batch by batch, on the wheel's thread, and waits for them to be gone.
 */
final class Drain implements Runnable {

	private final Wheel wheel;

	private final SessionRegistry registry;

	private final EngineSettings settings;

	private final List<LocalSession> sessions;

	private final Runnable done;

	private final long start = System.nanoTime();

	private int next;

	Drain(Wheel wheel, SessionRegistry registry, EngineSettings settings, List<LocalSession> sessions, Runnable done) {
		this.wheel = wheel;
		this.registry = registry;
		this.settings = settings;
		this.sessions = sessions;
		this.done = done;
	}

	@Override
	public void run() {
		int end = Math.min(this.next + this.settings.drainBatchSize(), this.sessions.size());
		while (this.next < end) {
			this.sessions.get(this.next++).disconnect(DisconnectReason.SHUTDOWN);
		}
		boolean late = System.nanoTime() - this.start > this.settings.drainTimeout().toNanos();
		if (this.registry.size() == 0 || late) {
			this.done.run();
			return;
		}
		long interval = this.settings.drainBatchInterval().toNanos();
		this.wheel.schedule(this, ThreadLocalRandom.current().nextLong(interval / 2, interval * 3 / 2 + 1));
	}

}
