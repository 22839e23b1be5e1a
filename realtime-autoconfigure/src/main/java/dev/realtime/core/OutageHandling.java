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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

/**
 * Publishes, and does what the policy says if that fails. Thread-safe.
 */
final class OutageHandling {

	private final RoomRelay relay;

	private final @Nullable Outbox outbox;

	private final @Nullable OutboxLanes lanes;

	private final Consumer<RelayMessage> local;

	private final Clock clock;

	/**
	 * Create the handling.
	 * @param lanes what is on its way, if there is an outbox
	 * @param local delivers to the members on this node
	 */
	OutageHandling(RoomRelay relay, @Nullable Outbox outbox, @Nullable OutboxLanes lanes, Consumer<RelayMessage> local,
			Clock clock) {
		this.relay = relay;
		this.outbox = outbox;
		this.lanes = lanes;
		this.local = local;
		this.clock = clock;
	}

	/**
	 * Check that a policy can be followed here.
	 */
	OutagePolicy check(OutagePolicy policy) {
		if (policy == OutagePolicy.SPILL && this.outbox == null) {
			throw new IllegalArgumentException("There is no outbox to store the publication in: see realtime.outbox");
		}
		return policy;
	}

	CompletionStage<PublishResult> publish(RelayMessage message, RoomSettings settings, OutagePolicy policy) {
		RelayMessage sent = (this.lanes != null || policy == OutagePolicy.LOCAL) ? identified(message) : message;
		CompletionStage<PublishResult> stage = (this.lanes != null) ? this.lanes.publish(sent, settings, policy)
				: this.relay.publish(sent, settings).thenApply(PublishResult.Published::new);
		return (policy != OutagePolicy.LOCAL) ? stage
				: stage.exceptionallyCompose((failure) -> publishLocally(sent, failure));
	}

	/** Give it an id by which it is recognized when it has to be published again. */
	static RelayMessage identified(RelayMessage message) {
		return (message.id() != null) ? message : RelayMessage.publication(message.room(), message.publication(),
				RelayMessage.madeUpId(), message.exclude(), message.conflationKey());
	}

	private CompletionStage<PublishResult> publishLocally(RelayMessage message, Throwable failure) {
		if (!(Responder.unwrap(failure) instanceof RelayUnavailableException)) {
			return CompletableFuture.failedFuture(failure);
		}
		return publishLocally(message);
	}

	/**
	 * Deliver a message to the members on this node only.
	 */
	CompletionStage<PublishResult> publishLocally(RelayMessage message) {
		this.local.accept(message);
		return CompletableFuture.completedFuture(new PublishResult.LocalOnly());
	}

	/**
	 * Return whether what the calling thread stores is part of its transaction.
	 */
	boolean isInTransaction() {
		return this.outbox != null && this.outbox.isInTransaction();
	}

	/**
	 * Store a message in the transaction of the calling thread.
	 */
	OutboxMessage store(RelayMessage message) {
		if (this.outbox == null) {
			throw new IllegalStateException("There is no outbox");
		}
		OutboxMessage pending = pending(identified(message), this.clock);
		long row = this.outbox.store(List.of(pending)).get(0);
		return new OutboxMessage(row, pending.room(), pending.id(), pending.body());
	}

	static OutboxMessage pending(RelayMessage message, Clock clock) {
		String id = String.valueOf(message.id());
		return new OutboxMessage(0, message.room(), id, EnvelopeCodec.encode(message, id, clock.millis()));
	}

	/**
	 * Keep what comes later to a room from going out before what has been stored in a
	 * transaction that is not over.
	 * @return to be run when it is
	 */
	Runnable hold(String room, RoomSettings settings) {
		return (this.lanes != null) ? this.lanes.hold(room, settings) : () -> {
		};
	}

	/**
	 * Publish a message that is stored and committed. That it is stored is enough for
	 * whoever waits.
	 * @param again whether another node may have found and published it
	 */
	CompletionStage<PublishResult> publishStored(OutboxMessage stored, RoomSettings settings, boolean again) {
		if (this.lanes != null) {
			this.lanes.publishStored(stored, settings, again);
		}
		return CompletableFuture.completedFuture(new PublishResult.Spilled());
	}

}
