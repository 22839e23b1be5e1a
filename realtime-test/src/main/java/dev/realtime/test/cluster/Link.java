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

package dev.realtime.test.cluster;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;

/**
 * The subscription of one node to one room. What it missed is guarded by the lock of its
 * cable.
 */
final class Link {

	private final String room;

	private final RoomSettings settings;

	private final Cable cable;

	private final RelaySubscriber subscriber;

	private final List<RelayMessage> missed = new ArrayList<>();

	Link(String room, RoomSettings settings, Cable cable, RelaySubscriber subscriber) {
		this.room = room;
		this.settings = settings;
		this.cable = cable;
		this.subscriber = subscriber;
	}

	String room() {
		return this.room;
	}

	RoomSettings settings() {
		return this.settings;
	}

	Cable cable() {
		return this.cable;
	}

	boolean belongsTo(RelaySubscriber subscriber) {
		return this.subscriber == subscriber;
	}

	void send(RelayMessage message) {
		this.cable.send(new Message(this, message));
	}

	/**
	 * Return the offset of the first publication that was missed, or 0 if none was.
	 */
	long firstMissed() {
		synchronized (this.cable) {
			return this.missed.isEmpty() ? 0 : this.missed.get(0).offset();
		}
	}

	/**
	 * Take what to deliver when the node is back.
	 * @param everything whether the room still has all that was missed; otherwise the
	 * newest has to show that others are missing
	 */
	List<Message> takeMissed(boolean everything) {
		List<RelayMessage> taken = new ArrayList<>(this.missed);
		this.missed.clear();
		int from = everything ? 0 : Math.max(0, taken.size() - 1);
		// A single one would hide the gap: it follows the last one that arrived
		boolean hides = !everything && taken.size() == 1;
		return hides ? List.of()
				: taken.subList(from, taken.size()).stream().map((message) -> new Message(this, message)).toList();
	}

	/**
	 * A message on its way.
	 *
	 * @param link the subscription that it is for
	 * @param message the message
	 */
	record Message(Link link, RelayMessage message) implements Cable.Parcel {

		@Override
		public void arrived() {
			this.link.subscriber.offer(this.message);
			this.link.subscriber.flush(false);
		}

		@Override
		public void missed() {
			if (this.message.type() == RelayMessage.Type.PUBLICATION) {
				this.link.missed.add(this.message);
			}
		}

	}

}
