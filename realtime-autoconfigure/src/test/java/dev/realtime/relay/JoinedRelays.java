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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;

/**
 * A model of a broker: the relays of several nodes, whose stages complete later and on
 * other threads, in real time. It shows that the contracts can be kept by one.
 */
final class JoinedRelays implements AutoCloseable {

	private final LocalRoomRelay broker = new LocalRoomRelay(Clock.systemUTC());

	private final Map<String, FanOut> rooms = new ConcurrentHashMap<>();

	private final List<Node> nodes = List.of(new Node(), new Node());

	RoomRelay node(int index) {
		return this.nodes.get(index);
	}

	@Override
	public void close() {
		this.nodes.forEach(Node::close);
	}

	private FanOut fanOut(String room, RoomSettings settings) {
		return this.rooms.computeIfAbsent(room, (name) -> {
			FanOut created = new FanOut();
			this.broker.subscribe(room, settings, created);
			return created;
		});
	}

	/** What a room of the broker does with a message. */
	private static final class FanOut implements RelaySubscriber {

		private final List<Node> nodes = new CopyOnWriteArrayList<>();

		@Override
		public void offer(RelayMessage message) {
			this.nodes.forEach((node) -> node.deliver(message));
		}

		@Override
		public void flush(boolean here) {
			// each node does it after its delivery
		}

		@Override
		public void missed(StreamPosition top) {
			throw new IllegalStateException("nothing is missed in one process");
		}

	}

	/** A node with one connection for commands and one for messages. */
	private final class Node implements RoomRelay {

		private final ExecutorService commands = Executors.newSingleThreadExecutor();

		private final ExecutorService messages = Executors.newSingleThreadExecutor();

		private final Map<String, RelaySubscriber> subscribers = new ConcurrentHashMap<>();

		@Override
		public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings,
				RelaySubscriber subscriber) {
			this.subscribers.put(room, subscriber);
			return later(() -> {
				FanOut fanOut = fanOut(room, settings);
				if (!fanOut.nodes.contains(this)) {
					fanOut.nodes.add(this);
				}
				return JoinedRelays.this.broker.history(room, settings, RelayFixture.TOP).thenApply(History::top);
			});
		}

		@Override
		public void unsubscribe(String room, RelaySubscriber subscriber) {
			this.subscribers.remove(room, subscriber);
		}

		@Override
		public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
			return later(() -> JoinedRelays.this.broker.publish(message, settings));
		}

		@Override
		public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
			return later(() -> JoinedRelays.this.broker.history(room, settings, query));
		}

		@Override
		public CompletionStage<Void> removeHistory(String room, RoomSettings settings) {
			return later(() -> JoinedRelays.this.broker.removeHistory(room, settings));
		}

		private <T> CompletionStage<T> later(Supplier<CompletionStage<T>> action) {
			return CompletableFuture.supplyAsync(action, this.commands).thenCompose((stage) -> stage);
		}

		private void deliver(RelayMessage message) {
			this.messages.execute(() -> {
				RelaySubscriber subscriber = this.subscribers.get(message.room());
				if (subscriber != null) {
					subscriber.offer(message);
					subscriber.flush(false);
				}
			});
		}

		private void close() {
			this.commands.shutdownNow();
			this.messages.shutdownNow();
		}

	}

}
