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

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.realtime.session.Transport;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/**
 * Makes transports of the sockets it gets, and keeps what comes in.
 */
public final class SocketRecorder extends AbstractWebSocketHandler implements SubProtocolCapable {

	private final BlockingQueue<Transport> transports = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

	private final TransportFactory factory;

	/**
	 * Create a recorder.
	 * @param factory makes the transports
	 */
	public SocketRecorder(TransportFactory factory) {
		this.factory = factory;
	}

	@Override
	public List<String> getSubProtocols() {
		return List.of("centrifuge-json");
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		this.transports.add(this.factory.create(session, false));
	}

	@Override
	protected void handleTextMessage(WebSocketSession session, TextMessage message) {
		this.events.add(message.getPayload());
	}

	@Override
	protected void handlePongMessage(WebSocketSession session, PongMessage message) {
		this.events.add("pong");
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		this.events.add("closed");
	}

	/** Return the transport of the next socket. */
	public Transport transport() throws InterruptedException {
		Transport transport = this.transports.poll(10, TimeUnit.SECONDS);
		if (transport == null) {
			throw new IllegalStateException("No socket was opened");
		}
		return transport;
	}

	/** Return what came next, or that nothing did. */
	public String event() throws InterruptedException {
		String event = this.events.poll(10, TimeUnit.SECONDS);
		return (event != null) ? event : "nothing came";
	}

	/** Return whether nothing is waiting to be looked at. */
	public boolean isQuiet() {
		return this.events.isEmpty();
	}

}
