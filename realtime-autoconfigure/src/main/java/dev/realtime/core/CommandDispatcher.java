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

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.session.LocalSession;
import dev.realtime.session.SessionRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Does what clients ask for, as far as it is about the connection, and passes on what is
 * about rooms. Nothing blocks: code of the application runs on its own executor, and
 * replies are sent when they are ready.
 */
final class CommandDispatcher {

	private static final Log logger = LogFactory.getLog(CommandDispatcher.class);

	private static final String VERSION = version();

	private final Authentication authentication;

	private final RoomCommands rooms;

	private final SessionRegistry sessions;

	private final ListenerNotifier listeners;

	private final EngineSettings settings;

	CommandDispatcher(Authentication authentication, RoomCommands rooms, SessionRegistry sessions,
			ListenerNotifier listeners, EngineSettings settings) {
		this.authentication = authentication;
		this.rooms = rooms;
		this.sessions = sessions;
		this.listeners = listeners;
		this.settings = settings;
	}

	private static String version() {
		String version = CommandDispatcher.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "development";
	}

	/**
	 * Start a command.
	 * @param inbound the client
	 * @param command the command
	 * @return {@code false} if the next one must wait until
	 * {@link SessionInbound#started()} is called
	 */
	boolean start(SessionInbound inbound, Command command) {
		if (inbound.session().isEnding()) {
			return true;
		}
		SessionInbound.State expected = (command instanceof Command.Connect) ? SessionInbound.State.OPEN
				: SessionInbound.State.CONNECTED;
		if (inbound.state() != expected) {
			inbound.session().disconnect(DisconnectReason.BAD_REQUEST);
			return true;
		}
		Responder responder = new Responder(inbound, command);
		try {
			return dispatch(responder, command);
		}
		catch (RuntimeException ex) {
			responder.fail(ex);
			return true;
		}
	}

	private boolean dispatch(Responder responder, Command command) {
		if (command instanceof Command.Connect request) {
			return connect(responder, request);
		}
		if (command instanceof Command.RoomCommand request) {
			return this.rooms.start(responder, request);
		}
		other(responder, command);
		return true;
	}

	private void other(Responder responder, Command command) {
		if (command instanceof Command.Send) {
			responder.disconnect(DisconnectReason.NOT_AVAILABLE);
		}
		else if (command instanceof Command.Refresh) {
			responder.disconnect(DisconnectReason.BAD_REQUEST);
		}
		else {
			responder.fail(ErrorCode.NOT_AVAILABLE);
		}
	}

	private boolean connect(Responder responder, Command.Connect command) {
		if (!this.authentication.isCustom()) {
			identify(responder, command);
			return true;
		}
		responder.session().runUserCode(() -> {
			try {
				identify(responder, command);
			}
			finally {
				responder.inbound().started();
			}
		});
		return false;
	}

	private void identify(Responder responder, Command.Connect command) {
		SessionInbound inbound = responder.inbound();
		inbound.state(SessionInbound.State.REFUSED);
		try {
			connected(responder, this.authentication.authenticate(request(inbound, command)));
		}
		catch (Authentication.RefusedException ex) {
			responder.disconnect(ex.reason());
		}
		catch (Throwable ex) {
			responder.fail(ex);
		}
	}

	private ConnectRequest request(SessionInbound inbound, Command.Connect command) {
		LocalSession session = inbound.session();
		return new ConnectRequest(command.token(), command.data(), command.headers(), command.name(), command.version(),
				inbound.principal(), session.transport().remoteAddress(), session);
	}

	private void connected(Responder responder, Identity identity) {
		LocalSession session = responder.session();
		session.identity(identity);
		if (!this.sessions.connect(session, this.settings.maxSessionsPerUser())) {
			responder.disconnect(DisconnectReason.CONNECTION_LIMIT);
			return;
		}
		SessionInbound inbound = responder.inbound();
		inbound.state(SessionInbound.State.CONNECTED);
		int ping = inbound.isNativePings() ? 0 : (int) this.settings.pingInterval().toSeconds();
		responder.succeed(new Result.Connected(session.id(), VERSION, identity.data(), ping));
		inbound.heartbeat().start();
		this.listeners.connected(session);
	}

	/**
	 * Answers one command, once.
	 */
	static final class Responder {

		private final SessionInbound inbound;

		private final Command command;

		Responder(SessionInbound inbound, Command command) {
			this.inbound = inbound;
			this.command = command;
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

		void fail(ErrorCode error) {
			fail(error.code(), error.message(), error.temporary());
		}

		/**
		 * Answer with an error. What is not meant for the client is logged under an id
		 * that the client gets.
		 */
		void fail(Throwable failure) {
			if (failure instanceof RealtimeException ex) {
				fail(ex.code(), String.valueOf(ex.getMessage()), ex.temporary());
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

}
