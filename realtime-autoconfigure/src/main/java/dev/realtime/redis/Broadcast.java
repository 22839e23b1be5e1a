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

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.realtime.RelayUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A control message under way, until all nodes that are alive have answered. Thread-safe;
 * the stage is completed outside of the lock.
 */
final class Broadcast {

	private static final int MAX_ANSWERS = 10_000;

	private final CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();

	private final byte[] message;

	private final ControlChange change;

	private final Set<String> waitingFor;

	private final Set<String> answered = new HashSet<>();

	private final long deadline;

	private boolean sending;

	private boolean accepted;

	private long lastSent;

	private @Nullable Throwable failure;

	Broadcast(byte[] message, ControlChange change, Set<String> nodes, long deadline) {
		this.message = message;
		this.change = change;
		this.waitingFor = new HashSet<>(nodes);
		this.deadline = deadline;
	}

	CompletableFuture<@Nullable Void> stage() {
		return this.stage;
	}

	byte[] message() {
		return this.message;
	}

	/** Redis keeps it once only: what came in between would be undone. */
	synchronized ControlChange change() {
		return this.accepted ? ControlChange.NONE : this.change;
	}

	/**
	 * Return whether it has to be sent, for the first time or again, and count it as
	 * being sent if so.
	 */
	synchronized boolean send(long now, long interval) {
		if (this.stage.isDone() || this.sending || (this.lastSent != 0 && now - this.lastSent < interval)) {
			return false;
		}
		this.sending = true;
		this.lastSent = now;
		return true;
	}

	/**
	 * Redis has it, and nodes that have come to be known meanwhile may have it.
	 */
	void accepted(Set<String> nodes) {
		synchronized (this) {
			this.sending = false;
			this.accepted = true;
			this.waitingFor.addAll(nodes);
		}
		completeIfDone();
	}

	synchronized void failed(Throwable reason) {
		this.sending = false;
		this.failure = reason;
	}

	void answered(String node) {
		synchronized (this) {
			if (this.answered.size() < MAX_ANSWERS) {
				this.answered.add(node);
			}
		}
		completeIfDone();
	}

	private void completeIfDone() {
		boolean done;
		synchronized (this) {
			done = this.accepted && this.answered.containsAll(this.waitingFor);
		}
		if (done) {
			this.stage.complete(null);
		}
	}

	/**
	 * Wait no longer for nodes that are not alive any more, nor for any after the
	 * deadline.
	 * @return whether it is over
	 */
	boolean check(long now, Set<String> alive) {
		synchronized (this) {
			this.waitingFor.removeIf((node) -> !this.answered.contains(node) && !alive.contains(node));
		}
		completeIfDone();
		if (now - this.deadline >= 0) {
			fail("in time");
		}
		return this.stage.isDone();
	}

	void fail(String when) {
		this.stage.completeExceptionally(unavailable(when));
	}

	private synchronized RelayUnavailableException unavailable(String when) {
		if (!this.accepted) {
			return new RelayUnavailableException("Redis has not accepted it " + when, this.failure);
		}
		Set<String> missing = new HashSet<>(this.waitingFor);
		missing.removeAll(this.answered);
		return new RelayUnavailableException(missing.size() + " of " + this.waitingFor.size()
				+ " other nodes have not confirmed it " + when + ": " + missing, this.failure);
	}

}
