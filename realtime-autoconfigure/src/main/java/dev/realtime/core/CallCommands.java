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

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.handler.CallHandler;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The commands that call methods of the application: with an answer, and without.
 */
final class CallCommands {

	private static final Log logger = LogFactory.getLog(CallCommands.class);

	private final RealtimeHandlers handlers;

	CallCommands(RealtimeHandlers handlers) {
		this.handlers = handlers;
	}

	/**
	 * Start a command.
	 * @return {@code false} if the next one must wait
	 */
	boolean start(Responder responder, Command command) {
		return (command instanceof Command.Rpc rpc) ? call(responder, rpc) : receive(responder, (Command.Send) command);
	}

	private boolean call(Responder responder, Command.Rpc command) {
		CallHandler handler = this.handlers.rpc(command.method());
		if (handler == null) {
			responder.fail(this.handlers.hasRpc() ? ErrorCode.METHOD_NOT_FOUND : ErrorCode.NOT_AVAILABLE);
			return true;
		}
		responder.session().runUserCode(() -> {
			try {
				responder.answer(handler.handle(responder.session(), command.data()), Result.RpcReturned::new);
			}
			catch (Throwable ex) {
				responder.fail(ex);
			}
			finally {
				responder.inbound().started();
			}
		});
		return false;
	}

	private boolean receive(Responder responder, Command.Send command) {
		CallHandler handler = this.handlers.send();
		if (handler == null) {
			responder.disconnect(DisconnectReason.NOT_AVAILABLE);
			return true;
		}
		responder.session().runUserCode(() -> {
			try {
				handler.handle(responder.session(), command.data())
					.whenComplete((value, failure) -> received(responder, failure));
			}
			catch (Throwable ex) {
				received(responder, ex);
			}
			finally {
				responder.inbound().started();
			}
		});
		return false;
	}

	private void received(Responder responder, @Nullable Throwable failure) {
		if (failure != null) {
			Throwable cause = responder.session().explain(Responder.unwrap(failure));
			if (cause instanceof RealtimeException ex) {
				// Its text is for the client, and may repeat what that has sent
				logger.debug("A message of " + responder.session() + " was refused, error " + ex.code());
			}
			else {
				logger.error("A message of " + responder.session() + " failed", cause);
			}
			if (cause instanceof Error) {
				responder.session().disconnect(DisconnectReason.INTERNAL);
			}
		}
		responder.done();
	}

}
