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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A WebSocket client that keeps what it gets.
 */
public final class TestClient implements WebSocket.Listener {

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> ended = new CompletableFuture<>();

	private final StringBuilder text = new StringBuilder();

	private final WebSocket socket;

	/**
	 * Connect.
	 * @param uri where
	 * @param subProtocols what is offered, possibly nothing
	 */
	public TestClient(URI uri, String... subProtocols) {
		WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
		for (String subProtocol : subProtocols) {
			builder.subprotocols(subProtocol);
		}
		this.socket = builder.buildAsync(uri, this).join();
	}

	/**
	 * Connect with headers.
	 * @param uri where
	 * @param headers names and values in turn
	 */
	public TestClient(URI uri, List<String> headers) {
		WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
		for (int i = 0; i < headers.size(); i += 2) {
			builder.header(headers.get(i), headers.get(i + 1));
		}
		this.socket = builder.buildAsync(uri, this).join();
	}

	/** Return the socket. */
	public WebSocket socket() {
		return this.socket;
	}

	/** Return the next text, or one that says that there is none. */
	public String next() throws InterruptedException {
		return next(10_000);
	}

	/** Return the next text that comes in time, or one that says that there is none. */
	public String next(int millis) throws InterruptedException {
		String message = this.messages.poll(millis, TimeUnit.MILLISECONDS);
		return (message != null) ? message : "nothing came";
	}

	/** Return how the socket ended: the code and the reason, or {@code lost}. */
	public String ending() throws Exception {
		return this.ended.get(10, TimeUnit.SECONDS);
	}

	@Override
	public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
		this.text.append(data);
		if (last) {
			this.messages.add(this.text.toString());
			this.text.setLength(0);
		}
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
		this.messages.add("binary " + data.remaining());
		socket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
		this.ended.complete(code + " " + reason);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.ended.complete("lost");
	}

}
