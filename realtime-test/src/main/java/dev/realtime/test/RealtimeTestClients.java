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

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.context.ApplicationContext;

/**
 * Makes clients of an application, and disconnects them all after each test that
 * {@code @AutoConfigureRealtimeTestClient} is on, and when the context closes.
 * Thread-safe; but tests that share a context would disconnect each other's clients if
 * they ran at the same time.
 *
 * @since 0.1.0
 */
public final class RealtimeTestClients implements AutoCloseable {

	private final ApplicationContext context;

	private final Duration timeout;

	private final Set<RealtimeTestClient> open = new LinkedHashSet<>();

	/**
	 * Create the factory.
	 * @param context the context of the application
	 */
	public RealtimeTestClients(ApplicationContext context) {
		this(context, RealtimeTestClientBuilder.TIMEOUT);
	}

	/**
	 * Create the factory.
	 * @param context the context of the application
	 * @param timeout how long clients wait for anything unless they are told otherwise
	 */
	public RealtimeTestClients(ApplicationContext context, Duration timeout) {
		this.context = context;
		this.timeout = timeout;
	}

	/**
	 * Begin to build a client.
	 * @return the builder
	 */
	public RealtimeTestClientBuilder client() {
		return RealtimeTestClient.bindToApplicationContext(this.context).timeout(this.timeout).onOpen(this::opening);
	}

	private synchronized void opening(RealtimeTestClient client) {
		this.open.add(client);
	}

	/**
	 * Connect a client that nobody knows.
	 * @return the client
	 * @throws RealtimeTestException if it is refused
	 */
	public RealtimeTestClient connect() {
		return client().connect();
	}

	/**
	 * Connect a client of a user.
	 * @param user the name of the user; see {@link RealtimeTestClientBuilder#user}
	 * @return the client
	 * @throws RealtimeTestException if it is refused
	 */
	public RealtimeTestClient connect(String user) {
		return client().user(user).connect();
	}

	/**
	 * Disconnect all clients. New ones can be made.
	 */
	@Override
	public void close() {
		List<RealtimeTestClient> clients;
		synchronized (this) {
			clients = new ArrayList<>(this.open);
			this.open.clear();
		}
		clients.forEach(RealtimeTestClient::close);
	}

}
