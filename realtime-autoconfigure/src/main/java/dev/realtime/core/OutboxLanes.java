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

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

/**
 * Publishes rooms in order, through the relay while that is up and into the outbox while
 * it is not. Thread-safe; nothing blocks.
 */
final class OutboxLanes {

	private final Map<String, OutboxLane> lanes = new ConcurrentHashMap<>();

	private final RoomRelay relay;

	private final Outbox outbox;

	private final Executor storers;

	private final Consumer<Long> gone;

	private final Clock clock;

	/**
	 * Create the lanes.
	 * @param storers where storing, which blocks, is done
	 * @param gone gets the rows of messages that have gone out
	 */
	OutboxLanes(RoomRelay relay, Outbox outbox, Executor storers, Consumer<Long> gone, Clock clock) {
		this.relay = relay;
		this.outbox = outbox;
		this.storers = storers;
		this.gone = gone;
		this.clock = clock;
	}

	CompletionStage<PublishResult> publish(RelayMessage message, RoomSettings settings, OutagePolicy policy) {
		OutboxLane.Item item = new OutboxLane.Item(message, 0, policy, new CompletableFuture<>());
		start(item, settings);
		return item.result();
	}

	/**
	 * Publish a message that is stored and committed.
	 */
	void publishStored(OutboxMessage stored, RoomSettings settings) {
		try {
			RelayMessage message = EnvelopeCodec.decodePending(stored.room(), stored.body());
			start(new OutboxLane.Item(message, stored.row(), OutagePolicy.SPILL, new CompletableFuture<>()), settings);
		}
		catch (ProtocolException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void start(OutboxLane.Item item, RoomSettings settings) {
		boolean down = this.relay.state() == RelayState.DOWN;
		boolean[] fly = new boolean[1];
		OutboxLane lane = this.lanes.compute(item.message().room(), (room, present) -> {
			OutboxLane result = (present != null) ? present : new OutboxLane(room, settings);
			fly[0] = result.add(item, down);
			return result;
		});
		if (fly[0]) {
			this.relay.publish(item.message(), settings)
				.whenComplete((position, failure) -> settle(lane, item, position, failure));
			return;
		}
		if (!item.isStored() && !item.spills()) {
			item.result().completeExceptionally(new RelayUnavailableException("The broker is down", null));
		}
		store(lane);
		release(lane);
	}

	private void settle(OutboxLane lane, OutboxLane.Item item, @Nullable StreamPosition position,
			@Nullable Throwable failure) {
		if (position != null) {
			lane.accepted(item);
			if (item.isStored()) {
				this.gone.accept(item.row());
			}
			item.result().complete(new PublishResult.Published(position));
		}
		else if (!lane.failed(item) && failure != null) {
			item.result().completeExceptionally(Responder.unwrap(failure));
		}
		store(lane);
		release(lane);
	}

	private void store(OutboxLane lane) {
		List<OutboxLane.Item> items = lane.takeForStoring();
		if (!items.isEmpty()) {
			this.storers.execute(() -> store(lane, items));
		}
	}

	private void store(OutboxLane lane, List<OutboxLane.Item> items) {
		try {
			this.outbox
				.store(items.stream().map((item) -> OutageHandling.pending(item.message(), this.clock)).toList());
			lane.stored(items);
			items.forEach((item) -> item.result().complete(new PublishResult.Spilled()));
		}
		catch (RuntimeException ex) {
			lane.stored(items);
			RuntimeException failure = (ex instanceof OutboxException) ? ex
					: new OutboxException("The publication could not be stored", ex);
			items.forEach((item) -> item.result().completeExceptionally(failure));
		}
		store(lane);
	}

	private void release(OutboxLane lane) {
		this.lanes.computeIfPresent(lane.room(), (room, present) -> present.isIdle() ? null : present);
	}

	/**
	 * Return the rooms of which something is stored, as far as this node knows.
	 */
	Set<String> spilling() {
		Set<String> rooms = ConcurrentHashMap.newKeySet();
		this.lanes.forEach((room, lane) -> {
			if (lane.isSpilling()) {
				rooms.add(room);
			}
		});
		return rooms;
	}

	/**
	 * Let what comes later wait for what is stored.
	 */
	void spill(String room, RoomSettings settings) {
		this.lanes.compute(room, (name, present) -> {
			OutboxLane lane = (present != null) ? present : new OutboxLane(name, settings);
			lane.spill();
			return lane;
		});
	}

	/**
	 * Return how often something of a room was stored, as far as this node knows.
	 */
	int stores(String room) {
		OutboxLane lane = this.lanes.get(room);
		return (lane != null) ? lane.stores() : 0;
	}

	/**
	 * Let a room of which nothing is stored go back to publishing at once.
	 * @param stores how often something had been stored before that was found out
	 * @return {@code false} if something has come meanwhile
	 */
	boolean resume(String room, int stores) {
		OutboxLane lane = this.lanes.get(room);
		if (lane == null) {
			return true;
		}
		boolean resumed = lane.resume(stores);
		release(lane);
		return resumed;
	}

}
