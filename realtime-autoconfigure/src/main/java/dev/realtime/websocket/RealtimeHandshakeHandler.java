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
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * The handshake of the endpoint. A request that is none is told so (426). Compression is
 * never negotiated: it costs memory per session, and small messages gain nothing. A
 * session does not keep the headers of its handshake, which are 2 to 4 KB in a browser.
 *
 * @since 0.1.0
 */
public final class RealtimeHandshakeHandler extends DefaultHandshakeHandler {

	private static final byte[] EXPLANATION = "This is a WebSocket endpoint: connect to it with a real-time client.\n"
		.getBytes(StandardCharsets.UTF_8);

	private static final MediaType PLAIN_TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

	/**
	 * Create the handler.
	 */
	public RealtimeHandshakeHandler() {
		super(new PlainUpgradeStrategy());
	}

	@Override
	protected void handleInvalidUpgradeHeader(ServerHttpRequest request, ServerHttpResponse response)
			throws IOException {
		requireUpgrade(response);
	}

	@Override
	protected void handleInvalidConnectHeader(ServerHttpRequest request, ServerHttpResponse response)
			throws IOException {
		requireUpgrade(response);
	}

	private static void requireUpgrade(ServerHttpResponse response) throws IOException {
		response.setStatusCode(HttpStatus.UPGRADE_REQUIRED);
		response.getHeaders().setUpgrade("websocket");
		response.getHeaders().setConnection("upgrade");
		response.getHeaders().setContentType(PLAIN_TEXT);
		response.getBody().write(EXPLANATION);
	}

	/** Containers negotiate extensions by themselves unless the request has none. */
	private static final class PlainUpgradeStrategy extends StandardWebSocketUpgradeStrategy {

		@Override
		public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
				List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
				Map<String, Object> attributes) {
			super.upgrade(new BareRequest(getHttpServletRequest(request)), response, selectedProtocol, List.of(), user,
					handler, attributes);
		}

	}

	private static final class BareRequest extends ServletServerHttpRequest {

		BareRequest(HttpServletRequest request) {
			super(new PlainRequest(request));
		}

		@Override
		public HttpHeaders getHeaders() {
			return HttpHeaders.EMPTY;
		}

		/** By its number: a name is what its owner likes, and is not looked up here. */
		@Override
		public InetSocketAddress getRemoteAddress() {
			HttpServletRequest request = getServletRequest();
			return InetSocketAddress.createUnresolved(request.getRemoteAddr(), request.getRemotePort());
		}

	}

	/**
	 * Without extensions, and without the HTTP session: containers close sockets that
	 * have one when that ends, with a code after which clients come back.
	 */
	private static final class PlainRequest extends HttpServletRequestWrapper {

		PlainRequest(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable HttpSession getSession(boolean create) {
			return create ? super.getSession(true) : null;
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS.equalsIgnoreCase(name) ? Collections.emptyEnumeration()
					: super.getHeaders(name);
		}

	}

}
