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

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.presence.PresenceListener;

/**
 * The members of this node, whatever becomes of Redis. Outlives the runs of the relay.
 * Thread-safe.
 */
final class PresenceBook {

	private final List<PresencePartition> partitions;

	private final RedisKeys keys;

	private volatile PresenceListener listener = (room, member, occupancy) -> {
	};

	PresenceBook(RedisKeys keys) {
		this.keys = keys;
		this.partitions = IntStream.range(0, keys.partitions()).mapToObj(PresencePartition::new).toList();
	}

	List<PresencePartition> partitions() {
		return this.partitions;
	}

	PresencePartition partition(String room) {
		return this.partitions.get(this.keys.partition(room));
	}

	/**
	 * Return whether nobody is here and Redis knows it.
	 */
	boolean isEmpty() {
		return this.partitions.stream().allMatch(PresencePartition::isEmpty);
	}

	PresenceListener listener() {
		return this.listener;
	}

	void listener(PresenceListener listener) {
		this.listener = listener;
	}

}
