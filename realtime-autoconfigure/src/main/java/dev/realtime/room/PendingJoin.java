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

import dev.realtime.History;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.presence.Arrival;
import dev.realtime.relay.RelayMessage;
import org.jspecify.annotations.Nullable;

/**
 * A join that waits for something. While it waits for the history, what happens in the
 * room is kept for it. For the room's stripe only.
 */
final class PendingJoin {

	private static final int MAX_READS = 3;

	private final JoinRequest request;

	private final int limit;

	private final List<RelayMessage> buffer = new ArrayList<>(0);

	private boolean buffering;

	private boolean overflow;

	private int reads;

	private int occupancy;

	private boolean back;

	PendingJoin(JoinRequest request, RoomLimits limits) {
		this.request = request;
		this.limit = limits.recoveryPublications();
	}

	JoinRequest request() {
		return this.request;
	}

	/**
	 * Return how many members the room had when this one was added to its presence.
	 */
	int occupancy() {
		return this.occupancy;
	}

	/**
	 * Return whether it has taken the place of one that was expected back.
	 */
	boolean isBack() {
		return this.back;
	}

	void arrived(Arrival arrival) {
		this.occupancy = arrival.occupancy();
		this.back = arrival.back();
	}

	/**
	 * Begin to keep what happens, before the history is read.
	 * @return {@code false} if it was tried often enough
	 */
	boolean startReading() {
		this.buffer.clear();
		this.overflow = false;
		this.buffering = true;
		return ++this.reads <= MAX_READS;
	}

	void keep(RelayMessage message) {
		if (this.buffering && !this.overflow) {
			this.overflow = this.buffer.size() >= this.limit;
			this.buffer.add(message);
		}
	}

	/**
	 * What happened meanwhile cannot be known: the history must be read again.
	 */
	void invalidate() {
		this.overflow = this.buffering;
	}

	/**
	 * Return whether more happened than could be kept, so that the history must be read
	 * again.
	 */
	boolean hasOverflown() {
		return this.overflow;
	}

	/**
	 * Put together what was missed, all or nothing.
	 * @param since where the client left off
	 * @param history what came after, up to the top, or one publication more than allowed
	 * @param limits the bounds
	 * @return the missed publications, or {@code null} if some are gone
	 */
	@Nullable List<Publication> missed(StreamPosition since, History history, RoomLimits limits) {
		boolean sameStream = since.epoch().isEmpty() || since.epoch().equals(history.top().epoch());
		List<Publication> missed = new ArrayList<>(history.publications());
		if (!sameStream || !reaches(since.offset(), missed, history.top().offset())) {
			return null;
		}
		long last = history.top().offset();
		for (RelayMessage message : this.buffer) {
			boolean sameEpoch = message.epoch().equals(history.top().epoch());
			if (message.offset() > last || !sameEpoch) {
				if (message.offset() != last + 1 || !sameEpoch) {
					return null;
				}
				missed.add(message.publication());
				last = message.offset();
			}
		}
		return fits(missed, limits) ? missed : null;
	}

	private boolean reaches(long since, List<Publication> missed, long top) {
		if (missed.isEmpty()) {
			return since == top;
		}
		return missed.get(0).offset() == since + 1 && missed.get(missed.size() - 1).offset() == top;
	}

	private boolean fits(List<Publication> missed, RoomLimits limits) {
		long bytes = 0;
		for (Publication publication : missed) {
			bytes += publication.data().length();
		}
		return missed.size() <= limits.recoveryPublications() && bytes <= limits.recoveryBytes();
	}

}
