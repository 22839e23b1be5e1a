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

import java.net.http.HttpClient;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Opens connections to a server.
 */
interface Connector {

	/**
	 * Open a connection.
	 * @param handshake what the client says before the protocol begins
	 * @param timeout how long it may take
	 * @param receiver gets what the server says, on one thread at a time
	 * @return the connection
	 * @throws RealtimeTestException if there is none
	 */
	Connection open(Handshake handshake, Duration timeout, Receiver receiver);

	/**
	 * What a client says before the protocol begins.
	 *
	 * @param principal the user, or {@code null}
	 * @param headers the headers of the HTTP request
	 * @param httpClient what sends the HTTP request
	 */
	record Handshake(@Nullable Principal principal, Map<String, String> headers, HttpClient httpClient) {

	}

	/**
	 * One connection. Thread-safe.
	 */
	interface Connection {

		/**
		 * Send a frame.
		 * @param frame one or several messages
		 */
		void send(String frame);

		/**
		 * Close it properly. The receiver is told when it is closed.
		 */
		void close();

		/**
		 * Lose it.
		 */
		void abort();

	}

	/**
	 * Gets what the server says.
	 */
	interface Receiver {

		/**
		 * A frame came.
		 * @param frame one or several messages
		 */
		void frame(String frame);

		/**
		 * The connection has ended. Only the first call counts.
		 * @param code the close code
		 * @param reason the reason
		 */
		void closed(int code, String reason);

	}

}
