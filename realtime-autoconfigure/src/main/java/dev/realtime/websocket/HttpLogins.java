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

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Lets sockets that a user opens while logged in to the web application end with the HTTP
 * session: when the user logs out, when it is invalidated, and when it expires. A session
 * is known by a key that other nodes may see, and that stays when its id changes. Spring
 * Session tells listeners like this one as a container does, if its repository knows that
 * a session is over: those for Redis and Hazelcast do, that for JDBC does not.
 *
 * @since 0.1.0
 */
public final class HttpLogins implements HandshakeInterceptor, HttpSessionListener {

	/** Where the handshake leaves the key for whoever opens the session. */
	static final String KEY = HttpLogins.class.getName() + ".KEY";

	private static final Log logger = LogFactory.getLog(HttpLogins.class);

	private final Function<String, CompletionStage<?>> end;

	/**
	 * Create the logins.
	 * @param end lets all sessions end that were opened under a login
	 */
	public HttpLogins(Function<String, CompletionStage<?>> end) {
		this.end = end;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		HttpSession session = (servletRequest.getUserPrincipal() != null) ? servletRequest.getSession(false) : null;
		if (session == null) {
			return true;
		}
		try {
			attributes.put(KEY, bind(session));
			return true;
		}
		catch (IllegalStateException ex) {
			// Invalidated since the user was read from it
			response.setStatusCode(HttpStatus.UNAUTHORIZED);
			return false;
		}
	}

	/**
	 * The same key for handshakes at the same time, and later when the id has changed.
	 */
	private static String bind(HttpSession session) {
		if (session.getAttribute(KEY) instanceof String key) {
			return key;
		}
		String key = hash(session.getId());
		session.setAttribute(KEY, key);
		return key;
	}

	private static String hash(String id) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

	@Override
	public void sessionDestroyed(HttpSessionEvent event) {
		if (event.getSession().getAttribute(KEY) instanceof String key) {
			end(key);
		}
	}

	private void end(String key) {
		this.end.apply(key).whenComplete((nothing, failure) -> {
			if (failure != null) {
				logger.warn("A login has ended, but it may be that sockets under it on other nodes have not: "
						+ failure.getMessage());
			}
		});
	}

}
