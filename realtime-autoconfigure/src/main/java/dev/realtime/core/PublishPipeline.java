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

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.OutagePolicy;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.handler.RoomHandler;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.RoomPublisher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The one way by which publications of clients and of the application reach the relay or,
 * while that is down, whatever the policy for outages says. Thread-safe. Nothing blocks,
 * except storing in the transaction of the caller.
 */
final class PublishPipeline implements RoomPublisher {

	private static final Log logger = LogFactory.getLog(PublishPipeline.class);

	/** For so long no other node looks for what has been stored. */
	private static final long ALONE_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final RoomRelay relay;

	private final TransactionBinding transactions;

	private final TransactionMode mode;

	private final OutagePolicy policy;

	private final OutageHandling outage;

	private final Duration timeout;

	private final AtomicBoolean warned = new AtomicBoolean();

	PublishPipeline(RoomRelay relay, PublishGuarantees guarantees, OutageHandling outage, Duration timeout) {
		this.relay = relay;
		this.transactions = guarantees.transactions();
		this.mode = guarantees.mode();
		this.policy = guarantees.policy();
		this.outage = outage;
		this.timeout = timeout;
	}

	/**
	 * Publish at once.
	 * @return what became of it
	 */
	CompletionStage<PublishResult> publish(String room, RoomSettings settings, Publication publication,
			PublishOptions options) {
		return this.outage.publish(message(room, publication, options), settings, policy(settings, options));
	}

	/**
	 * Publish at once or, inside a transaction, as the mode has it.
	 */
	Publishing enlist(String room, RoomSettings settings, Publication publication, PublishOptions options) {
		RelayMessage message = message(room, publication, options);
		OutagePolicy policy = policy(settings, options);
		if (!this.transactions.isActive()) {
			return Publishing.now(this.outage.publish(message, settings, policy));
		}
		check(options.outagePolicy());
		Publishing publishing = Publishing.later();
		switch (this.mode) {
			case OUTBOX -> store(message, settings, policy, publishing);
			case BEFORE_COMMIT -> publishBefore(message, settings, policy, publishing);
			case AFTER_COMMIT -> publishAfter(message, settings, policy, publishing);
		}
		return publishing;
	}

	private static RelayMessage message(String room, Publication publication, PublishOptions options) {
		return RelayMessage.publication(room, publication, options.id(), options.exclude(), options.conflationKey());
	}

	private OutagePolicy policy(RoomSettings settings, PublishOptions options) {
		if (options.outagePolicy() != null) {
			return this.outage.check(options.outagePolicy());
		}
		return (settings.outagePolicy() != null) ? settings.outagePolicy() : this.policy;
	}

	/** What start-up does not accept for all is not possible for one either. */
	private void check(@Nullable OutagePolicy policy) {
		if (policy == OutagePolicy.LOCAL && this.mode == TransactionMode.OUTBOX) {
			throw new IllegalArgumentException("What is stored in a transaction is not for this node alone");
		}
		if (policy == OutagePolicy.FAIL && this.mode == TransactionMode.AFTER_COMMIT
				&& !(this.relay instanceof LocalRoomRelay)) {
			throw new IllegalArgumentException("A committed transaction cannot be rolled back");
		}
	}

	/** Part of the transaction itself, and on its way right after the commit. */
	private void store(RelayMessage message, RoomSettings settings, OutagePolicy policy, Publishing publishing) {
		boolean part = this.outage.isInTransaction();
		if (part) {
			OutboxMessage stored = this.outage.store(message);
			long since = System.nanoTime();
			this.transactions.afterCommit(() -> publishing
				.start(() -> this.outage.publishStored(stored, settings, System.nanoTime() - since > ALONE_NANOS)));
		}
		else {
			warnOnce();
			publishAfter(message, settings, policy, publishing);
		}
		if (policy == OutagePolicy.FAIL) {
			this.transactions.beforeCommit(() -> requireLive(message.room()));
		}
	}

	private void warnOnce() {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("A publication in a transaction that the outbox cannot be part of goes out after the commit, "
					+ "and is lost if the process dies in between. The transaction: " + this.transactions.describe()
					+ ". This is said once");
		}
	}

	private void requireLive(String room) {
		if (this.relay.state(room) != RelayState.LIVE) {
			throw new RelayUnavailableException("The broker is down, so that the transaction is rolled back", null);
		}
	}

	/** The last thing before the commit, which fails if this does. */
	private void publishBefore(RelayMessage message, RoomSettings settings, OutagePolicy policy,
			Publishing publishing) {
		RelayMessage identified = (policy != OutagePolicy.FAIL) ? OutageHandling.identified(message) : message;
		this.transactions.beforeCommit(() -> {
			try {
				PublishResult result = await(this.outage.publish(identified, settings, OutagePolicy.FAIL));
				publishing.start(() -> CompletableFuture.completedFuture(result));
			}
			catch (RelayUnavailableException ex) {
				switch (policy) {
					case FAIL -> throw ex;
					case SPILL -> storeInstead(identified, settings, publishing);
					case LOCAL -> this.transactions
						.afterCommit(() -> publishing.start(() -> this.outage.publishLocally(identified)));
				}
			}
		});
	}

	/** It may have been published nevertheless, so that it always is published again. */
	private void storeInstead(RelayMessage message, RoomSettings settings, Publishing publishing) {
		if (!this.outage.isInTransaction()) {
			publishAfter(message, settings, OutagePolicy.SPILL, publishing);
			return;
		}
		this.transactions.afterCompletion(this.outage.hold(message.room(), settings));
		OutboxMessage stored = this.outage.store(message);
		this.transactions.afterCommit(() -> publishing.start(() -> this.outage.publishStored(stored, settings, true)));
	}

	private PublishResult await(CompletionStage<PublishResult> stage) {
		try {
			return stage.toCompletableFuture().get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new RelayUnavailableException("The broker has not confirmed, so that the transaction is rolled back",
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RelayUnavailableException("Interrupted while waiting for the broker", ex);
		}
	}

	private void publishAfter(RelayMessage message, RoomSettings settings, OutagePolicy policy, Publishing publishing) {
		this.transactions.afterCommit(() -> publishing.start(() -> this.outage.publish(message, settings, policy)));
	}

	/**
	 * Publish at once or, inside a transaction, as the mode has it.
	 * @return what became of it; known at once if it has to wait
	 */
	@Override
	public CompletionStage<PublishResult> submit(String room, RoomSettings settings, Publication publication,
			PublishOptions options) {
		Publishing publishing = enlist(room, settings, publication, options);
		if (publishing.isEnlisted()) {
			publishing.outcome().whenComplete((result, failure) -> {
				if (failure != null) {
					logger.error("A publication of a committed transaction is lost: room " + room, failure);
				}
			});
		}
		return publishing.result();
	}

	/**
	 * Do something in the transaction that a method of the application asks for.
	 */
	<T> T within(RoomHandler<?> handler, Callable<T> action) throws Exception {
		return this.transactions.within(handler.method(), handler.type(), action);
	}

}
