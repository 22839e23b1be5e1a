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

import java.util.Collection;
import java.util.List;

import dev.realtime.OutboxBacklog;
import dev.realtime.OutboxOperations;
import dev.realtime.ParkedMessage;
import dev.realtime.outbox.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * What an operator can do with the outbox, if there is one. Thread-safe.
 */
final class OutboxTemplate implements OutboxOperations {

	private final @Nullable Outbox outbox;

	private final Runnable retried;

	/**
	 * Create the operations.
	 * @param retried called when there may be more to work off
	 */
	OutboxTemplate(@Nullable Outbox outbox, Runnable retried) {
		this.outbox = outbox;
		this.retried = retried;
	}

	@Override
	public OutboxBacklog backlog() {
		return (this.outbox != null) ? this.outbox.backlog() : OutboxBacklog.NONE;
	}

	@Override
	public List<ParkedMessage> parked(int max) {
		return (this.outbox != null) ? this.outbox.parked(max) : List.of();
	}

	@Override
	public int retry(Collection<Long> rows) {
		int number = (this.outbox != null) ? this.outbox.retryParked(rows) : 0;
		this.retried.run();
		return number;
	}

	@Override
	public int retryAll() {
		int number = (this.outbox != null) ? this.outbox.retryParked() : 0;
		this.retried.run();
		return number;
	}

	@Override
	public int discard(Collection<Long> rows) {
		return (this.outbox != null) ? this.outbox.discardParked(rows) : 0;
	}

}
