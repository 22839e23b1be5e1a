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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Refuses handshakes (403) that a browser makes for a page of another site. The page's
 * origin must be this server's or one of those that are allowed. What sends no origin is
 * no browser and passes; an opaque ({@code null}) or ambiguous one never does.
 * <p>
 * Behind a proxy this server's origin is the one that clients see only if
 * {@code server.forward-headers-strategy} is set. A refusal says so in the log, once a
 * minute.
 *
 * @since 0.1.0
 */
public final class OriginGuard implements HandshakeInterceptor {

	private static final Log logger = LogFactory.getLog(OriginGuard.class);

	private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);

	private final List<OriginPattern> allowed;

	private final LongSupplier clock;

	private final AtomicLong nextWarning;

	/**
	 * Create the guard.
	 * @param allowedOrigins what is allowed besides this server's origin:
	 * {@code https://example.com}, {@code https://*.example.com},
	 * {@code http://localhost:*}, or {@code *} for any
	 */
	public OriginGuard(Collection<String> allowedOrigins) {
		this(allowedOrigins, System::nanoTime);
	}

	OriginGuard(Collection<String> allowedOrigins, LongSupplier clock) {
		this.allowed = allowedOrigins.stream().map(OriginPattern::new).toList();
		this.clock = clock;
		this.nextWarning = new AtomicLong(clock.getAsLong());
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		List<String> origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
		if (origins.isEmpty()) {
			return true;
		}
		String own = ownOrigin(request);
		if (origins.size() == 1 && isAllowed(origins.get(0), own)) {
			return true;
		}
		response.setStatusCode(HttpStatus.FORBIDDEN);
		warn(String.join(", ", origins), own);
		return false;
	}

	private boolean isAllowed(String origin, String own) {
		String normalized = OriginPattern.withoutDefaultPort(origin);
		return normalized.equals(own) || this.allowed.stream().anyMatch((pattern) -> pattern.matches(normalized));
	}

	private static String ownOrigin(ServerHttpRequest request) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		return OriginPattern.serialize(servletRequest.getScheme(), servletRequest.getServerName(),
				servletRequest.getServerPort());
	}

	private void warn(String origin, String own) {
		long now = this.clock.getAsLong();
		long next = this.nextWarning.get();
		if (now - next >= 0 && this.nextWarning.compareAndSet(next, now + SILENCE)) {
			logger.warn("Refused a WebSocket handshake: its origin is '" + LogValue.escape(origin)
					+ "' and this server's is '" + LogValue.escape(own)
					+ "'. If the site is meant to connect, add it to 'realtime.allowed-origins'. If this server is behind a"
					+ " proxy, set 'server.forward-headers-strategy', so that it knows the origin that browsers see.");
		}
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

}
