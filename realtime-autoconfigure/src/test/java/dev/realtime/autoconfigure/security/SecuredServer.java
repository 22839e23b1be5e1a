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

package dev.realtime.autoconfigure.security;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;

import dev.realtime.RealtimeOperations;
import dev.realtime.websocket.TestClient;
import jakarta.servlet.DispatcherType;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * An application with Spring Security in a real Tomcat: a form to log in, bearer tokens,
 * and an endpoint that is open to all.
 */
final class SecuredServer implements AutoCloseable {

	static final Tokens TOKENS = new Tokens("secret");

	private final HttpClient http = HttpClient.newHttpClient();

	private final ServletWebServerApplicationContext context;

	private SecuredServer(ServletWebServerApplicationContext context) {
		this.context = context;
	}

	/** Start an application of these properties and more configuration. */
	static SecuredServer start(List<Class<?>> configuration, String... properties) {
		List<Class<?>> all = new ArrayList<>(List.of(Application.class));
		all.addAll(configuration);
		List<String> arguments = new ArrayList<>(Arrays.stream(properties).map((property) -> "--" + property).toList());
		arguments.addAll(List.of("--server.port=0", "--spring.datasource.generate-unique-name=true",
				"--realtime.outbox.enabled=false"));
		return new SecuredServer(
				(ServletWebServerApplicationContext) new SpringApplicationBuilder(all.toArray(Class<?>[]::new))
					.run(arguments.toArray(String[]::new)));
	}

	ServletWebServerApplicationContext context() {
		return this.context;
	}

	RealtimeOperations operations() {
		return this.context.getBean(RealtimeOperations.class);
	}

	int port() {
		return this.context.getWebServer().getPort();
	}

	/** Log in by the form, and return the cookie of the session. */
	String login(String user, String... headers) throws Exception {
		HttpResponse<String> response = post("/login", "username=" + user + "&password=password", headers);
		return cookie(response);
	}

	static String cookie(HttpResponse<?> response) {
		return response.headers().firstValue("Set-Cookie").map((value) -> value.split(";")[0]).orElse("none");
	}

	HttpResponse<String> post(String path, String form, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString(form));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	/** Make a handshake with headers, and say nothing. */
	TestClient open(String... headers) {
		return openAt("/realtime", headers);
	}

	TestClient openAt(String path, String... headers) {
		return new TestClient(URI.create("ws://localhost:" + port() + path), List.of(headers));
	}

	/** Return the status of a handshake. */
	int handshake(String path, String... headers) {
		try {
			openAt(path, headers).socket().abort();
			return 101;
		}
		catch (CompletionException ex) {
			return ((WebSocketHandshakeException) ex.getCause()).getResponse().statusCode();
		}
	}

	static void connect(TestClient client, String token) {
		client.socket().sendText("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}", true).join();
	}

	/** Connect with a token, possibly empty, and return the reply. */
	static String reply(TestClient client, String token) throws InterruptedException {
		connect(client, token);
		return client.next();
	}

	/** Send a command, and return what comes next. */
	static String ask(TestClient client, String command) throws InterruptedException {
		client.socket().sendText("{\"id\":7," + command + "}", true).join();
		return client.next();
	}

	static String subscribe(TestClient client, String room) throws InterruptedException {
		return ask(client, "\"subscribe\":{\"channel\":\"" + room + "\"}");
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
					.permitAll()
					.requestMatchers(RealtimeRequest.toEndpoint())
					.permitAll()
					.anyRequest()
					.authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.formLogin(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

		@Bean
		JwtDecoder jwtDecoder() {
			return TOKENS.decoder();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(
					User.withUsername("ann").password("{noop}password").roles("USER").build(),
					User.withUsername("bob").password("{noop}password").roles("USER", "STAFF").build());
		}

	}

}
