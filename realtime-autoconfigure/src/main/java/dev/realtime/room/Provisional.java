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

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.relay.RelayMessage;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a room have got ahead of its place in the stream, so that they do
 * not get it once more with its place. It knows who came when only while there is such a
 * publication. Lives on the stripe of the room.
 */
final class Provisional {

	/** What is more is not delivered ahead. */
	private static final int MAX_IDS = 1_000;

	/** A power of two. */
	private static final int MAX_RECENT = 512;

	/** Which publications have been delivered ahead, as the how manieth each. */
	private final Map<String, Integer> delivered = new HashMap<>();

	/** Who joined meanwhile, and how many had been delivered by then. */
	private Map<Subscription, Integer> latecomers = new IdentityHashMap<>();

	/** Hashes of the newest ids of the stream. */
	private int @Nullable [] recent;

	private int recentCount;

	private int count;

	/**
	 * A publication has come by the stream.
	 */
	void accepted(@Nullable String id) {
		if (this.recent == null) {
			this.recent = new int[MAX_RECENT];
		}
		this.recent[this.recentCount++ & (MAX_RECENT - 1)] = (id != null) ? id.hashCode() : 0;
	}

	/**
	 * A publication is to be delivered ahead.
	 * @return {@code false} if it must not be: it has been delivered, or could not be
	 * recognized later. One that is only taken for delivered still comes by the stream.
	 */
	boolean add(String id) {
		if (this.delivered.size() >= MAX_IDS || this.delivered.containsKey(id) || isRecent(id.hashCode())) {
			return false;
		}
		this.delivered.put(id, ++this.count);
		return true;
	}

	private boolean isRecent(int hash) {
		return this.recent != null && Arrays.stream(this.recent).anyMatch((other) -> other == hash);
	}

	void joined(Subscription member) {
		if (!this.delivered.isEmpty()) {
			this.latecomers.put(member, this.count);
		}
	}

	void left(Subscription member) {
		this.latecomers.remove(member);
	}

	/**
	 * Nobody who has got anything ahead is a member any more.
	 */
	void clear() {
		this.delivered.clear();
		this.latecomers = new IdentityHashMap<>();
	}

	/**
	 * Find out which messages have been delivered ahead, and remember them no longer.
	 * @return who has got which, or {@code null} if there is none
	 */
	@Nullable Repeats take(List<RelayMessage> messages) {
		if (this.delivered.isEmpty()) {
			return null;
		}
		Map<String, Integer> found = new HashMap<>();
		for (RelayMessage message : messages) {
			Integer number = (message.id() != null) ? this.delivered.remove(message.id()) : null;
			if (number != null) {
				found.put(String.valueOf(message.id()), number);
			}
		}
		Map<Subscription, Integer> late = this.latecomers;
		if (this.delivered.isEmpty()) {
			this.latecomers = new IdentityHashMap<>();
		}
		return found.isEmpty() ? null : new Repeats(found, late);
	}

	/**
	 * Messages that members have got ahead.
	 *
	 * @param numbers which ones they are, by their ids
	 * @param latecomers who has not got all of them
	 */
	record Repeats(Map<String, Integer> numbers, Map<Subscription, Integer> latecomers) {

		boolean isRepeat(RelayMessage message) {
			return message.id() != null && this.numbers.containsKey(message.id());
		}

		boolean isLatecomer(Subscription member) {
			return this.latecomers.containsKey(member);
		}

		boolean has(Subscription member, RelayMessage message) {
			Integer number = (message.id() != null) ? this.numbers.get(message.id()) : null;
			return number != null && number > this.latecomers.getOrDefault(member, 0);
		}

	}

}
