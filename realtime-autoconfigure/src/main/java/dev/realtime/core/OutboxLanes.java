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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

	private final Consumer<RelayMessage> spilled;

	private final Clock clock;

	/**
	 * Create the lanes.
	 * @param storers where storing, which blocks, is done
	 * @param gone gets the rows of messages that have gone out
	 * @param spilled gets the messages that are stored and have to wait
	 */
	OutboxLanes(RoomRelay relay, Outbox outbox, Executor storers, Consumer<Long> gone, Consumer<RelayMessage> spilled,
			Clock clock) {
		this.relay = relay;
		this.outbox = outbox;
		this.storers = storers;
		this.gone = gone;
		this.spilled = spilled;
		this.clock = clock;
	}

	CompletionStage<PublishResult> publish(RelayMessage message, RoomSettings settings, OutagePolicy policy) {
		OutboxLane.Item item = new OutboxLane.Item(message, 0, false, policy, new CompletableFuture<>());
		start(item, settings);
		return item.result();
	}

	/**
	 * Publish a message that is stored and committed.
	 * @param again whether another node may have found and published it
	 */
	void publishStored(OutboxMessage stored, RoomSettings settings, boolean again) {
		try {
			RelayMessage message = EnvelopeCodec.decodePending(stored.room(), stored.body());
			start(new OutboxLane.Item(message, stored.row(), again, OutagePolicy.SPILL, new CompletableFuture<>()),
					settings);
		}
		catch (ProtocolException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void start(OutboxLane.Item item, RoomSettings settings) {
		boolean down = this.relay.state(item.message().room()) == RelayState.DOWN;
		boolean[] fly = new boolean[1];
		OutboxLane lane = this.lanes.compute(item.message().room(), (room, present) -> {
			OutboxLane result = (present != null) ? present : new OutboxLane(room, settings);
			fly[0] = result.add(item, down);
			return result;
		});
		if (fly[0]) {
			fly(lane, item);
			return;
		}
		if (item.isStored()) {
			this.spilled.accept(item.message());
		}
		else if (!item.spills()) {
			item.result().completeExceptionally(new RelayUnavailableException("The broker is down", null));
		}
		store(lane);
		release(lane);
	}

	private void fly(OutboxLane lane, OutboxLane.Item item) {
		send(item, lane.settings()).whenComplete((position, failure) -> settle(lane, item, position, failure));
	}

	private CompletionStage<StreamPosition> send(OutboxLane.Item item, RoomSettings settings) {
		try {
			return item.again() ? this.relay.publishAgain(item.message(), settings)
					: this.relay.publish(item.message(), settings);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
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
		else if (lane.failed(item)) {
			if (item.isStored()) {
				this.spilled.accept(item.message());
			}
		}
		else if (failure != null) {
			item.result().completeExceptionally(Responder.unwrap(failure));
		}
		store(lane);
		release(lane);
	}

	private void store(OutboxLane lane) {
		List<OutboxLane.Item> items = lane.takeForStoring();
		if (!items.isEmpty()) {
			try {
				this.storers.execute(() -> store(lane, items));
			}
			catch (RejectedExecutionException ex) {
				OutboxException failure = new OutboxException("The outbox is closed", ex);
				stored(lane, items, items.stream().collect(Collectors.toMap((item) -> item, (item) -> failure)));
			}
		}
	}

	private void store(OutboxLane lane, List<OutboxLane.Item> items) {
		Map<OutboxLane.Item, OutboxException> failures = new HashMap<>();
		write(items, failures);
		stored(lane, items, failures);
		store(lane);
		release(lane);
	}

	private void write(List<OutboxLane.Item> items, Map<OutboxLane.Item, OutboxException> failures) {
		try {
			this.outbox
				.store(items.stream().map((item) -> OutageHandling.pending(item.message(), this.clock)).toList());
		}
		catch (RuntimeException ex) {
			OutboxException failure = (ex instanceof OutboxException known) ? known
					: new OutboxException("The publication could not be stored", ex);
			if (failure.getCause() == null && items.size() > 1) {
				// nothing has failed: one that is refused does not take the others along
				items.forEach((item) -> write(List.of(item), failures));
			}
			else {
				items.forEach((item) -> failures.put(item, failure));
			}
		}
	}

	private void stored(OutboxLane lane, List<OutboxLane.Item> items, Map<OutboxLane.Item, OutboxException> failures) {
		// before others are stored, so that the order is theirs as far as can be
		items.stream()
			.filter((item) -> !failures.containsKey(item))
			.map(OutboxLane.Item::message)
			.forEach(this.spilled);
		lane.stored(items);
		for (OutboxLane.Item item : items) {
			OutboxException failure = failures.get(item);
			if (failure != null) {
				item.result().completeExceptionally(failure);
			}
			else {
				item.result().complete(new PublishResult.Spilled());
			}
		}
	}

	private void release(OutboxLane lane) {
		this.lanes.computeIfPresent(lane.room(), (room, present) -> present.isIdle() ? null : present);
	}

	/**
	 * Return the rooms of which something is stored, as far as this node knows.
	 */
	Set<String> spilling() {
		return rooms(OutboxLane::isSpilling);
	}

	/**
	 * Return those of them of which nothing stored is on its way.
	 */
	Set<String> drainable() {
		return rooms(OutboxLane::isDrainable);
	}

	private Set<String> rooms(Predicate<OutboxLane> condition) {
		Set<String> rooms = new HashSet<>();
		this.lanes.forEach((room, lane) -> {
			if (condition.test(lane)) {
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
	 * Let what comes later wait for what a transaction has stored, until that is over.
	 * @return to be run then
	 */
	Runnable hold(String room, RoomSettings settings) {
		OutboxLane held = this.lanes.compute(room, (name, present) -> {
			OutboxLane lane = (present != null) ? present : new OutboxLane(name, settings);
			lane.hold();
			return lane;
		});
		return held::unhold;
	}

	/** The messages of a room that are stored are about to be read. */
	void reading(String room) {
		OutboxLane lane = this.lanes.get(room);
		if (lane != null) {
			lane.reading();
		}
	}

	/**
	 * Nothing of a room was stored: let it go back to publishing at once, after what has
	 * been waiting in memory.
	 * @return whether something has been stored meanwhile
	 */
	boolean resume(String room) {
		OutboxLane lane = this.lanes.get(room);
		if (lane == null) {
			return false;
		}
		if (lane.resume()) {
			OutboxLane.Item item = lane.next();
			while (item != null) {
				fly(lane, item);
				item = lane.next();
			}
		}
		boolean unread = lane.isUnread();
		store(lane);
		release(lane);
		return unread;
	}

}
