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

package dev.realtime.test;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Connects to a web server.
 */
final class WebSocketConnector implements Connector {

	private final URI uri;

	private final boolean users;

	/**
	 * Create the connector.
	 * @param uri the address
	 * @param users whether the server believes {@link TestUsers#HEADER}
	 */
	WebSocketConnector(URI uri, boolean users) {
		this.uri = uri;
		this.users = users;
	}

	@Override
	public Connection open(Handshake handshake, Duration timeout, Receiver receiver) {
		WebSocket.Builder builder = handshake.httpClient().newWebSocketBuilder().connectTimeout(timeout);
		handshake.headers().forEach(builder::header);
		if (handshake.principal() != null) {
			builder.header(TestUsers.HEADER, user(handshake.principal()));
		}
		SocketConnection connection = new SocketConnection(receiver);
		try {
			connection.socket = builder.buildAsync(this.uri, connection)
				.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
				.join();
			return connection;
		}
		catch (CompletionException ex) {
			throw failure(this.uri, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	private String user(Principal principal) {
		if (!this.users) {
			throw new IllegalStateException("This server knows no test users: add @AutoConfigureRealtimeTestClient, "
					+ "or use a token or an HTTP header");
		}
		return URLEncoder.encode(principal.getName(), StandardCharsets.UTF_8);
	}

	private static RealtimeTestException failure(URI address, Throwable cause) {
		if (cause instanceof WebSocketHandshakeException handshake) {
			int status = handshake.getResponse().statusCode();
			return new RealtimeTestException(status, address + " answered the handshake with HTTP status " + status,
					cause);
		}
		return new RealtimeTestException(0, "No connection to " + address + ": " + cause, cause);
	}

	/**
	 * One socket.
	 */
	private static final class SocketConnection implements Connection, WebSocket.Listener {

		private final Receiver receiver;

		private final StringBuilder frame = new StringBuilder();

		private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);

		private volatile @Nullable WebSocket socket;

		SocketConnection(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		public synchronized void send(String frame) {
			WebSocket socket = this.socket;
			if (socket != null) {
				this.sending = this.sending.thenCompose((previous) -> socket.sendText(frame, true));
			}
		}

		@Override
		public synchronized void close() {
			WebSocket socket = this.socket;
			if (socket != null) {
				this.sending = this.sending.thenCompose((previous) -> socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
			}
		}

		@Override
		public void abort() {
			WebSocket socket = this.socket;
			if (socket != null) {
				socket.abort();
			}
			this.receiver.closed(1006, "connection lost");
		}

		@Override
		public void onOpen(WebSocket webSocket) {
			this.socket = webSocket;
			webSocket.request(1);
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.frame.append(data);
			if (last) {
				String whole = this.frame.toString();
				this.frame.setLength(0);
				this.receiver.frame(whole);
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.receiver.closed(statusCode, reason);
			return null;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			this.receiver.closed(1006, String.valueOf(error));
		}

	}

}
