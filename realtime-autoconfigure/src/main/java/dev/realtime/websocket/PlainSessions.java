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

package dev.realtime.websocket;

import java.security.Principal;

import dev.realtime.Identity;
import dev.realtime.RealtimeSession;
import dev.realtime.core.SessionGateway;
import dev.realtime.protocol.PlainWireCodec;
import dev.realtime.protocol.WireCodec;
import dev.realtime.session.LocalSession;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

/**
 * For applications with a {@code WebSocketHandler} and a protocol of their own: makes
 * sessions that can be put into rooms by {@link dev.realtime.room.RoomRegistry}. Their
 * clients get the payload of each publication as text, and several as lines of one
 * message; nothing about joins, leaves or errors. What clients send, pings, and who may
 * do what remain the handler's business. It must send through the
 * {@link RealtimeSession}, since only one thread at a time may write to a socket.
 * <p>
 * A session that reads too slowly, or misses something, is disconnected.
 *
 * @since 0.1.0
 */
public final class PlainSessions {

	private static final WireCodec CODEC = new PlainWireCodec();

	private static final String SESSION = PlainSessions.class.getName() + ".SESSION";

	private final SessionGateway gateway;

	private final TransportFactory transports;

	/**
	 * Create the factory.
	 * @param gateway where sessions are opened
	 * @param transports makes their write sides
	 */
	public PlainSessions(SessionGateway gateway, TransportFactory transports) {
		this.gateway = gateway;
		this.transports = transports;
	}

	/**
	 * Begin a session: call it in {@code afterConnectionEstablished}.
	 * @param socket the socket; its principal is the user
	 * @return the session
	 */
	public RealtimeSession open(WebSocketSession socket) {
		Principal principal = socket.getPrincipal();
		LocalSession session = this.gateway.attach(this.transports.create(socket, false), CODEC,
				(principal != null) ? Identity.of(principal) : Identity.ANONYMOUS);
		socket.getAttributes().put(SESSION, session);
		return session;
	}

	/**
	 * Return the session of a socket.
	 * @param socket the socket
	 * @return the session
	 * @throws IllegalStateException if it was not {@link #open opened}
	 */
	public RealtimeSession get(WebSocketSession socket) {
		if (socket.getAttributes().get(SESSION) instanceof RealtimeSession session) {
			return session;
		}
		throw new IllegalStateException("The socket has no session: open one in afterConnectionEstablished");
	}

	/**
	 * End the session: call it in {@code afterConnectionClosed}.
	 * @param socket the socket
	 */
	public void close(WebSocketSession socket) {
		close(socket, CloseStatus.NO_CLOSE_FRAME);
	}

	/**
	 * End the session: call it in {@code afterConnectionClosed}, with the status, by
	 * which a client that has closed the socket is told from one that is lost.
	 * @param socket the socket
	 * @param status how it ended
	 */
	public void close(WebSocketSession socket, CloseStatus status) {
		if (socket.getAttributes().remove(SESSION) instanceof LocalSession session) {
			this.gateway.detach(session, RealtimeWebSocketHandler.isClean(status));
		}
	}

}
