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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * What the contracts need to talk to relays: a room of its own for each test, the nodes
 * that share it, and how rooms are set up. Waits for every stage, so that it does not
 * matter whether a relay completes them at once.
 */
public final class RelayFixture {

	/** How long histories are kept where it does not matter. */
	public static final Duration TIME_TO_LIVE = Duration.ofHours(1);

	/** A room that keeps ten thousand publications. */
	public static final RoomSettings WITH_HISTORY = settings(10_000, TIME_TO_LIVE);

	/** A room that keeps none. */
	public static final RoomSettings WITHOUT_HISTORY = settings(0, TIME_TO_LIVE);

	/** Everything there is. */
	public static final HistoryQuery ALL = new HistoryQuery(-1, null, false);

	/** The position of the newest publication only. */
	public static final HistoryQuery TOP = new HistoryQuery(0, null, false);

	private static final int SECONDS = 20;

	private final IntFunction<RoomRelay> nodes;

	private final int index;

	private final String room;

	/**
	 * Create a room that only one relay knows.
	 * @param relay the relay
	 */
	public RelayFixture(RoomRelay relay) {
		this((index) -> relay);
	}

	/**
	 * Create a room that several nodes know; what is done here is done on node 0.
	 * @param nodes returns the relay of each node, the same each time, joined to the same
	 * broker
	 */
	public RelayFixture(IntFunction<RoomRelay> nodes) {
		this(nodes, 0, "chat:" + UUID.randomUUID());
	}

	private RelayFixture(IntFunction<RoomRelay> nodes, int index, String room) {
		this.nodes = nodes;
		this.index = index;
		this.room = room;
	}

	/**
	 * Return settings of a room.
	 * @param size how many publications it keeps
	 * @param timeToLive how long it keeps them
	 * @return the settings
	 */
	public static RoomSettings settings(int size, Duration timeToLive) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, true, 0, size, timeToLive, true);
	}

	/**
	 * Return the same room on a node.
	 * @param index the number of the node, from 0
	 * @return the room, seen from there
	 */
	public RelayFixture node(int index) {
		return new RelayFixture(this.nodes, index, this.room);
	}

	/**
	 * Return another room on the same nodes.
	 * @return the room, seen from the same node
	 */
	public RelayFixture otherRoom() {
		return new RelayFixture(this.nodes, this.index, "chat:" + UUID.randomUUID());
	}

	/**
	 * Return the relay of this node.
	 * @return the relay
	 */
	public RoomRelay relay() {
		return this.nodes.apply(this.index);
	}

	/**
	 * Return the name of the room.
	 * @return the name
	 */
	public String room() {
		return this.room;
	}

	/**
	 * Subscribe and wait for it.
	 * @param subscriber gets the messages
	 * @param settings how the room is set up
	 * @return the position at the subscription
	 */
	public StreamPosition subscribe(RelaySubscriber subscriber, RoomSettings settings) {
		return get(subscribeLater(subscriber, settings));
	}

	/**
	 * Subscribe without waiting.
	 * @param subscriber gets the messages
	 * @param settings how the room is set up
	 * @return the position at the subscription
	 */
	public CompletionStage<StreamPosition> subscribeLater(RelaySubscriber subscriber, RoomSettings settings) {
		return relay().subscribe(this.room, settings, subscriber);
	}

	/**
	 * Unsubscribe.
	 * @param subscriber who subscribed
	 */
	public void unsubscribe(RelaySubscriber subscriber) {
		relay().unsubscribe(this.room, subscriber);
	}

	/**
	 * Publish without an id and wait for it.
	 * @param json the payload
	 * @param settings how the room is set up
	 * @return the position of the publication
	 */
	public StreamPosition publish(String json, RoomSettings settings) {
		return publish(json, null, settings);
	}

	/**
	 * Publish and wait for it.
	 * @param json the payload
	 * @param id the id, or {@code null}
	 * @param settings how the room is set up
	 * @return the position of the publication
	 */
	public StreamPosition publish(String json, String id, RoomSettings settings) {
		return publish(message(json, id), settings);
	}

	/**
	 * Publish anything and wait for it.
	 * @param message the message
	 * @param settings how the room is set up
	 * @return the position
	 */
	public StreamPosition publish(RelayMessage message, RoomSettings settings) {
		return get(relay().publish(message, settings));
	}

	/**
	 * Publish the numbers from 1, one after the other.
	 * @param count how many
	 * @param settings how the room is set up
	 * @return the position of the last one
	 */
	public StreamPosition publish(int count, RoomSettings settings) {
		StreamPosition position = StreamPosition.START;
		for (int i = 1; i <= count; i++) {
			position = publish(Integer.toString(i), settings);
		}
		return position;
	}

	/**
	 * Publish without an id and without waiting.
	 * @param json the payload
	 * @param settings how the room is set up
	 * @return the position of the publication
	 */
	public CompletionStage<StreamPosition> publishLater(String json, RoomSettings settings) {
		return relay().publish(message(json, null), settings);
	}

	/**
	 * Publish texts that tell the publisher and its count, without waiting in between,
	 * then wait for all.
	 * @param publisher the number of the publisher
	 * @param count how many
	 * @param settings how the room is set up
	 * @return the positions
	 */
	public List<StreamPosition> publishAs(int publisher, int count, RoomSettings settings) {
		List<CompletionStage<StreamPosition>> stages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			stages.add(publishLater(text(publisher, i), settings));
		}
		return stages.stream().map(RelayFixture::get).toList();
	}

	/**
	 * Return what {@link #publishAs} publishes.
	 * @param publisher the number of the publisher
	 * @param i the count, from 0
	 * @return the payload
	 */
	public static String text(int publisher, int i) {
		return "\"" + publisher + "-" + i + "\"";
	}

	/**
	 * Read the history.
	 * @param query what to read
	 * @param settings how the room is set up
	 * @return the history
	 */
	public History history(HistoryQuery query, RoomSettings settings) {
		return get(relay().history(this.room, settings, query));
	}

	/**
	 * Read the offsets of the history.
	 * @param query what to read
	 * @param settings how the room is set up
	 * @return the offsets
	 */
	public List<Long> offsets(HistoryQuery query, RoomSettings settings) {
		return history(query, settings).publications().stream().map(Publication::offset).toList();
	}

	/**
	 * Forget the history.
	 * @param settings how the room is set up
	 */
	public void removeHistory(RoomSettings settings) {
		get(relay().removeHistory(this.room, settings));
	}

	/**
	 * Create a message with everything that most have.
	 * @param json the payload
	 * @param id the id, or {@code null}
	 * @return the message
	 */
	public RelayMessage message(String json, String id) {
		Publication publication = new Publication(Payload.ofJson(json), 0, new Member("bob", "s1"), Map.of("k", "v"),
				0);
		return RelayMessage.publication(this.room, publication, id, Set.of("s2"), null);
	}

	/**
	 * Create a message that has nothing but a payload.
	 * @param data the payload
	 * @return the message
	 */
	public RelayMessage message(Payload data) {
		return RelayMessage.publication(this.room, new Publication(data, 0, null, Map.of(), 0), null, Set.of(), null);
	}

	/**
	 * Wait for a stage, but not for ever.
	 * @param stage the stage
	 * @param <T> the type of the result
	 * @return its result
	 * @throws java.util.concurrent.CompletionException if it failed
	 */
	public static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().copy().orTimeout(SECONDS, TimeUnit.SECONDS).join();
	}

	/**
	 * Wait for something that takes milliseconds, but not for ever.
	 * @return what to wait with
	 */
	public static ConditionFactory soon() {
		return Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(SECONDS));
	}

	/**
	 * Do something on several threads that begin together, and wait for them.
	 * @param threads how many
	 * @param task gets the number of the thread, from 0
	 */
	public static void concurrently(int threads, IntConsumer task) {
		CountDownLatch ready = new CountDownLatch(threads);
		List<CompletableFuture<Void>> results = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			int index = i;
			results.add(inThread(() -> {
				ready.countDown();
				ready.await(SECONDS, TimeUnit.SECONDS);
				task.accept(index);
			}));
		}
		results.forEach(CompletableFuture::join);
	}

	/**
	 * Do something on a thread of its own.
	 * @param task what to do
	 * @return completes with it
	 */
	public static CompletableFuture<Void> inThread(Task task) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				task.run();
				result.complete(null);
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "relay-contract");
		thread.setDaemon(true);
		thread.start();
		return result;
	}

	/**
	 * Something to do that may fail.
	 */
	@FunctionalInterface
	public interface Task {

		/**
		 * Do it.
		 * @throws Exception if it fails
		 */
		void run() throws Exception;

	}

}
