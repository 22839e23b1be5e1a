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

package dev.realtime.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;

/**
 * Logs at most one line per second and cause, however often something fails, or one per
 * minute of what goes on. Thread-safe.
 */
final class LimitedLog {

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private static final long STATE_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private static final int MAX_CAUSES = 100;

	private final Map<String, Long> times = new ConcurrentHashMap<>();

	private final Log log;

	private final long interval;

	LimitedLog(Log log) {
		this(log, INTERVAL);
	}

	private LimitedLog(Log log, long interval) {
		this.log = log;
		this.interval = interval;
	}

	/**
	 * Create a log of what goes on until {@link #forget()}.
	 */
	static LimitedLog ofStates(Log log) {
		return new LimitedLog(log, STATE_INTERVAL);
	}

	/**
	 * Warn.
	 * @param cause what lines are counted by
	 * @param message the line
	 */
	void warn(String cause, String message) {
		long now = System.nanoTime();
		if (this.times.size() > MAX_CAUSES) {
			this.times.clear();
		}
		boolean[] due = new boolean[1];
		this.times.compute(cause, (key, last) -> {
			due[0] = last == null || now - last >= this.interval;
			return Long.valueOf((last == null || due[0]) ? now : last);
		});
		if (due[0]) {
			this.log.warn(message);
		}
	}

	/**
	 * What goes on from now on is new, but for what was told within the last second.
	 */
	void forget() {
		this.times.replaceAll((cause, last) -> last + INTERVAL - this.interval);
	}

}
