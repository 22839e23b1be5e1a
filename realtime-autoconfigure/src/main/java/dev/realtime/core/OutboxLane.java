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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishResult;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import org.jspecify.annotations.Nullable;

/**
 * What one room has on its way. Once a publication has failed and is stored, those that
 * come later are stored behind it, until all have gone out. What failed is stored when
 * nothing of the room is in flight any more, so that the order of the room holds. At the
 * end nothing more is stored: what waits then goes out from memory, one after the other,
 * before what comes later may go out by itself. Thread-safe; it calls nobody.
 */
final class OutboxLane {

	private final List<Item> items = new ArrayList<>(2);

	private final String room;

	private final RoomSettings settings;

	private int flying;

	private int held;

	private boolean spilling;

	private boolean storing;

	/** Something may have been stored since the store was last read. */
	private boolean unread;

	/** What is in memory goes out, and what comes later joins it. */
	private boolean resuming;

	OutboxLane(String room, RoomSettings settings) {
		this.room = room;
		this.settings = settings;
	}

	String room() {
		return this.room;
	}

	RoomSettings settings() {
		return this.settings;
	}

	/**
	 * Add a publication.
	 * @param down whether the broker is known to be down, so that it is not tried
	 * @return whether it is to be published now
	 */
	synchronized boolean add(Item item, boolean down) {
		if (down || this.spilling) {
			this.spilling |= item.isStored() || item.spills();
			unread(item.isStored());
			if (!item.isStored() && item.spills()) {
				this.items.add(item);
			}
			return false;
		}
		this.items.add(item);
		this.flying++;
		return true;
	}

	private void unread(boolean stored) {
		this.unread |= stored;
		this.resuming &= !stored;
	}

	/** A publication was accepted. */
	synchronized void accepted(Item item) {
		this.flying--;
		this.items.remove(item);
	}

	/**
	 * A publication has failed.
	 * @return whether it is kept, so that it has not failed for good
	 */
	synchronized boolean failed(Item item) {
		this.flying--;
		boolean kept = item.isStored() || item.spills();
		this.spilling |= kept;
		this.resuming &= !kept;
		unread(item.isStored());
		if (item.isStored() || !kept) {
			this.items.remove(item);
		}
		else {
			this.items.replaceAll((other) -> (other == item) ? item.repeated() : other);
		}
		return kept;
	}

	/**
	 * Take what is to be stored now.
	 * @return the publications in their order, none if something is in flight
	 */
	synchronized List<Item> takeForStoring() {
		if (!this.spilling || this.storing || this.resuming || this.flying > 0 || this.items.isEmpty()) {
			return List.of();
		}
		this.storing = true;
		return List.copyOf(this.items);
	}

	/** What was taken is stored, or could not be. */
	synchronized void stored(List<Item> taken) {
		this.storing = false;
		unread(true);
		this.items.removeAll(taken);
	}

	/**
	 * There are, or are about to be, publications of an open transaction in the store.
	 */
	synchronized void hold() {
		this.held++;
		spill();
	}

	/** The transaction is over. */
	synchronized void unhold() {
		this.held--;
		unread(true);
	}

	/** There are publications of the room in the store. */
	synchronized void spill() {
		this.spilling = true;
		unread(true);
	}

	/** The store is about to be read. */
	synchronized void reading() {
		this.unread = false;
	}

	/**
	 * The store was empty: begin to go back to publishing at once.
	 * @return {@code false} if that may have changed, or something is on its way
	 */
	synchronized boolean resume() {
		this.resuming = this.spilling && !this.unread && !this.storing && this.held == 0 && this.flying == 0;
		return this.resuming;
	}

	/**
	 * Return what has waited in memory for the longest. Once that is nothing, the room is
	 * back to publishing at once.
	 * @return the publication, or {@code null} if there is none or it is to be stored
	 */
	synchronized @Nullable Item next() {
		if (!this.resuming) {
			return null;
		}
		if (this.items.size() > this.flying) {
			return this.items.get(this.flying++);
		}
		this.resuming = false;
		this.spilling = false;
		return null;
	}

	/** Return whether the store has to be read again. */
	synchronized boolean isUnread() {
		return this.spilling && this.unread;
	}

	/**
	 * Return whether something is stored and nothing of it can be on its way, so that it
	 * may be worked off.
	 */
	synchronized boolean isDrainable() {
		return this.spilling && this.flying == 0;
	}

	synchronized boolean isSpilling() {
		return this.spilling;
	}

	synchronized boolean isIdle() {
		return !this.spilling && !this.storing && this.held == 0 && this.items.isEmpty();
	}

	/**
	 * A publication on its way.
	 *
	 * @param message the message
	 * @param row where it is stored already, or 0
	 * @param again whether it may have been published before
	 * @param policy what to do if it fails
	 * @param result completes with what became of it
	 */
	record Item(RelayMessage message, long row, boolean again, OutagePolicy policy,
			CompletableFuture<PublishResult> result) {

		Item repeated() {
			return new Item(this.message, this.row, true, this.policy, this.result);
		}

		boolean isStored() {
			return this.row > 0;
		}

		boolean spills() {
			return this.policy == OutagePolicy.SPILL;
		}

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
