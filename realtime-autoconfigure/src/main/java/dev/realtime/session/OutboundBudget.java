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

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes wait in all queues of this node together. Touched only for sessions that
 * are busy, so that a healthy fan-out never writes to it.
 *
 * @since 0.1.0
 */
public final class OutboundBudget {

	private final AtomicLong queued = new AtomicLong();

	private final long maxBytes;

	/**
	 * Create the budget.
	 * @param maxBytes how many bytes may wait in all; 0 for no limit
	 */
	public OutboundBudget(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	void add(int bytes) {
		this.queued.addAndGet(bytes);
	}

	/**
	 * Return how many bytes wait.
	 * @return the number of bytes
	 */
	public long queuedBytes() {
		return this.queued.get();
	}

	/**
	 * Return by how many bytes the limit is exceeded.
	 * @return the number of bytes, 0 or less if it is not
	 */
	public long excess() {
		return (this.maxBytes > 0) ? this.queued.get() - this.maxBytes : 0;
	}

}
