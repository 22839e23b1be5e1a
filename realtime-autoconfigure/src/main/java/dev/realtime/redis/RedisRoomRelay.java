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

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.RealtimeException;
import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.control.ControlBus;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Carries publications through Redis. A script appends to the room's stream and fans out
 * in one step, and its answer is what acknowledges a publication. Each room has a channel
 * of its own, so that a publication costs only the nodes that hold the room.
 *
 * @since 0.1.0
 */
public final class RedisRoomRelay implements RoomRelay {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisRoomRelay.class));

	private final RedisConnector connector;

	private final RedisRelaySettings settings;

	private final RelayObserver observer;

	private final PresenceBook presence;

	private final NodeTimes times;

	private final RedisControlBus control = new RedisControlBus(this::running);

	private volatile @Nullable RedisNode node;

	/**
	 * Create a relay.
	 * @param connector makes connections
	 * @param settings how Redis is used
	 * @param observer is told how the relay fares
	 */
	public RedisRoomRelay(RedisConnector connector, RedisRelaySettings settings, RelayObserver observer) {
		this(connector, settings, observer, NodeTimes.DEFAULT);
	}

	RedisRoomRelay(RedisConnector connector, RedisRelaySettings settings, RelayObserver observer, NodeTimes times) {
		this.connector = connector;
		this.settings = settings;
		this.observer = observer;
		this.times = times;
		this.presence = new PresenceBook(new RedisKeys(settings));
	}

	/**
	 * Return what carries control messages through the same connections. Bans are kept in
	 * Redis.
	 * @return the bus, the same for all runs of the relay
	 */
	public ControlBus controlBus() {
		return this.control;
	}

	/**
	 * Return the current run, if there is one.
	 */
	@Nullable RedisNode running() {
		return this.node;
	}

	/**
	 * Begin to work. Waits a moment for Redis.
	 * @throws RedisRelayException if Redis is there but refuses, or is not there and the
	 * settings say that it must be
	 */
	@Override
	public synchronized void start() {
		if (this.node != null) {
			return;
		}
		RedisNode started = new RedisNode(this.connector, this.settings, this.observer, Clock.systemUTC(),
				this.presence, this.times, this.control);
		try {
			started.start();
		}
		catch (RuntimeException ex) {
			started.stop();
			throw ex;
		}
		this.node = started;
	}

	@Override
	public synchronized void stop() {
		RedisNode running = this.node;
		this.node = null;
		if (running != null) {
			running.stop();
		}
	}

	@Override
	public RelayState state() {
		RedisNode running = this.node;
		return (running != null) ? running.state() : RelayState.DOWN;
	}

	@Override
	public RelayState state(String room) {
		RedisNode running = this.node;
		return (running != null) ? running.state(room) : RelayState.DOWN;
	}

	@Override
	public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
		RedisNode running = this.node;
		return (running != null) ? running.publish(message, settings, false) : stopped();
	}

	@Override
	public CompletionStage<StreamPosition> publishAgain(RelayMessage message, RoomSettings settings) {
		RedisNode running = this.node;
		return (running != null) ? running.publish(message, settings, true) : stopped();
	}

	@Override
	public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		RedisNode running = this.node;
		return (running != null) ? guard(running.subscriptions().subscribe(room, settings, subscriber)) : stopped();
	}

	@Override
	public void unsubscribe(String room, RelaySubscriber subscriber) {
		RedisNode running = this.node;
		if (running != null) {
			running.subscriptions().unsubscribe(room, subscriber);
		}
	}

	@Override
	public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
		RedisNode running = this.node;
		return (running != null) ? guard(running.streams().history(room, settings, query)) : stopped();
	}

	@Override
	public CompletionStage<@Nullable Void> removeHistory(String room, RoomSettings settings) {
		RedisNode running = this.node;
		return (running != null) ? guard(running.streams().remove(room)) : stopped();
	}

	/**
	 * Return the members of this node.
	 */
	PresenceBook presence() {
		return this.presence;
	}

	/**
	 * Note who is in a place, and let the other nodes know.
	 * @param patient whether to wait as long as it takes
	 */
	CompletionStage<Integer> presence(Place place, @Nullable BookedMember member, boolean patient) {
		RedisNode running = this.node;
		if (running != null) {
			return running.presence().sync().change(place, member, patient);
		}
		CompletableFuture<Integer> answer = new CompletableFuture<>();
		this.presence.partition(place.room()).want(place, member, answer);
		return patient ? answer : stopped();
	}

	/**
	 * Return who is in a room, on all nodes.
	 */
	CompletionStage<List<Member>> members(String room) {
		RedisNode running = this.node;
		return (running != null) ? guard(running.presence().sync().members(room)) : stopped();
	}

	/**
	 * Return a stage that goes on outside the driver's threads and fails as others do.
	 */
	private <T> CompletionStage<T> guard(CompletionStage<T> stage) {
		return stage.exceptionallyCompose((failure) -> {
			Throwable cause = RedisNode.unwrap(failure);
			if (cause instanceof RealtimeException) {
				return CompletableFuture.failedFuture(cause);
			}
			logger.warn(RedisFailure.code(String.valueOf(cause.getMessage())), "Redis failed: " + cause.getMessage());
			return CompletableFuture.failedFuture(new RelayUnavailableException("Redis: " + cause.getMessage(), cause));
		});
	}

	private static <T> CompletionStage<T> stopped() {
		return CompletableFuture.failedFuture(new RelayUnavailableException("The relay is stopped", null));
	}

}
