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

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;

/**
 * Keys and arguments of the scripts about streams.
 */
final class StreamArguments {

	/** How many ids a room remembers, and for how long. */
	private static final int MAX_IDS = 1_000;

	private static final Duration ID_TIME_TO_LIVE = Duration.ofMinutes(5);

	/**
	 * How long a room's epoch and offset are remembered after its last publication. A
	 * room that is quiet for longer begins a new stream, which its members notice.
	 */
	private static final Duration META_TIME_TO_LIVE = Duration.ofDays(7);

	private static final SecureRandom RANDOM = new SecureRandom();

	private final RedisKeys keys;

	StreamArguments(RedisKeys keys) {
		this.keys = keys;
	}

	byte[][] keys(String room, List<Outgoing> messages) {
		byte[][] stream = this.keys.stream(room);
		List<byte[]> result = new ArrayList<>(List.of(stream));
		messages.stream().map(Outgoing::key).filter(Objects::nonNull).forEach(result::add);
		return result.toArray(new byte[0][]);
	}

	byte[][] publish(String room, RoomSettings settings, RoomSender.Call call) {
		List<byte[]> result = new ArrayList<>(10 + call.messages().size() * 3);
		result.add(RedisKeys.bytes(this.keys.channel(room)));
		result.add(RedisKeys.bytes(epoch()));
		result.add(RedisKeys.bytes(settings.historySize()));
		result.add(RedisKeys.bytes(ids(settings)));
		result.add(RedisKeys.bytes(streamTimeToLive(settings)));
		result.add(RedisKeys.bytes(META_TIME_TO_LIVE.toMillis()));
		result.add(RedisKeys.bytes(ID_TIME_TO_LIVE.toMillis()));
		result.add(RedisKeys.bytes(call.since()));
		result.add(RedisKeys.bytes(call.top().epoch()));
		result.add(RedisKeys.bytes(call.top().offset()));
		for (Outgoing message : call.messages()) {
			result.add(RedisKeys.bytes(message.kind()));
			result.add(RedisKeys.bytes(message.id()));
			result.add(message.body());
		}
		return result.toArray(new byte[0][]);
	}

	/** Return how many ids have a stream of their own. */
	private static int ids(RoomSettings settings) {
		return (settings.historySize() < MAX_IDS) ? MAX_IDS : 0;
	}

	private static long streamTimeToLive(RoomSettings settings) {
		return Math.max(ID_TIME_TO_LIVE.toMillis(),
				settings.hasHistory() ? settings.historyTimeToLive().toMillis() : 0);
	}

	byte[][] history(HistoryQuery query) {
		StreamPosition since = query.since();
		return new byte[][] { RedisKeys.bytes(epoch()), RedisKeys.bytes(META_TIME_TO_LIVE.toMillis()),
				(since != null) ? RedisKeys.bytes(Math.max(since.offset(), 0)) : new byte[0],
				RedisKeys.bytes(query.limit()), RedisKeys.bytes(query.reverse() ? 1 : 0) };
	}

	/**
	 * Return the keys of a room that say what has become of it.
	 */
	Stream<byte[]> checked(String room, RoomSettings settings) {
		byte[][] stream = this.keys.stream(room);
		return Stream.of(stream[0], (ids(settings) > 0) ? stream[2] : stream[1]);
	}

	byte[][] check(List<RoomChannel.Known> rooms) {
		List<byte[]> result = new ArrayList<>(1 + rooms.size() * 3);
		result.add(RedisKeys.bytes(epoch()));
		for (RoomChannel.Known known : rooms) {
			StreamPosition position = known.position();
			result.add(RedisKeys.bytes((position != null) ? position.epoch() : ""));
			result.add(RedisKeys.bytes((position != null) ? position.offset() : 0));
			result.add(RedisKeys.bytes((known.id() != null) ? known.id() : ""));
		}
		return result.toArray(new byte[0][]);
	}

	private static String epoch() {
		return RANDOM.ints(8, 0, 52)
			.collect(StringBuilder::new, (text, i) -> text.append((char) ((i < 26) ? 'a' + i : 'A' + i - 26)),
					StringBuilder::append)
			.toString();
	}

}
