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

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlMessage;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceStore;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes share: the streams of the rooms, who is in them, and who is banned.
 * Subscribes to each room once, and passes on to the nodes that have subscribed.
 * Thread-safe.
 */
final class Hub {

	private final RoomRelay streams = new LocalRoomRelay(Clock.systemUTC());

	private final PresenceStore presence = new InMemoryPresenceStore();

	private final BanStore bans = new InMemoryBanStore(System::nanoTime);

	private final Set<NodeControlBus> nodes = ConcurrentHashMap.newKeySet();

	private final Map<String, Room> rooms = new ConcurrentHashMap<>();

	RoomRelay streams() {
		return this.streams;
	}

	PresenceStore presence() {
		return this.presence;
	}

	BanStore bans() {
		return this.bans;
	}

	void join(NodeControlBus node) {
		this.nodes.add(node);
	}

	void leave(NodeControlBus node) {
		this.nodes.remove(node);
	}

	CompletionStage<@Nullable Void> broadcast(NodeControlBus from, ControlMessage message) {
		keep(message);
		return CompletableFuture.allOf(this.nodes.stream()
			.filter((node) -> node != from)
			.map((node) -> node.deliver(message))
			.toArray(CompletableFuture[]::new));
	}

	private void keep(ControlMessage message) {
		if (message instanceof ControlMessage.Ban ban) {
			this.bans.put(ban);
		}
		else if (message instanceof ControlMessage.Unban lifted) {
			this.bans.remove(lifted.user());
		}
	}

	CompletionStage<StreamPosition> subscribe(Link link) {
		List<CompletionStage<StreamPosition>> position = new ArrayList<>(1);
		this.rooms.compute(link.room(), (name, present) -> {
			Room room = (present != null) ? present : new Room();
			room.links.put(link.cable(), link);
			position.add(this.streams.subscribe(name, link.settings(), room));
			return room;
		});
		return position.get(0);
	}

	void unsubscribe(String name, Cable cable, RelaySubscriber subscriber) {
		this.rooms.computeIfPresent(name, (key, room) -> {
			Link link = room.links.get(cable);
			if (link != null && link.belongsTo(subscriber)) {
				room.links.remove(cable);
			}
			return release(name, room);
		});
	}

	void disconnect(Cable cable) {
		this.rooms.keySet().forEach((name) -> this.rooms.computeIfPresent(name, (key, room) -> {
			room.links.remove(cable);
			return release(name, room);
		}));
	}

	private @Nullable Room release(String name, Room room) {
		if (!room.links.isEmpty()) {
			return room;
		}
		this.streams.unsubscribe(name, room);
		return null;
	}

	/**
	 * Let a node know what it missed, as far as it is still there.
	 */
	void heal(Cable cable) {
		Map<Link, Boolean> complete = new HashMap<>();
		for (Room room : this.rooms.values()) {
			Link link = room.links.get(cable);
			if (link != null) {
				complete.put(link, isComplete(link));
			}
		}
		cable.heal(() -> {
			List<Link.Message> missed = new ArrayList<>();
			complete.forEach((link, everything) -> missed.addAll(link.takeMissed(everything)));
			return missed;
		});
	}

	private boolean isComplete(Link link) {
		long first = link.firstMissed();
		if (first == 0 || !link.settings().hasHistory()) {
			return link.settings().hasHistory();
		}
		CompletableFuture<History> history = this.streams
			.history(link.room(), link.settings(), HistoryQuery.after(new StreamPosition(first - 1, ""), 1))
			.toCompletableFuture();
		List<Publication> found = history.join().publications();
		return !found.isEmpty() && found.get(0).offset() == first;
	}

	/**
	 * Passes on what happens in one room.
	 */
	private static final class Room implements RelaySubscriber {

		private final Map<Cable, Link> links = new ConcurrentHashMap<>();

		@Override
		public void offer(RelayMessage message) {
			this.links.values().forEach((link) -> link.send(message));
		}

		@Override
		public void missed(StreamPosition top) {
			throw new IllegalStateException("Streams in memory lose nothing");
		}

		@Override
		public void flush(boolean here) {
			// Each cable delivers on a thread of its own
		}

	}

}
