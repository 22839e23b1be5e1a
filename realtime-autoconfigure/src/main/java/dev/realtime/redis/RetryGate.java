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

import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Lets one call through now and then while Redis takes nothing, whatever room it is of,
 * so that many rooms that wait do not mean many attempts. Thread-safe; two threads at the
 * same moment may both pass.
 */
final class RetryGate {

	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);

	/** What Redis answers to everybody. */
	private static final Set<String> GENERAL = Set.of("READONLY", "NOREPLICAS", "LOADING", "MASTERDOWN", "BUSY",
			"MISCONF", "OOM", "NOAUTH", "WRONGPASS");

	private volatile boolean closed;

	private volatile long next;

	boolean isOpen(long now) {
		return !this.closed || now - this.next >= 0;
	}

	void passed(long now) {
		if (this.closed) {
			this.next = now + INTERVAL;
		}
	}

	void succeeded() {
		if (this.closed) {
			this.closed = false;
		}
	}

	/**
	 * A call has failed.
	 * @param cause the first word of the answer
	 */
	void failed(String cause, long now) {
		if (GENERAL.contains(cause)) {
			this.next = now + INTERVAL;
			this.closed = true;
		}
	}

}
