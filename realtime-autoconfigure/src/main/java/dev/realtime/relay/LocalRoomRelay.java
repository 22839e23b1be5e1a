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

package dev.realtime.relay;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.jspecify.annotations.Nullable;

/**
 * The relay of a node that is alone. Everything is in memory and every stage is complete
 * when it is returned.
 *
 * @since 0.1.0
 */
public final class LocalRoomRelay implements RoomRelay {

	/** How long an unused stream is remembered at least. */
	private static final long RETENTION_MILLIS = 300_000;

	/** After so many new streams the unused ones are looked for. */
	private static final int SWEEP_INTERVAL = 1_000;

	private final Map<String, LocalStream> streams = new ConcurrentHashMap<>();

	private final AtomicInteger created = new AtomicInteger();

	private final Clock clock;

	private volatile long maxTimeToLive = RETENTION_MILLIS;

	/**
	 * Create the relay.
	 * @param clock tells the time of publications
	 */
	public LocalRoomRelay(Clock clock) {
		this.clock = clock;
	}

	@Override
	public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		return CompletableFuture.completedFuture(with(room, settings, (stream) -> stream.subscribe(subscriber)));
	}

	@Override
	public void unsubscribe(String room, RelaySubscriber subscriber) {
		LocalStream stream = this.streams.get(room);
		if (stream != null) {
			stream.unsubscribe(subscriber, this.clock.millis());
		}
	}

	@Override
	public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
		long now = this.clock.millis();
		LocalStream.Appended appended = with(message.room(), settings,
				(stream) -> stream.append(message, settings, now));
		if (appended.subscriber() != null) {
			appended.subscriber().flush(true);
		}
		return CompletableFuture.completedFuture(appended.position());
	}

	@Override
	public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
		try {
			long now = this.clock.millis();
			return CompletableFuture
				.completedFuture(with(room, settings, (stream) -> stream.read(query, settings, now)));
		}
		catch (RealtimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public CompletionStage<@Nullable Void> removeHistory(String room, RoomSettings settings) {
		LocalStream stream = this.streams.get(room);
		if (stream != null) {
			stream.clear();
		}
		return CompletableFuture.completedFuture(null);
	}

	/** Apply to a stream that is not about to be removed; such a one answers null. */
	private <T> T with(String room, RoomSettings settings, Function<LocalStream, @Nullable T> action) {
		while (true) {
			LocalStream stream = this.streams.get(room);
			T result = action.apply((stream != null) ? stream : create(room, settings));
			if (result != null) {
				return result;
			}
			Thread.onSpinWait();
		}
	}

	private LocalStream create(String room, RoomSettings settings) {
		this.maxTimeToLive = Math.max(this.maxTimeToLive, settings.historyTimeToLive().toMillis());
		if (this.created.incrementAndGet() % SWEEP_INTERVAL == 0) {
			sweep();
		}
		return this.streams.computeIfAbsent(room, (name) -> new LocalStream());
	}

	private void sweep() {
		long oldest = this.clock.millis() - this.maxTimeToLive;
		this.streams.values().removeIf((stream) -> stream.retire(oldest));
	}

}
