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

package dev.realtime.room;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.ErrorCode;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.presence.Arrival;
import dev.realtime.protocol.Result;
import dev.realtime.relay.RelayMessage;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Lets sessions into a room: begins its subscription with the first one, adds each to the
 * room's presence and reads what it missed, while what happens is kept for it. Used on
 * the room's stripe only.
 */
final class Entrance {

	private final List<PendingJoin> pending = new ArrayList<>(1);

	private final Room room;

	private State state = State.CLOSED;

	Entrance(Room room) {
		this.room = room;
	}

	/**
	 * Return whether messages arrive.
	 */
	boolean isLive() {
		return this.state == State.LIVE;
	}

	/**
	 * Return whether nobody waits.
	 */
	boolean isEmpty() {
		return this.pending.isEmpty();
	}

	/** The subscription has ended. */
	void close() {
		this.state = State.CLOSED;
	}

	/** What happened meanwhile cannot be known. */
	void invalidate() {
		this.pending.forEach(PendingJoin::invalidate);
	}

	/** Something has happened. */
	void keep(RelayMessage message) {
		this.pending.forEach((join) -> join.keep(message));
	}

	void join(JoinRequest request) {
		PendingJoin join = new PendingJoin(request, this.room.registry().limits());
		this.pending.add(join);
		if (this.state == State.LIVE) {
			enter(join);
		}
		else if (this.state == State.CLOSED) {
			this.state = State.SUBSCRIBING;
			this.room.await(this.room.registry().relay().subscribe(this.room.name(), this.room.settings(), this.room),
					this::subscribed);
		}
	}

	private void subscribed(@Nullable StreamPosition top, @Nullable Throwable failure) {
		if (top == null) {
			this.state = State.CLOSED;
			List.copyOf(this.pending).forEach((join) -> fail(join, ErrorCode.INTERNAL));
			return;
		}
		this.state = State.LIVE;
		this.room.begin(top);
		List.copyOf(this.pending).forEach(this::enter);
	}

	private void enter(PendingJoin join) {
		if (!this.room.settings().presence()) {
			recover(join);
			return;
		}
		Subscription subscription = join.request().subscription();
		this.room.await(this.room.registry().grace().arrive(this.room.name(), subscription.member()),
				(arrival, failure) -> {
					join.arrived((arrival != null) ? arrival : new Arrival(this.room.memberCount() + 1, false));
					recover(join);
				});
	}

	private void recover(PendingJoin join) {
		StreamPosition since = join.request().since();
		if (since == null || !this.room.settings().isRecoverable()) {
			finish(join, null, null);
			return;
		}
		if (!join.startReading()) {
			finish(join, since, null);
			return;
		}
		HistoryQuery query = HistoryQuery.after(new StreamPosition(since.offset(), ""),
				this.room.registry().limits().recoveryPublications() + 1);
		this.room.await(this.room.registry().relay().history(this.room.name(), this.room.settings(), query),
				(history, failure) -> read(join, since, history));
	}

	private void read(PendingJoin join, StreamPosition since, @Nullable History history) {
		if (history != null && join.hasOverflown()) {
			recover(join);
			return;
		}
		finish(join, since, (history != null) ? join.missed(since, history, this.room.registry().limits()) : null);
	}

	/**
	 * Make a pending join a membership.
	 * @param since where the client wants to recover from, or null
	 * @param missed what it missed, or null if it cannot be recovered
	 */
	private void finish(PendingJoin join, @Nullable StreamPosition since, @Nullable List<Publication> missed) {
		JoinRequest request = join.request();
		Subscription subscription = request.subscription();
		if (subscription.isEnded()) {
			fail(join, ErrorCode.PERMISSION_DENIED);
			return;
		}
		if (since != null && missed == null && request.rejectUnrecoverable()) {
			fail(join, ErrorCode.UNRECOVERABLE_POSITION);
			return;
		}
		this.pending.remove(join);
		boolean first = this.room.admit(subscription, covered(since, missed));
		if (this.room.settings().presence() && !join.isBack() && !this.room.settings().isCrowd(join.occupancy())) {
			// Comes back through the inbox, so after the reply, but before whoever joins
			// because of it
			this.room.announce(RelayMessage.joined(this.room.name(), subscription.member()));
		}
		request.reply().joined(result(request, since, missed));
		this.room.registry().observer().joined(subscription, first);
	}

	/**
	 * Return up to which offset a subscribe reply covers the stream, -1 for all there is.
	 */
	private static long covered(@Nullable StreamPosition since, @Nullable List<Publication> missed) {
		if (since == null || missed == null) {
			return -1;
		}
		return missed.isEmpty() ? since.offset() : missed.get(missed.size() - 1).offset();
	}

	private Result.Subscribed result(JoinRequest request, @Nullable StreamPosition since,
			@Nullable List<Publication> missed) {
		boolean recoverable = this.room.settings().isRecoverable();
		StreamPosition told = this.room.position();
		if (since != null && missed != null) {
			told = new StreamPosition(since.offset(), told.epoch());
		}
		return new Result.Subscribed(recoverable, recoverable ? told : null,
				(request.since() != null) ? missed != null : null, (missed != null) ? missed : List.of(),
				request.data());
	}

	private void fail(PendingJoin join, ErrorCode error) {
		Subscription subscription = join.request().subscription();
		this.pending.remove(join);
		subscription.end();
		if (this.room.settings().presence() && subscription.session().subscription(this.room.name()) == null) {
			this.room.registry().presence().remove(this.room.name(), subscription.session().id());
			if (join.isBack()) {
				this.room.left(subscription, join.occupancy());
			}
		}
		join.request().reply().failed(error);
	}

	/**
	 * What has become of the subscription.
	 */
	private enum State {

		CLOSED, SUBSCRIBING, LIVE

	}

}
