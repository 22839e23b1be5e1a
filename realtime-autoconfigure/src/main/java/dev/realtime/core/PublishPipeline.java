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

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.StreamPosition;
import dev.realtime.handler.RoomHandler;
import dev.realtime.naming.RoomSettings;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.RoomPublisher;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The one way by which publications of clients and of the application reach the relay.
 * Thread-safe; nothing blocks.
 */
final class PublishPipeline implements RoomPublisher {

	private static final Log logger = LogFactory.getLog(PublishPipeline.class);

	private final RoomRelay relay;

	private final TransactionBinding transactions;

	PublishPipeline(RoomRelay relay, TransactionBinding transactions) {
		this.relay = relay;
		this.transactions = transactions;
	}

	/**
	 * Publish at once.
	 * @return the position, once it is accepted
	 */
	CompletionStage<StreamPosition> publish(String room, RoomSettings settings, Publication publication,
			PublishOptions options) {
		return this.relay.publish(
				RelayMessage.publication(room, publication, options.id(), options.exclude(), options.conflationKey()),
				settings);
	}

	/**
	 * Publish at once or, inside a transaction, after its commit.
	 */
	Publishing enlist(String room, RoomSettings settings, Publication publication, PublishOptions options) {
		Publishing publishing = new Publishing(() -> publish(room, settings, publication, options));
		if (!this.transactions.afterCommit(publishing::start)) {
			publishing.start();
		}
		return publishing;
	}

	/**
	 * Publish at once or, inside a transaction, after its commit.
	 * @return what became of it; known at once if it has to wait
	 */
	@Override
	public CompletionStage<PublishResult> submit(String room, RoomSettings settings, Publication publication,
			PublishOptions options) {
		Publishing publishing = enlist(room, settings, publication, options);
		if (publishing.isStarted()) {
			return publishing.position().thenApply(PublishResult.Published::new);
		}
		publishing.position().whenComplete((position, failure) -> {
			if (failure != null) {
				logger.error("A publication of a committed transaction is lost: room " + room, failure);
			}
		});
		return CompletableFuture.completedFuture(new PublishResult.Enlisted());
	}

	/**
	 * Do something in the transaction that a method of the application asks for.
	 */
	<T> T within(RoomHandler<?> handler, Callable<T> action) throws Exception {
		return this.transactions.within(handler.method(), handler.type(), action);
	}

}
