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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;

/**
 * A relay that can be switched off: openly, or so that its publications fail, be it
 * really or only for the one who publishes.
 */
final class SwitchedRelay implements RoomRelay {

	final AtomicInteger attempts = new AtomicInteger();

	/** What to do before each publication. */
	volatile Runnable before = () -> {
	};

	private final LocalRoomRelay relay;

	volatile RelayState state = RelayState.LIVE;

	volatile boolean failing;

	/** Whether what is published is accepted, but the confirmation gets lost. */
	volatile boolean doubtful;

	/** When publications that fail do so. */
	volatile Duration delay = Duration.ZERO;

	private final AtomicInteger toFail = new AtomicInteger();

	SwitchedRelay() {
		this(new LocalRoomRelay(Clock.systemUTC()));
	}

	private SwitchedRelay(LocalRoomRelay relay) {
		this.relay = relay;
	}

	/** Return the relay of another node. */
	SwitchedRelay other() {
		return new SwitchedRelay(this.relay);
	}

	/** Let the next publications fail. */
	void failNext(int number) {
		this.toFail.set(number);
	}

	@Override
	public RelayState state() {
		return this.state;
	}

	@Override
	public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
		this.attempts.incrementAndGet();
		this.before.run();
		boolean next = this.toFail.getAndUpdate((number) -> Math.max(0, number - 1)) > 0;
		if (this.state == RelayState.DOWN || this.failing || next) {
			return failed();
		}
		CompletionStage<StreamPosition> position = this.relay.publish(message, settings);
		return this.doubtful ? CompletableFuture.failedFuture(new RelayUnavailableException("no answer", null))
				: position;
	}

	private CompletionStage<StreamPosition> failed() {
		RelayUnavailableException failure = new RelayUnavailableException("switched off", null);
		if (this.delay.isZero()) {
			return CompletableFuture.failedFuture(failure);
		}
		return CompletableFuture.supplyAsync(() -> {
			throw failure;
		}, CompletableFuture.delayedExecutor(this.delay.toMillis(), TimeUnit.MILLISECONDS));
	}

	@Override
	public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		return this.relay.subscribe(room, settings, subscriber);
	}

	@Override
	public void unsubscribe(String room, RelaySubscriber subscriber) {
		this.relay.unsubscribe(room, subscriber);
	}

	@Override
	public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
		return this.relay.history(room, settings, query);
	}

	@Override
	public CompletionStage<Void> removeHistory(String room, RoomSettings settings) {
		return this.relay.removeHistory(room, settings);
	}

}
