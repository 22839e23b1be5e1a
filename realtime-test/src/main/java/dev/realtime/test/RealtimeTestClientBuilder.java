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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.Assert;

/**
 * Says what a client in a test is like. Not thread-safe; can build any number of clients.
 *
 * @since 0.1.0
 */
public final class RealtimeTestClientBuilder {

	/** How long clients wait for anything unless told otherwise. */
	static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration QUIET_TIME = Duration.ofMillis(100);

	/** Shared, since each has threads of its own. */
	private static final HttpClient HTTP_CLIENT = HttpClient.newHttpClient();

	private final Connector connector;

	private final Map<String, String> httpHeaders = new LinkedHashMap<>();

	private final Map<String, String> headers = new LinkedHashMap<>();

	private @Nullable Principal principal;

	private HttpClient httpClient = HTTP_CLIENT;

	private String token = "";

	private @Nullable Object data;

	private Duration timeout = TIMEOUT;

	private Duration quietTime = QUIET_TIME;

	private JsonMapper mapper = JsonMapper.shared();

	private Consumer<RealtimeTestClient> onOpen = (client) -> {
	};

	RealtimeTestClientBuilder(Connector connector) {
		this.connector = connector;
	}

	/**
	 * Set who the user is, as if the HTTP handshake had found out. A web server believes
	 * it only with {@code @AutoConfigureRealtimeTestClient} or in a
	 * {@code RealtimeTestCluster}, and where Spring Security lets the handshake through.
	 * @param name the name of the user
	 * @return this builder
	 */
	public RealtimeTestClientBuilder user(String name) {
		return principal(new User(name));
	}

	/**
	 * Set who the user is, as if the HTTP handshake had found out. A web server gets the
	 * name only; see {@link #user}.
	 * @param principal the user, or {@code null} for none
	 * @return this builder
	 */
	public RealtimeTestClientBuilder principal(@Nullable Principal principal) {
		this.principal = principal;
		return this;
	}

	/**
	 * Set the token of the connect command.
	 * @param token the token
	 * @return this builder
	 */
	public RealtimeTestClientBuilder token(String token) {
		this.token = token;
		return this;
	}

	/**
	 * Set the data of the connect command.
	 * @param data anything that the JSON mapper can write
	 * @return this builder
	 */
	public RealtimeTestClientBuilder data(@Nullable Object data) {
		this.data = data;
		return this;
	}

	/**
	 * Set a header of the connect command.
	 * @param name the name
	 * @param value the text
	 * @return this builder
	 */
	public RealtimeTestClientBuilder header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Set a header of the HTTP handshake, such as {@code Authorization}, {@code Cookie}
	 * or {@code Origin}. Connecting fails if there is no web server.
	 * @param name the name
	 * @param value the text
	 * @return this builder
	 */
	public RealtimeTestClientBuilder httpHeader(String name, String value) {
		this.httpHeaders.put(name, value);
		return this;
	}

	/**
	 * Set what sends the HTTP handshake, such as a client that trusts a certificate or
	 * that has a session's cookies.
	 * @param httpClient the HTTP client
	 * @return this builder
	 */
	public RealtimeTestClientBuilder httpClient(HttpClient httpClient) {
		this.httpClient = httpClient;
		return this;
	}

	/**
	 * Set how long to wait for anything; 5 seconds by default.
	 * @param timeout the time
	 * @return this builder
	 */
	public RealtimeTestClientBuilder timeout(Duration timeout) {
		Assert.isTrue(!timeout.isZero() && !timeout.isNegative(), "'timeout' must be positive");
		this.timeout = timeout;
		return this;
	}

	/**
	 * Set how long nothing has to come before a test believes that nothing comes; 100
	 * milliseconds by default, after a round trip over the same connection.
	 * @param quietTime the time, zero for the round trip only
	 * @return this builder
	 */
	public RealtimeTestClientBuilder quietTime(Duration quietTime) {
		this.quietTime = quietTime;
		return this;
	}

	/**
	 * Set what reads and writes the application's data; the application's own by default
	 * where it has one.
	 * @param mapper the mapper
	 * @return this builder
	 */
	public RealtimeTestClientBuilder jsonMapper(JsonMapper mapper) {
		this.mapper = mapper;
		return this;
	}

	/**
	 * Set who is told of each client that is about to open a connection.
	 */
	RealtimeTestClientBuilder onOpen(Consumer<RealtimeTestClient> onOpen) {
		this.onOpen = onOpen;
		return this;
	}

	/**
	 * Create the client without connecting it.
	 * @return the client
	 */
	public RealtimeTestClient build() {
		Connector.Handshake handshake = new Connector.Handshake(this.principal, Map.copyOf(this.httpHeaders),
				this.httpClient);
		return new RealtimeTestClient(this.connector, new ClientOptions(handshake, this.token, this.data,
				Map.copyOf(this.headers), this.timeout, this.quietTime, this.mapper, this.onOpen));
	}

	/**
	 * Create the client and connect it.
	 * @return the client
	 * @throws RealtimeTestException if it is refused
	 */
	public RealtimeTestClient connect() {
		RealtimeTestClient client = build();
		client.connect().orThrow();
		return client;
	}

	private record User(String getName) implements Principal {

	}

}
