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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.util.StringUtils;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Maps the endpoint and the browser client beside it. It comes before the controllers,
 * because a catch-all mapping for a single-page application would swallow the handshake.
 *
 * @since 0.1.0
 */
public final class RealtimeHandlerMapping extends WebSocketHandlerMapping {

	private static final int BEFORE_CONTROLLERS = -1;

	/**
	 * Create the mapping.
	 * @param path the path of the endpoint; it is also mapped with a slash at its end
	 * @param handler handles the sockets
	 * @param handshakes makes them
	 * @param guards asked in this order whether a handshake may go on
	 * @param client serves {@code client.js} and {@code client.d.ts} below the path
	 */
	public RealtimeHandlerMapping(String path, WebSocketHandler handler, HandshakeHandler handshakes,
			List<HandshakeInterceptor> guards, HttpRequestHandler client) {
		setOrder(BEFORE_CONTROLLERS);
		setUrlMap(
				handlers(StringUtils.trimTrailingCharacter(path, '/'), endpoint(handler, handshakes, guards), client));
	}

	private static HttpRequestHandler endpoint(WebSocketHandler handler, HandshakeHandler handshakes,
			List<HandshakeInterceptor> guards) {
		WebSocketHttpRequestHandler endpoint = new UndecoratedRequestHandler(handler, handshakes);
		endpoint.setHandshakeInterceptors(guards);
		return endpoint;
	}

	private static Map<String, Object> handlers(String base, HttpRequestHandler endpoint, HttpRequestHandler client) {
		Map<String, Object> handlers = new LinkedHashMap<>();
		if (!base.isEmpty()) {
			handlers.put(base, endpoint);
		}
		handlers.put(base + "/", endpoint);
		handlers.put(base + "/client.js", client);
		handlers.put(base + "/client.d.ts", client);
		return handlers;
	}

	/** The usual decorators log payloads at trace level. */
	private static final class UndecoratedRequestHandler extends WebSocketHttpRequestHandler {

		UndecoratedRequestHandler(WebSocketHandler handler, HandshakeHandler handshakes) {
			super(handler, handshakes);
		}

		@Override
		protected WebSocketHandler decorate(WebSocketHandler handler) {
			return handler;
		}

	}

}
