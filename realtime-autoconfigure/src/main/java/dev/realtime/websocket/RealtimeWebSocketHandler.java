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
import java.net.URI;
import java.util.Collections;
import java.util.List;

import dev.realtime.core.SessionGateway;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.protocol.ProtobufWireCodec;
import dev.realtime.session.Transport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Opens a session for each socket and hands it what comes in. No exception reaches the
 * container and no message reaches a log. Without a sub-protocol clients speak JSON.
 *
 * @since 0.1.0
 */
public final class RealtimeWebSocketHandler implements WebSocketHandler, SubProtocolCapable {

	private static final Log logger = LogFactory.getLog(RealtimeWebSocketHandler.class);

	/** The first one is for clients that name none. */
	private static final List<WireFormat> FORMATS = List.of(
			new WireFormat(JsonWireCodec.SUB_PROTOCOL, new JsonWireCodec(), false),
			new WireFormat(ProtobufWireCodec.SUB_PROTOCOL, new ProtobufWireCodec(), true));

	/** What clients say that cannot offer a sub-protocol. */
	private static final List<String> WANTS_PROTOBUF = List.of("format=protobuf", "cf_protocol=protobuf");

	private static final List<String> SUB_PROTOCOLS = FORMATS.stream().map(WireFormat::subProtocol).toList();

	private static final String NATIVE_PINGS = "cf_ws_frame_ping_pong=true";

	private static final String INBOUND = RealtimeWebSocketHandler.class.getName() + ".INBOUND";

	private final SessionGateway gateway;

	private final TransportFactory transports;

	private final int maxMessageBytes;

	/**
	 * Create the handler.
	 * @param gateway where sessions are opened
	 * @param transports makes their write sides
	 * @param maxMessageBytes how large an inbound message may be, in bytes of UTF-8
	 */
	public RealtimeWebSocketHandler(SessionGateway gateway, TransportFactory transports, int maxMessageBytes) {
		this.gateway = gateway;
		this.transports = transports;
		this.maxMessageBytes = maxMessageBytes;
	}

	@Override
	public List<String> getSubProtocols() {
		return SUB_PROTOCOLS;
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		guarded(session, () -> open(session));
	}

	private void open(WebSocketSession session) {
		List<String> query = query(session.getUri());
		WireFormat format = format(session.getAcceptedProtocol(), query);
		Transport transport = this.transports.create(session, format.binary());
		InboundMessages inbound = new InboundMessages(format.binary(), this.maxMessageBytes);
		session.getAttributes().put(INBOUND, inbound);
		inbound.open(() -> this.gateway.open(transport, format.codec(), session.getPrincipal(),
				query.contains(NATIVE_PINGS), (String) session.getAttributes().get(HttpLogins.KEY)));
	}

	private static WireFormat format(@Nullable String subProtocol, List<String> query) {
		boolean named = StringUtils.hasLength(subProtocol);
		String wanted = (!named && !Collections.disjoint(query, WANTS_PROTOBUF)) ? ProtobufWireCodec.SUB_PROTOCOL
				: subProtocol;
		return FORMATS.stream()
			.filter((format) -> format.subProtocol().equalsIgnoreCase(wanted))
			.findFirst()
			.orElse(FORMATS.get(0));
	}

	private static List<String> query(@Nullable URI uri) {
		String query = (uri != null) ? uri.getQuery() : null;
		return List.of(StringUtils.tokenizeToStringArray(query, "&"));
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
		InboundMessages inbound = inbound(session);
		if (inbound != null) {
			guarded(session, () -> handle(inbound, message));
		}
	}

	private static void handle(InboundMessages inbound, WebSocketMessage<?> message) {
		if (message instanceof TextMessage text) {
			inbound.text(text.getPayload(), text.isLast());
		}
		else if (message instanceof BinaryMessage binary) {
			inbound.binary(binary.getPayload(), binary.isLast());
		}
		else if (message instanceof PongMessage) {
			inbound.pong();
		}
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		logger.debug("A socket failed", exception);
		close(session, CloseStatus.SERVER_ERROR);
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		InboundMessages inbound = inbound(session);
		if (inbound != null) {
			guarded(session, () -> inbound.closed(isClean(status)));
		}
	}

	/** How clients end a session that they do not want any more. */
	static boolean isClean(CloseStatus status) {
		return status.getCode() == CloseStatus.NORMAL.getCode() || status.getCode() == CloseStatus.GOING_AWAY.getCode();
	}

	private static @Nullable InboundMessages inbound(WebSocketSession session) {
		return (InboundMessages) session.getAttributes().get(INBOUND);
	}

	private static void guarded(WebSocketSession session, Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			logger.error("A session failed and is closed", ex);
			close(session, CloseStatus.SERVER_ERROR);
		}
	}

	private static void close(WebSocketSession session, CloseStatus status) {
		try {
			session.close(status);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A socket could not be closed properly", ex);
		}
	}

}
