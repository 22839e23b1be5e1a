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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

import dev.realtime.DisconnectReason;
import dev.realtime.session.Transport;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/**
 * A socket by the public WebSocket API, on any container. Text is decoded only to be
 * encoded again, since the API has no other way; reading cannot be stopped.
 *
 * @since 0.1.0
 */
public final class StandardTransport implements Transport {

	private static final Log logger = LogFactory.getLog(StandardTransport.class);

	/** Of Tomcat; others ignore it. */
	private static final String CLOSE_TIMEOUT_PROPERTY = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

	private static final Long CLOSE_TIMEOUT_MILLIS = 5000L;

	private static final String BLOCKING_TIMEOUT_PROPERTY = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	/**
	 * Tomcat answers pings on the thread that reads. A client that reads no answer holds
	 * one of its threads, by default for 20 seconds; a few hundred such clients hold all.
	 */
	private static final Long BLOCKING_TIMEOUT_MILLIS = 2000L;

	private final Session session;

	private final boolean binary;

	private final Executor pings;

	private final String remoteAddress;

	/**
	 * Create a transport.
	 * @param session the session, open
	 * @param binary whether frames are binary; otherwise they are UTF-8 text
	 * @param pings where pings are sent, which may block for as long as the container
	 * likes
	 */
	public StandardTransport(WebSocketSession session, boolean binary, Executor pings) {
		this.session = nativeSession(session);
		this.binary = binary;
		this.pings = pings;
		this.remoteAddress = remoteAddress(session.getRemoteAddress());
		this.session.getAsyncRemote().setSendTimeout(-1);
		this.session.getUserProperties().put(CLOSE_TIMEOUT_PROPERTY, CLOSE_TIMEOUT_MILLIS);
		this.session.getUserProperties().put(BLOCKING_TIMEOUT_PROPERTY, BLOCKING_TIMEOUT_MILLIS);
	}

	private static Session nativeSession(WebSocketSession session) {
		Assert.isInstanceOf(NativeWebSocketSession.class, session);
		Session result = ((NativeWebSocketSession) session).getNativeSession(Session.class);
		Assert.state(result != null, "Not a session of the Jakarta WebSocket API");
		return result;
	}

	private static String remoteAddress(@Nullable InetSocketAddress address) {
		return (address != null) ? address.getHostString() : "unknown";
	}

	@Override
	public void send(byte[] frame, Completion completion) {
		SendHandler handler = (result) -> CompletionLoop.complete(completion, result.getException());
		CompletionLoop loop = CompletionLoop.begin();
		try {
			write(frame, handler);
		}
		finally {
			loop.end();
		}
	}

	private void write(byte[] frame, SendHandler handler) {
		if (this.binary) {
			this.session.getAsyncRemote().sendBinary(ByteBuffer.wrap(frame), handler);
		}
		else {
			this.session.getAsyncRemote().sendText(new String(frame, StandardCharsets.UTF_8), handler);
		}
	}

	@Override
	public void ping() {
		this.pings.execute(this::sendPing);
	}

	private void sendPing() {
		try {
			this.session.getBasicRemote().sendPing(ByteBuffer.allocate(0));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A ping could not be sent", ex);
		}
	}

	@Override
	public void suspend() {
		// The API cannot stop reading
	}

	@Override
	public void resume() {
		// The API cannot stop reading
	}

	@Override
	public void close(DisconnectReason reason) {
		try {
			this.session.close(closeReason(reason));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A session could not be closed properly", ex);
		}
	}

	/** The API cannot drop a connection; clients read 1001 as they read a lost one. */
	private static CloseReason closeReason(DisconnectReason reason) {
		return (reason.code() == DisconnectReason.CLOSED.code()) ? new CloseReason(CloseCodes.GOING_AWAY, null)
				: new CloseReason(CloseCodes.getCloseCode(reason.code()), reason.reason());
	}

	@Override
	public String remoteAddress() {
		return this.remoteAddress;
	}

}
