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

/**
 * What one room has on its way. Once a publication has failed and is stored, those that
 * come later are stored behind it, until all have gone out. What failed is stored when
 * nothing of the room is in flight any more, so that the order of the room holds.
 * Thread-safe; it calls nobody.
 */
final class OutboxLane {

	private final List<Item> items = new ArrayList<>(2);

	private final String room;

	private final RoomSettings settings;

	private int flying;

	private boolean spilling;

	private boolean storing;

	/** How often something was stored. */
	private int stores;

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
			if (!item.isStored() && item.spills()) {
				this.items.add(item);
			}
			return false;
		}
		this.items.add(item);
		this.flying++;
		return true;
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
		if (item.isStored() || !kept) {
			this.items.remove(item);
		}
		return kept;
	}

	/**
	 * Take what is to be stored now.
	 * @return the publications in their order, none if something is in flight
	 */
	synchronized List<Item> takeForStoring() {
		if (!this.spilling || this.storing || this.flying > 0 || this.items.isEmpty()) {
			return List.of();
		}
		this.storing = true;
		return List.copyOf(this.items);
	}

	/** What was taken is stored, or could not be. */
	synchronized void stored(List<Item> taken) {
		this.storing = false;
		this.stores++;
		this.items.removeAll(taken);
	}

	/** There are publications of the room in the store. */
	synchronized void spill() {
		this.spilling = true;
	}

	/**
	 * Return how often something was stored.
	 */
	synchronized int stores() {
		return this.stores;
	}

	/**
	 * Go back to publishing at once, if nothing is waiting.
	 * @param stores how often something had been stored before the store was found empty
	 * @return {@code false} if something is waiting, or has been stored since
	 */
	synchronized boolean resume(int stores) {
		if (stores != this.stores || this.flying > 0 || this.storing || !this.items.isEmpty()) {
			return false;
		}
		this.spilling = false;
		return true;
	}

	synchronized boolean isSpilling() {
		return this.spilling;
	}

	synchronized boolean isIdle() {
		return !this.spilling && !this.storing && this.items.isEmpty();
	}

	/**
	 * A publication on its way.
	 *
	 * @param message the message
	 * @param row where it is stored already, or 0
	 * @param policy what to do if it fails
	 * @param result completes with what became of it
	 */
	record Item(RelayMessage message, long row, OutagePolicy policy, CompletableFuture<PublishResult> result) {

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
