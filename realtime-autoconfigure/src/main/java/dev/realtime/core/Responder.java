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

import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.RealtimeException;
import dev.realtime.RelayUnavailableException;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.session.LocalSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Answers one command, once.
 */
final class Responder {

	private static final Log logger = LogFactory.getLog(Responder.class);

	private final SessionInbound inbound;

	private final Command command;

	private final Revocations revocations;

	private final long begun;

	Responder(SessionInbound inbound, Command command, Revocations revocations) {
		this.inbound = inbound;
		this.command = command;
		this.revocations = revocations;
		this.begun = revocations.now();
	}

	/**
	 * Return whether something may have been taken away from the user since the command
	 * was begun, so that what was checked for it does not count any more.
	 */
	boolean isOutdated() {
		return this.revocations.since(session().user(), this.begun);
	}

	/**
	 * Check that what was checked for the command still counts.
	 * @throws RealtimeException with an error after which clients try again
	 */
	void requireUpToDate() {
		if (isOutdated()) {
			throw new RealtimeException(ErrorCode.INTERNAL);
		}
	}

	SessionInbound inbound() {
		return this.inbound;
	}

	LocalSession session() {
		return this.inbound.session();
	}

	void succeed(Result result) {
		session().write(session().codec().reply(this.command.id(), result));
		this.inbound.completed(this.command);
	}

	void succeedFirst(Result result) {
		session().writeFirst(session().codec().reply(this.command.id(), result));
		this.inbound.completed(this.command);
	}

	/**
	 * Answer when a stage is complete.
	 */
	<T> void answer(CompletionStage<T> stage, Function<T, Result> result) {
		follow(stage, (value) -> reply(result.apply(value)));
	}

	/**
	 * Go on when a stage is complete; answer with an error if it fails.
	 */
	<T> void follow(CompletionStage<T> stage, Consumer<T> action) {
		stage.whenComplete((value, failure) -> {
			if (failure != null) {
				fail(unwrap(failure));
				return;
			}
			try {
				action.accept(value);
			}
			catch (Throwable ex) {
				fail(ex);
			}
		});
	}

	static Throwable unwrap(Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	/**
	 * Answer with a result if the client's encoding can carry it.
	 */
	void reply(Result result) {
		if (payloads(result).allMatch(session().codec()::carries)) {
			succeed(result);
		}
		else {
			disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
		}
	}

	private static Stream<Payload> payloads(Result result) {
		if (result instanceof Result.Subscribed subscribed) {
			return subscribed.publications().stream().map(Publication::data);
		}
		if (result instanceof Result.HistoryPage page) {
			return page.publications().stream().map(Publication::data);
		}
		return (result instanceof Result.RpcReturned returned) ? Stream.of(returned.data()) : Stream.empty();
	}

	/**
	 * The command needs no answer.
	 */
	void done() {
		this.inbound.completed(this.command);
	}

	void fail(ErrorCode error) {
		fail(error.code(), error.message(), error.temporary());
	}

	/**
	 * Answer with an error. What is not meant for the client is logged under an id that
	 * the client gets; that the relay is down is not, since the relay says so itself.
	 */
	void fail(Throwable thrown) {
		Throwable failure = session().explain(thrown);
		if (failure instanceof RealtimeException ex) {
			fail(ex.code(), String.valueOf(ex.getMessage()), ex.temporary());
			return;
		}
		if (failure instanceof RelayUnavailableException) {
			logger.debug("A command of " + session() + " failed: " + failure.getMessage());
			fail(ErrorCode.INTERNAL);
			return;
		}
		String id = UUID.randomUUID().toString();
		logger.error("A command of " + session() + " failed, correlation id " + id, failure);
		fail(ErrorCode.INTERNAL.code(), ErrorCode.INTERNAL.message() + " (" + id + ")", true);
		if (failure instanceof Error) {
			session().disconnect(DisconnectReason.INTERNAL);
		}
	}

	private void fail(int code, String message, boolean temporary) {
		session().write(session().codec().error(this.command.id(), code, message, temporary));
		this.inbound.completed(this.command);
	}

	void disconnect(DisconnectReason reason) {
		session().disconnect(reason);
		this.inbound.completed(this.command);
	}

}
