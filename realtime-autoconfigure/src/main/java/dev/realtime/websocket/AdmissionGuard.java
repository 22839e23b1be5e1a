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

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

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
 * Refuses handshakes (503) while the node has as many sessions as it may have, or when
 * too many come at once. The address of a client is the one that the container reports:
 * behind a proxy it is the proxy's, unless {@code server.forward-headers-strategy} is
 * set. The log says once a minute that there are refusals.
 *
 * @since 0.1.0
 */
public final class AdmissionGuard implements HandshakeInterceptor {

	private static final Log logger = LogFactory.getLog(AdmissionGuard.class);

	private static final String SECONDS = "1";

	private static final long SILENCE = TimeUnit.MINUTES.toNanos(1);

	private final BooleanSupplier room;

	private final Predicate<String> rate;

	private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

	/**
	 * Create the guard.
	 * @param room whether there is room for one more session
	 * @param rate takes an address and returns whether its handshake may go on
	 */
	public AdmissionGuard(BooleanSupplier room, Predicate<String> rate) {
		this.room = room;
		this.rate = rate;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		if (!this.room.getAsBoolean()) {
			return refuse(response, "this node has as many sessions as realtime.session.max-sessions says");
		}
		String address = ((ServletServerHttpRequest) request).getServletRequest().getRemoteAddr();
		if (!this.rate.test((address != null) ? address : "")) {
			return refuse(response, "more come than realtime.rate-limit.connects or connects-per-ip says");
		}
		return true;
	}

	private boolean refuse(ServerHttpResponse response, String reason) {
		response.setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
		response.getHeaders().set(HttpHeaders.RETRY_AFTER, SECONDS);
		long now = System.nanoTime();
		long next = this.nextWarning.get();
		if (now - next >= 0 && this.nextWarning.compareAndSet(next, now + SILENCE)) {
			logger.warn("Refused a WebSocket handshake: " + reason);
		}
		return false;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

}
