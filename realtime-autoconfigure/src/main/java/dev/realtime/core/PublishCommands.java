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

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.ErrorCode;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RoomAccess;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.handler.RoomHandler;
import dev.realtime.naming.RoomSettings;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.session.LocalSession;
import org.jspecify.annotations.Nullable;

/**
 * The commands that publish. A method of the application may change what is published,
 * and have it in its transaction.
 */
final class PublishCommands {

	private static final CompletionStage<@Nullable PublishResult> NOTHING = CompletableFuture.completedFuture(null);

	private final RoomGuard guard;

	private final RealtimeHandlers handlers;

	private final PublishPipeline pipeline;

	PublishCommands(RoomGuard guard, RealtimeHandlers handlers, PublishPipeline pipeline) {
		this.guard = guard;
		this.handlers = handlers;
		this.pipeline = pipeline;
	}

	/**
	 * Return whether a publication may start before others of its room have been
	 * accepted: the relay keeps them in order, but not methods that return early.
	 */
	boolean mayOverlap(Command.Publish command) {
		RoomHandler<?> handler = this.handlers.publish(command.room());
		return handler == null || !handler.isAsynchronous();
	}

	/**
	 * Start a command.
	 * @return {@code false} if the next one must wait
	 */
	boolean start(Responder responder, Command.Publish command, RoomSettings settings) {
		RoomCommands.require(command.type() == 0, ErrorCode.NOT_AVAILABLE);
		RoomCommands.require(!command.data().isEmpty(), ErrorCode.BAD_REQUEST);
		RoomAccess access = new RoomAccess(responder.session(), command.room(), RoomAccess.Operation.PUBLISH,
				command.data(), "");
		RoomHandler<Optional<Payload>> handler = this.handlers.publish(command.room());
		return this.guard.admit(responder, access, settings, handler != null, (decision) -> {
			if (handler != null) {
				handle(responder, access, settings, handler);
				return;
			}
			Publication publication = publication(responder.session(), command.room(), command.data());
			responder.answer(this.pipeline.publish(command.room(), settings, publication, PublishOptions.NONE),
					(result) -> new Result.PublishAccepted());
		});
	}

	private static Publication publication(LocalSession session, String room, Payload data) {
		return new Publication(data, 0, session.memberOf(room), Map.of(), 0);
	}

	private void handle(Responder responder, RoomAccess access, RoomSettings settings,
			RoomHandler<Optional<Payload>> handler) {
		CompletionStage<@Nullable PublishResult> accepted;
		try {
			accepted = this.pipeline.within(handler, () -> publish(responder.session(), access, settings, handler))
				.get();
		}
		catch (Throwable ex) {
			accepted = CompletableFuture.failedFuture(ex);
		}
		responder.answer(accepted.exceptionallyCompose(
				(failure) -> CompletableFuture.failedFuture(handler.explain(Responder.unwrap(failure), access))),
				(result) -> new Result.PublishAccepted());
	}

	/**
	 * Call the method and enlist what it returns, or throw what it throws. What comes
	 * later belongs to no transaction, neither to that of the method nor to one of the
	 * thread that it comes on.
	 * @return gives what became of it when the transaction is over
	 */
	private Supplier<CompletionStage<@Nullable PublishResult>> publish(LocalSession session, RoomAccess access,
			RoomSettings settings, RoomHandler<Optional<Payload>> handler) throws Exception {
		CompletionStage<Optional<Payload>> stage = handler.handle(access);
		CompletableFuture<Optional<Payload>> answer = stage.toCompletableFuture();
		if (!answer.isDone()) {
			return () -> stage.thenCompose((data) -> publish(session, access.room(), settings, data));
		}
		try {
			CompletionStage<@Nullable PublishResult> outcome = enlist(session, access.room(), settings, answer.join());
			return () -> outcome;
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof Exception cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw ex;
		}
	}

	private CompletionStage<@Nullable PublishResult> publish(LocalSession session, String room, RoomSettings settings,
			Optional<Payload> data) {
		if (data.isEmpty()) {
			return NOTHING;
		}
		Publication publication = publication(session, room, data.get());
		return this.pipeline.publish(room, settings, publication, PublishOptions.NONE).thenApply((result) -> result);
	}

	private CompletionStage<@Nullable PublishResult> enlist(LocalSession session, String room, RoomSettings settings,
			Optional<Payload> data) {
		if (data.isEmpty()) {
			return NOTHING;
		}
		Publication publication = publication(session, room, data.get());
		return this.pipeline.enlist(room, settings, publication, PublishOptions.NONE)
			.outcome()
			.thenApply((result) -> result);
	}

}
