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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.ErrorCode;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Publication;
import dev.realtime.RealtimeException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads streams. Thread-safe; nothing blocks.
 */
final class RedisStreams {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisStreams.class));

	private static final HistoryQuery TOP = new HistoryQuery(0, null, false);

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final StreamArguments arguments;

	private final Clock clock;

	RedisStreams(RedisCommands commands, RedisKeys keys, StreamArguments arguments, Clock clock) {
		this.commands = commands;
		this.keys = keys;
		this.arguments = arguments;
		this.clock = clock;
	}

	/**
	 * Return where a stream stands. It begins if there is none.
	 */
	CompletionStage<StreamPosition> top(String room) {
		return this.commands.run(RedisScript.HISTORY, this.keys.stream(room), this.arguments.history(TOP))
			.thenApply(RedisStreams::position);
	}

	/**
	 * Return where streams stand, without those that there are not. A stream that is not
	 * the one any more of which something was got has a new epoch then. All rooms are of
	 * one partition.
	 */
	CompletionStage<Map<String, StreamPosition>> check(List<RoomChannel.Known> rooms) {
		byte[][] names = rooms.stream()
			.flatMap((known) -> this.arguments.checked(known.room(), known.settings()))
			.toArray(byte[][]::new);
		return this.commands.run(RedisScript.CHECK, names, this.arguments.check(rooms)).thenApply((reply) -> {
			Map<String, StreamPosition> result = new HashMap<>();
			for (int i = 0; i < rooms.size(); i++) {
				String epoch = text(reply.get(2 * i));
				if (!epoch.isEmpty()) {
					result.put(rooms.get(i).room(),
							new StreamPosition(Long.parseLong(text(reply.get(2 * i + 1))), epoch));
				}
			}
			return result;
		});
	}

	CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
		return read(room, query).thenCompose((messages) -> {
			StreamPosition since = query.since();
			if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(messages.top().epoch())) {
				throw new RealtimeException(ErrorCode.UNRECOVERABLE_POSITION);
			}
			History history = young(messages, settings);
			boolean cut = query.limit() > 0 && history.publications().size() < messages.messages().size();
			return cut ? unlimited(room, settings, query) : CompletableFuture.completedFuture(history);
		});
	}

	/** What is too old must not count. It is there only until the stream is trimmed. */
	private CompletionStage<History> unlimited(String room, RoomSettings settings, HistoryQuery query) {
		return read(room, new HistoryQuery(-1, query.since(), query.reverse())).thenApply((messages) -> {
			History all = young(messages, settings);
			int count = Math.min(query.limit(), all.publications().size());
			return new History(all.publications().subList(0, count), all.top());
		});
	}

	private History young(Messages messages, RoomSettings settings) {
		long oldest = this.clock.millis() - settings.historyTimeToLive().toMillis();
		List<Publication> publications = new ArrayList<>(messages.messages().size());
		for (RelayMessage message : messages.messages()) {
			if (settings.hasHistory() && message.publication().time() >= oldest) {
				publications.add(message.publication());
			}
		}
		return new History(publications, messages.top());
	}

	/**
	 * Forget the publications of a stream, which goes on.
	 */
	CompletionStage<@Nullable Void> remove(String room) {
		byte[] key = this.keys.stream(room)[1];
		return this.commands.send(key, (redis) -> redis.del(key)).thenApply((count) -> null);
	}

	/**
	 * Read messages as they are kept.
	 */
	CompletionStage<Messages> read(String room, HistoryQuery query) {
		return this.commands.run(RedisScript.HISTORY, this.keys.stream(room), this.arguments.history(query))
			.thenApply((reply) -> messages(room, reply));
	}

	private static Messages messages(String room, List<Object> reply) {
		StreamPosition top = position(reply);
		List<RelayMessage> messages = new ArrayList<>(reply.size() / 2);
		for (int i = 2; i + 1 < reply.size(); i += 2) {
			try {
				messages.add(EnvelopeCodec.decode(room, top.epoch(), Long.parseLong(text(reply.get(i))), true,
						(byte[]) reply.get(i + 1)));
			}
			catch (ProtocolException | NumberFormatException | ClassCastException ex) {
				logger.warn("entry", "Something in the history of " + room + " is no publication");
			}
		}
		return new Messages(top, messages);
	}

	private static StreamPosition position(List<Object> reply) {
		return new StreamPosition(Long.parseLong(text(reply.get(1))), text(reply.get(0)));
	}

	private static String text(Object item) {
		return new String((byte[]) item, StandardCharsets.UTF_8);
	}

	/**
	 * A part of a stream.
	 */
	record Messages(StreamPosition top, List<RelayMessage> messages) {

	}

}
