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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.jspecify.annotations.Nullable;

/**
 * What one room has to publish. One call is in flight at a time; what comes meanwhile
 * joins the next. While it is not known what has become of a call nothing else of the
 * room is sent, so that its order holds whatever fails. Thread-safe.
 */
final class RoomSender {

	private static final int MAX_MESSAGES = 64;

	private static final int MAX_BYTES = 256 * 1024;

	private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();

	private final String room;

	private final RoomSettings settings;

	private List<Outgoing> batch = List.of();

	private boolean inFlight;

	private boolean uncertain;

	private long retryAt;

	/**
	 * The newest publication that this node knows of, so that Redis cannot fall behind.
	 */
	private StreamPosition top = StreamPosition.START;

	private long usedAt;

	RoomSender(String room, RoomSettings settings) {
		this.room = room;
		this.settings = settings;
	}

	String room() {
		return this.room;
	}

	RoomSettings settings() {
		return this.settings;
	}

	synchronized void add(Outgoing message, long now) {
		this.queue.add(message);
		this.usedAt = now;
	}

	/**
	 * Take what is to be sent next.
	 * @param now the monotonic time
	 * @return the call, or {@code null} if there is nothing or another one is in flight
	 */
	synchronized @Nullable Call take(long now) {
		if (this.inFlight || (!this.batch.isEmpty() && now - this.retryAt < 0)) {
			return null;
		}
		if (this.batch.isEmpty()) {
			fill();
		}
		if (this.batch.isEmpty()) {
			return null;
		}
		this.inFlight = true;
		boolean again = this.batch.stream().anyMatch(Outgoing::again);
		// What is replayed may be older than the attempt of which the outcome is unknown
		return new Call(this.batch, this.top, again ? 0 : (this.uncertain ? this.top.offset() : -1));
	}

	private void fill() {
		List<Outgoing> next = new ArrayList<>();
		int bytes = 0;
		Outgoing message = this.queue.peek();
		while (message != null && next.size() < MAX_MESSAGES
				&& (next.isEmpty() || bytes + message.bytes() <= MAX_BYTES)) {
			next.add(this.queue.remove());
			bytes += message.bytes();
			message = this.queue.peek();
		}
		this.batch = next;
	}

	/**
	 * A call has been answered.
	 * @param accepted how many of its messages have been accepted
	 * @param top the newest publication
	 * @param rest whether the others may be tried again
	 * @param retryAt when, by the monotonic clock
	 * @return the messages that have failed for good
	 */
	synchronized List<Outgoing> answered(int accepted, @Nullable StreamPosition top, RedisFailure rest, long retryAt) {
		this.inFlight = false;
		if (this.batch.isEmpty()) {
			return List.of();
		}
		if (top != null && (!top.epoch().equals(this.top.epoch()) || top.offset() > this.top.offset())) {
			this.top = top;
		}
		this.uncertain = rest == RedisFailure.UNKNOWN
				|| (this.uncertain && accepted == 0 && rest == RedisFailure.RETRY);
		this.retryAt = retryAt;
		List<Outgoing> remaining = List.copyOf(this.batch.subList(accepted, this.batch.size()));
		boolean again = rest != RedisFailure.REFUSED;
		this.batch = again ? remaining : List.of();
		return again ? List.of() : remaining;
	}

	/**
	 * Take all if one of them has waited for too long: what came later must not overtake
	 * it, wherever it goes now.
	 * @param now the monotonic time
	 * @return the messages that have failed, in their order
	 */
	synchronized List<Outgoing> expire(long now) {
		boolean late = !this.inFlight && (isLate(this.batch, now) || isLate(this.queue, now));
		return late ? takeAll() : List.of();
	}

	private static boolean isLate(Collection<Outgoing> messages, long now) {
		return messages.stream().anyMatch((message) -> now - message.deadline() >= 0);
	}

	/**
	 * Take all, be it in flight or not: nothing is to wait any more. An answer that still
	 * comes has no effect.
	 * @return the messages, in their order
	 */
	synchronized List<Outgoing> takeAll() {
		List<Outgoing> waiting = new ArrayList<>(this.batch);
		waiting.addAll(this.queue);
		this.batch = List.of();
		this.queue.clear();
		return waiting;
	}

	/**
	 * Return whether nothing has been published for some time.
	 */
	synchronized boolean isUnused(long now, long nanos) {
		return isIdle() && now - this.usedAt >= nanos;
	}

	synchronized boolean isIdle() {
		return !this.inFlight && this.batch.isEmpty() && this.queue.isEmpty();
	}

	/**
	 * Messages that are sent together.
	 *
	 * @param messages the messages
	 * @param top the newest publication that is known
	 * @param since from which offset on they may be there already, or -1 if they cannot
	 */
	record Call(List<Outgoing> messages, StreamPosition top, long since) {

	}

}
