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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Works off what is stored of one room, in order, while the room is claimed. For one
 * thread.
 */
final class OutboxDrain {

	private static final Log logger = LogFactory.getLog(OutboxDrain.class);

	private static final int BATCH = 200;

	private static final long ANSWER_SECONDS = 10;

	/** A room whose turn does not come in this time goes on nevertheless. */
	private static final long TURN_MILLIS = 100;

	private static final long MAX_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final Shared shared;

	private final RoomRelay relay;

	private final Outbox outbox;

	private final OutboxLanes lanes;

	private final String room;

	private final RoomSettings settings;

	private final boolean patient;

	private long claimedUntil;

	/**
	 * Create a drain.
	 * @param patient whether the broker may still be about to be found down, so that what
	 * it does not take is not blamed on the message
	 */
	OutboxDrain(Shared shared, String room, RoomSettings settings, boolean patient) {
		this.shared = shared;
		this.relay = shared.relay();
		this.outbox = shared.outbox();
		this.lanes = shared.lanes();
		this.room = room;
		this.settings = settings;
		this.patient = patient;
	}

	/**
	 * Work the room off.
	 * @return {@code false} if another node does, or the broker does not take everything
	 */
	boolean run() {
		if (!claim()) {
			return false;
		}
		try {
			boolean fine = true;
			boolean more = true;
			while (fine && more) {
				this.lanes.reading(this.room);
				List<OutboxMessage> messages = this.outbox.read(this.room, BATCH);
				fine = messages.isEmpty() || publish(messages);
				more = (!messages.isEmpty() || this.lanes.resume(this.room)) && claim();
			}
			return fine;
		}
		finally {
			this.outbox.release(this.room);
		}
	}

	/** Half of the lease is left for answers and for clocks that do not agree. */
	private boolean claim() {
		long now = System.nanoTime();
		this.claimedUntil = now + this.outbox.lease().toNanos() / 2;
		return this.outbox.claim(this.room);
	}

	private boolean isClaimed() {
		return System.nanoTime() - this.claimedUntil < 0;
	}

	/** Publish a batch; return false if the rest has to wait. */
	private boolean publish(List<OutboxMessage> messages) {
		List<Long> accepted = new ArrayList<>();
		Map<OutboxMessage, Throwable> failed = new LinkedHashMap<>();
		boolean turn = takeTurn();
		long start = System.nanoTime();
		try {
			send(messages).forEach((message, position) -> {
				Throwable failure = failure(position);
				if (failure == null) {
					accepted.add(message.row());
				}
				else {
					failed.put(message, failure);
				}
			});
		}
		finally {
			if (turn) {
				// as long as that took the broker is there for others alone
				LockSupport.parkNanos(Math.min(System.nanoTime() - start, MAX_REST_NANOS));
				this.shared.turn().release();
			}
		}
		boolean ours = accepted.isEmpty() || this.outbox.remove(this.room, accepted);
		if (ours && !accepted.isEmpty()) {
			this.shared.monitor().replayed(accepted.size());
		}
		boolean fine = true;
		for (Map.Entry<OutboxMessage, Throwable> entry : failed.entrySet()) {
			fine &= ours && failed(entry.getKey(), entry.getValue(), accepted.isEmpty());
		}
		return fine;
	}

	private boolean takeTurn() {
		try {
			return this.shared.turn().tryAcquire(TURN_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** Send no more once one is known to have failed, as that would overtake it. */
	private Map<OutboxMessage, CompletableFuture<StreamPosition>> send(List<OutboxMessage> messages) {
		Map<OutboxMessage, CompletableFuture<StreamPosition>> sent = new LinkedHashMap<>();
		for (OutboxMessage message : messages) {
			if (isClaimed()) {
				CompletableFuture<StreamPosition> position = publish(message);
				sent.put(message, position);
				if (position.isCompletedExceptionally()) {
					break;
				}
			}
		}
		return sent;
	}

	private CompletableFuture<StreamPosition> publish(OutboxMessage message) {
		try {
			RelayMessage pending = EnvelopeCodec.decodePending(message.room(), message.body());
			return this.relay.publishAgain(this.shared.local().replayed(pending), this.settings).toCompletableFuture();
		}
		catch (ProtocolException | RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static @Nullable Throwable failure(CompletableFuture<StreamPosition> stage) {
		try {
			stage.get(ANSWER_SECONDS, TimeUnit.SECONDS);
			return null;
		}
		catch (TimeoutException ex) {
			return new RelayUnavailableException("The relay has not answered", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new RelayUnavailableException("Interrupted while waiting for the relay", ex);
		}
		catch (Exception ex) {
			return (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/** Return whether the room can go on without the message. */
	private boolean failed(OutboxMessage message, Throwable failure, boolean alone) {
		boolean outage = this.relay.state(message.room()) != RelayState.LIVE || (alone && this.patient);
		if (failure instanceof RelayUnavailableException && outage) {
			return false;
		}
		boolean parked = this.outbox.fail(message, String.valueOf(failure.getMessage()));
		if (parked) {
			logger.error("A publication to room " + message.room() + " is given up, row " + message.row() + ": "
					+ failure.getMessage());
		}
		return parked;
	}

	/**
	 * What all rooms share.
	 *
	 * @param relay where it is published
	 * @param outbox where it is stored
	 * @param lanes what else the rooms have on their way
	 * @param local what is done to a message that members here may have already
	 * @param monitor is told how much has gone out
	 * @param turn lets one batch at a time to the broker, so that what is published
	 * meanwhile does not wait for more than that
	 */
	record Shared(RoomRelay relay, Outbox outbox, OutboxLanes lanes, LocalDelivery local, OutboxMonitor monitor,
			Semaphore turn) {

	}

}
