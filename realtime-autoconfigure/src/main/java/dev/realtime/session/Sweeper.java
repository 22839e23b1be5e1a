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

import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

import dev.realtime.DisconnectReason;

/**
 * Looks after all outbound queues once a second: ends sessions whose write is stuck, and
 * those with the longest queues while all of them together are over the node's budget.
 *
 * @since 0.1.0
 */
public final class Sweeper implements Runnable {

	private final SessionRegistry sessions;

	private final OutboundBudget budget;

	private final LongSupplier nanoTime;

	/**
	 * Create a sweeper.
	 * @param sessions the sessions
	 * @param budget what their queues share
	 * @param nanoTime the monotonic time in nanoseconds
	 */
	public Sweeper(SessionRegistry sessions, OutboundBudget budget, LongSupplier nanoTime) {
		this.sessions = sessions;
		this.budget = budget;
		this.nanoTime = nanoTime;
	}

	@Override
	public void run() {
		long now = this.nanoTime.getAsLong();
		this.sessions.all().forEach((session) -> session.check(now));
		if (this.budget.excess() > 0) {
			shed();
		}
	}

	private void shed() {
		List<Waiting> worst = this.sessions.all()
			.stream()
			.map((session) -> new Waiting(session, session.waitingBytes()))
			.sorted(Comparator.comparingInt(Waiting::bytes).reversed())
			.toList();
		for (Waiting waiting : worst) {
			if (this.budget.excess() <= 0) {
				return;
			}
			waiting.session().disconnect(DisconnectReason.SLOW);
		}
	}

	/**
	 * A session and what waited for it when it was looked at.
	 */
	private record Waiting(LocalSession session, int bytes) {

	}

}
