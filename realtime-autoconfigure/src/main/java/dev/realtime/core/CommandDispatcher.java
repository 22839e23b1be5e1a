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

import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.session.LocalSession;

/**
 * Does what clients ask for, as far as it is about the connection, and passes on what is
 * about rooms. Nothing blocks: code of the application runs on its own executor, and
 * replies are sent when they are ready.
 */
final class CommandDispatcher {

	private static final String VERSION = version();

	private final Authentication authentication;

	private final RoomCommands rooms;

	private final CallCommands calls;

	private final OnlineUsers users;

	private final ListenerNotifier listeners;

	private final ServerSubscriptions serverSubscriptions;

	private final EngineSettings settings;

	private final Revocations revocations;

	CommandDispatcher(Authentication authentication, RoomCommands rooms, CallCommands calls,
			ServerSubscriptions serverSubscriptions, OnlineUsers users, ListenerNotifier listeners,
			EngineSettings settings, Revocations revocations) {
		this.authentication = authentication;
		this.rooms = rooms;
		this.calls = calls;
		this.serverSubscriptions = serverSubscriptions;
		this.users = users;
		this.listeners = listeners;
		this.settings = settings;
		this.revocations = revocations;
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
		Responder responder = new Responder(inbound, command, this.revocations);
		if (!(command instanceof Command.Connect) && !isAffordable(responder, command)) {
			return true;
		}
		try {
			return dispatch(responder, command);
		}
		catch (RuntimeException ex) {
			responder.fail(ex);
			return true;
		}
	}

	/** A refused message has no reply, and clients start anew if an unsubscribe fails. */
	private static boolean isAffordable(Responder responder, Command command) {
		CommandRate.Outcome outcome = responder.inbound().take(command);
		if (outcome == CommandRate.Outcome.GRANTED) {
			return true;
		}
		if (outcome == CommandRate.Outcome.EXCESSIVE || command instanceof Command.Send) {
			responder.disconnect(DisconnectReason.TOO_MANY_REQUESTS);
			return false;
		}
		if (command instanceof Command.Unsubscribe) {
			return true;
		}
		responder.fail(ErrorCode.TOO_MANY_REQUESTS);
		return false;
	}

	private boolean dispatch(Responder responder, Command command) {
		if (command instanceof Command.Connect request) {
			return connect(responder, request);
		}
		if (command instanceof Command.RoomCommand request) {
			return this.rooms.start(responder, request);
		}
		if (command instanceof Command.Refresh request) {
			return refresh(responder, request);
		}
		if (command instanceof Command.Rpc || command instanceof Command.Send) {
			return this.calls.start(responder, command);
		}
		responder.fail(ErrorCode.NOT_AVAILABLE);
		return true;
	}

	/**
	 * Return whether a publication may start before others of its room have been
	 * accepted.
	 */
	boolean mayOverlap(Command.Publish command) {
		return this.rooms.mayOverlap(command);
	}

	private boolean connect(Responder responder, Command.Connect command) {
		if (!this.authentication.isCustom()) {
			return identify(responder, command);
		}
		responder.session().runUserCode(() -> {
			if (identify(responder, command)) {
				responder.inbound().started();
			}
		});
		return false;
	}

	/** Return false if the next command must wait. */
	private boolean identify(Responder responder, Command.Connect command) {
		SessionInbound inbound = responder.inbound();
		inbound.refuse();
		try {
			ConnectRequest request = request(inbound, command);
			Identity identity = this.authentication.authenticate(request);
			responder.session().identity(identity);
			ConnectReply reply = this.authentication.ask(request);
			return enter(responder, command, identity, reply);
		}
		catch (Authentication.RefusedException ex) {
			responder.disconnect(ex.reason());
		}
		catch (Throwable ex) {
			responder.fail(ex);
		}
		return true;
	}

	private ConnectRequest request(SessionInbound inbound, Command.Connect command) {
		LocalSession session = inbound.session();
		return new ConnectRequest(command.token(), command.data(), command.headers(), command.name(), command.version(),
				inbound.principal(), session.transport().remoteAddress(), session);
	}

	private boolean enter(Responder responder, Command.Connect command, Identity identity, ConnectReply reply) {
		LocalSession session = responder.session();
		if (!this.users.add(session, this.settings.maxSessionsPerUser())) {
			responder.disconnect(DisconnectReason.CONNECTION_LIMIT);
			return true;
		}
		if (this.authentication.isBanned(session.user())) {
			responder.disconnect(DisconnectReason.FORCE_DISCONNECT);
			return true;
		}
		if (reply.rooms().size() > this.settings.maxRoomsPerSession()) {
			responder.disconnect(DisconnectReason.CHANNEL_LIMIT);
			return true;
		}
		if (responder.isOutdated()) {
			responder.disconnect(DisconnectReason.FORCE_RECONNECT);
			return true;
		}
		Payload data = reply.data().isEmpty() ? identity.data() : reply.data();
		boolean renewable = !command.token().isEmpty() && identity.expiresAt() != null;
		responder.inbound().renewable(renewable);
		if (reply.rooms().isEmpty()) {
			welcome(responder, identity, data, Map.of());
			return true;
		}
		session.hold();
		this.serverSubscriptions.enter(session, reply.rooms(), command.subscriptions(), responder::isOutdated,
				(subscriptions) -> {
					if (subscriptions != null) {
						welcome(responder, identity, data, subscriptions);
					}
					else {
						responder.disconnect(DisconnectReason.INTERNAL);
					}
					session.release();
					responder.inbound().started();
				});
		return false;
	}

	private void welcome(Responder responder, Identity identity, Payload data,
			Map<String, Result.Subscribed> subscriptions) {
		SessionInbound inbound = responder.inbound();
		LocalSession session = responder.session();
		if (!inbound.accept()) {
			return;
		}
		long ttl = inbound.expiry().expireAt(identity.expiresAt(), inbound.isRenewable());
		int ping = inbound.isNativePings() ? 0 : (int) this.settings.pingInterval().toSeconds();
		Result result = new Result.Connected(session.id(), VERSION, data, ping, ttl, subscriptions);
		if (subscriptions.isEmpty()) {
			responder.succeed(result);
		}
		else {
			responder.succeedFirst(result);
		}
		inbound.heartbeat().start();
		this.listeners.connected(session);
		if (!inbound.announce()) {
			this.listeners.disconnected(session, session.closed());
		}
	}

	private boolean refresh(Responder responder, Command.Refresh command) {
		SessionInbound inbound = responder.inbound();
		if (command.token().isEmpty() || !inbound.isRenewable()) {
			responder.disconnect(DisconnectReason.BAD_REQUEST);
			return true;
		}
		responder.session().runUserCode(() -> {
			try {
				renew(responder, command.token());
			}
			finally {
				inbound.started();
			}
		});
		return false;
	}

	private void renew(Responder responder, String token) {
		try {
			LocalSession session = responder.session();
			Identity identity = this.authentication.authenticate(new ConnectRequest(token, Payload.EMPTY, Map.of(), "",
					"", responder.inbound().principal(), session.transport().remoteAddress(), session));
			if (!identity.user().equals(session.user())) {
				throw new Authentication.RefusedException(DisconnectReason.INVALID_TOKEN);
			}
			session.identity(identity);
			this.revocations.add(session.user());
			responder.follow(this.rooms.review(session), (nothing) -> responder
				.succeed(new Result.Refreshed(responder.inbound().expiry().expireAt(identity.expiresAt(), true))));
		}
		catch (Authentication.RefusedException ex) {
			responder.disconnect(ex.reason());
		}
		catch (Throwable ex) {
			responder.fail(isExpired(ex) ? new RealtimeException(ErrorCode.EXPIRED) : ex);
		}
	}

	private static boolean isExpired(Throwable failure) {
		return failure instanceof RealtimeException ex && ex.code() == ErrorCode.TOKEN_EXPIRED.code();
	}

}
