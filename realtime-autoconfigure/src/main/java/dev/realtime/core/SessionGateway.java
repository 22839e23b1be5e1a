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

import java.security.Principal;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.control.ControlMessage;
import dev.realtime.protocol.WireCodec;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.CodeScope;
import dev.realtime.session.Expiry;
import dev.realtime.session.Heartbeat;
import dev.realtime.session.LocalSession;
import dev.realtime.session.OutboundBudget;
import dev.realtime.session.SessionRegistry;
import dev.realtime.session.Subscription;
import dev.realtime.session.Transport;
import dev.realtime.session.Wheel;
import org.jspecify.annotations.Nullable;

/**
 * Where the adapters of web servers bring their sockets. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
public final class SessionGateway {

	/** Why a session ends that nobody wants to end. */
	private static final Set<DisconnectReason> LOST = Set.of(DisconnectReason.SHUTDOWN, DisconnectReason.INTERNAL,
			DisconnectReason.SLOW, DisconnectReason.WRITE_ERROR, DisconnectReason.INSUFFICIENT_STATE,
			DisconnectReason.NO_PONG);

	private final EngineSettings settings;

	private final SessionRegistry sessions;

	private final OnlineUsers users;

	private final RoomRegistry rooms;

	private final CommandDispatcher dispatcher;

	private final ListenerNotifier listeners;

	private final OutboundBudget budget;

	private final Wheel wheel;

	private final Clock clock;

	private final Executor closers;

	private final Executor userCode;

	private final ControlPlane control;

	private final RateLimiter rates;

	private final CodeScope scope;

	private volatile boolean accepting;

	SessionGateway(EngineSettings settings, SessionRegistry sessions, OnlineUsers users, RoomRegistry rooms,
			CommandDispatcher dispatcher, ListenerNotifier listeners, OutboundBudget budget, Wheel wheel, Clock clock,
			Executor closers, Executor userCode, ControlPlane control, RateLimiter rates, CodeScope scope) {
		this.settings = settings;
		this.sessions = sessions;
		this.users = users;
		this.rooms = rooms;
		this.dispatcher = dispatcher;
		this.listeners = listeners;
		this.budget = budget;
		this.wheel = wheel;
		this.clock = clock;
		this.closers = closers;
		this.userCode = userCode;
		this.control = control;
		this.rates = rates;
		this.scope = scope;
	}

	/**
	 * Return whether new sessions are welcome.
	 * @return {@code false} before the node is ready and while it goes down
	 */
	public boolean isAccepting() {
		return this.accepting;
	}

	void accepting(boolean accepting) {
		this.accepting = accepting;
	}

	/**
	 * Return whether there is room for one more session. It may be gone when the session
	 * is there, which is then told to find another node.
	 * @return {@code false} while the node is full
	 */
	public boolean hasRoom() {
		int max = this.settings.inbound().maxSessions();
		return max == 0 || this.sessions.size() < max;
	}

	/**
	 * Count a handshake.
	 * @param address where it comes from
	 * @return {@code false} if there have been too many, of the address or of all
	 */
	public boolean admits(String address) {
		return this.rates.admits(address);
	}

	/**
	 * Begin a session.
	 * @param transport its socket
	 * @param codec the encoding that the client speaks
	 * @param principal who the HTTP handshake found the user to be, or {@code null}
	 * @param nativePings whether to ping by the WebSocket protocol's own frames
	 * @return where to bring what comes in
	 */
	public SessionInbound open(Transport transport, WireCodec codec, @Nullable Principal principal,
			boolean nativePings) {
		return open(transport, codec, principal, nativePings, null);
	}

	/**
	 * Begin a session that ends at the latest with a login of the web application.
	 * @param transport its socket
	 * @param codec the encoding that the client speaks
	 * @param principal who the HTTP handshake found the user to be, or {@code null}
	 * @param nativePings whether to ping by the WebSocket protocol's own frames
	 * @param login the key of the login, or {@code null} if there is none
	 * @return where to bring what comes in
	 */
	public SessionInbound open(Transport transport, WireCodec codec, @Nullable Principal principal, boolean nativePings,
			@Nullable String login) {
		LocalSession session = create(transport, codec);
		Heartbeat heartbeat = new Heartbeat(session, this.wheel, this.settings.pingInterval().toNanos(),
				this.settings.pongTimeout().toNanos(), nativePings);
		Expiry expiry = new Expiry(this.wheel, this.clock, () -> session.disconnect(DisconnectReason.EXPIRED));
		SessionInbound inbound = new SessionInbound(session, principal, nativePings, this.dispatcher, heartbeat, expiry,
				this.settings, this.rates.session(transport.remoteAddress()), (closed) -> closed(closed, login));
		boolean registered = register(session);
		if (registered && !this.accepting) {
			session.disconnect(DisconnectReason.SHUTDOWN);
		}
		else if (registered && login != null && !this.control.logins().add(login, session)) {
			session.disconnect(DisconnectReason.SESSION_ENDED);
		}
		heartbeat.awaitConnect(this.settings.connectTimeout().toNanos());
		return inbound;
	}

	/** One that finds no place is registered too, and counts until it is gone. */
	private boolean register(LocalSession session) {
		DisconnectReason refusal = this.sessions.open(session, this.settings.inbound().maxSessions(),
				this.settings.maxSessionsPerAddress());
		if (refusal != null) {
			session.disconnect(refusal);
		}
		return refusal == null;
	}

	private LocalSession create(Transport transport, WireCodec codec) {
		return new LocalSession(UUID.randomUUID().toString(), transport, codec, this.settings.outbound(), this.budget,
				this.closers, this.userCode, this.scope);
	}

	/**
	 * Begin a session whose inbound side is somebody else's business. It can be put into
	 * rooms.
	 * @param transport its socket
	 * @param codec the encoding that the client understands
	 * @param identity who it is
	 * @return the session, to be {@link #detach detached} when the socket is gone
	 */
	public LocalSession attach(Transport transport, WireCodec codec, Identity identity) {
		LocalSession session = create(transport, codec);
		session.identity(identity);
		if (!register(session)) {
			return session;
		}
		if (!this.users.add(session, this.settings.maxSessionsPerUser())) {
			session.disconnect(DisconnectReason.CONNECTION_LIMIT);
		}
		else if (this.control.isBanned(session.user())) {
			session.disconnect(DisconnectReason.FORCE_DISCONNECT);
		}
		else if (!this.accepting) {
			session.disconnect(DisconnectReason.SHUTDOWN);
		}
		return session;
	}

	/**
	 * The socket of a session that was {@link #attach attached} is gone.
	 * @param session the session
	 */
	public void detach(LocalSession session) {
		detach(session, false);
	}

	/**
	 * The socket of a session that was {@link #attach attached} is gone.
	 * @param session the session
	 * @param clean whether the client has closed it
	 */
	public void detach(LocalSession session, boolean clean) {
		forget(session, mayBeBack(session.closed(), clean));
	}

	/**
	 * Let all sessions end that were opened under a login: here, and unless this node is
	 * going down, when logins end with it, on the others.
	 * @param login the key of the login
	 * @return a stage that completes when it is done everywhere. If it fails, it is
	 * nevertheless done here
	 */
	public CompletionStage<@Nullable Void> endLogin(String login) {
		ControlMessage message = new ControlMessage.EndLogin(login);
		return this.accepting ? this.control.perform(message) : this.control.handle(message);
	}

	private void closed(SessionInbound inbound, @Nullable String login) {
		LocalSession session = inbound.session();
		if (login != null) {
			this.control.logins().remove(login, session);
		}
		DisconnectReason reason = session.closed();
		forget(session, mayBeBack(reason, inbound.isClosedCleanly()));
		if (inbound.isAnnounced()) {
			this.listeners.disconnected(session, reason);
		}
	}

	private static boolean mayBeBack(DisconnectReason reason, boolean clean) {
		return reason.equals(DisconnectReason.CLOSED) ? !clean : LOST.contains(reason);
	}

	private void forget(LocalSession session, boolean lost) {
		this.users.remove(session);
		for (Subscription subscription : session.subscriptions()) {
			if (lost) {
				this.rooms.lose(subscription);
			}
			else {
				this.rooms.leave(subscription, () -> {
				});
			}
		}
	}

}
