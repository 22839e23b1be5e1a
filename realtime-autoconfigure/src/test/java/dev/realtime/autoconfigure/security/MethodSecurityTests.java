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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.annotation.OnConnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of Spring Security's context and method security in code of the application.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MethodSecurityTests {

	private SecuredServer server;

	@BeforeAll
	void start() {
		this.server = SecuredServer.start(List.of(Desk.class), "realtime.security.allow-anonymous=true",
				"realtime.namespaces.checked.subscribe=anyone", "realtime.namespaces.desk.subscribe=anyone");
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	private TestClient login(String user) throws Exception {
		TestClient client = this.server.open("Cookie", this.server.login(user));
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"");
		return client;
	}

	private TestClient guest() throws Exception {
		TestClient client = this.server.open();
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"");
		return client;
	}

	private static String rpc(TestClient client, String method) throws Exception {
		return SecuredServer.ask(client, "\"rpc\":{\"method\":\"" + method + "\"}");
	}

	@Test
	void aMethodForARoleIsForThoseWhoHaveIt() throws Exception {
		assertThat(rpc(login("bob"), "staff")).contains("\"data\":\"bob\"");
		assertThat(rpc(login("ann"), "staff")).contains("\"code\":103", "permission denied");
		assertThat(rpc(guest(), "staff")).contains("\"code\":103");
	}

	@Test
	void aRoomForARoleIsForThoseWhoHaveIt() throws Exception {
		assertThat(SecuredServer.subscribe(login("bob"), "desk:staff")).contains("\"subscribe\"");
		assertThat(SecuredServer.subscribe(login("ann"), "desk:staff")).contains("\"code\":103");
	}

	@Test
	void publishingForARoleIsForThoseWhoHaveIt() throws Exception {
		TestClient bob = login("bob");
		TestClient ann = login("ann");
		SecuredServer.subscribe(bob, "desk:open");
		SecuredServer.subscribe(ann, "desk:open");
		String publish = "\"publish\":{\"channel\":\"desk:open\",\"data\":\"hello\"}";
		assertThat(SecuredServer.ask(ann, publish)).contains("\"code\":103");
		assertThat(SecuredServer.ask(bob, publish) + bob.next()).contains("\"publish\":{}");
		assertThat(ann.next()).contains("hello");
	}

	@Test
	void theUserIsInTheContextAndAParameter() throws Exception {
		assertThat(rpc(login("ann"), "who")).contains("ann ann");
	}

	@Test
	void aTokenIsInTheContext() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, SecuredServer.TOKENS.of("carl", Duration.ofHours(1)));
		assertThat(rpc(client, "who")).contains("carl carl");
	}

	@Test
	void aGuestIsAnonymousInTheContext() throws Exception {
		assertThat(rpc(guest(), "who")).contains("null anonymousUser");
	}

	@Test
	void whoConnectsIsInTheContextOfWhatIsAskedThen() throws Exception {
		TestClient client = this.server.open();
		assertThat(SecuredServer.reply(client, SecuredServer.TOKENS.of("dora", Duration.ofHours(1))))
			.contains("\"data\":\"dora\"");
	}

	@Test
	void theUserIsInTheContextOfAuthorizers() throws Exception {
		assertThat(SecuredServer.subscribe(login("ann"), "checked:ann")).contains("\"subscribe\"");
		assertThat(SecuredServer.subscribe(login("ann"), "checked:bob")).contains("\"code\":103");
	}

	@Test
	void theUserIsInTheContextOfListeners() throws Exception {
		Desk desk = this.server.context().getBean(Desk.class);
		TestClient client = login("bob");
		await().until(() -> "bob".equals(desk.connected));
		client.socket().abort();
		await().until(() -> "bob".equals(desk.disconnected));
	}

	@Test
	void aMethodThatDeniesLaterDenies() throws Exception {
		assertThat(rpc(login("ann"), "later")).contains("\"code\":103");
	}

	@Test
	void badCredentialsAreError101AndAFailureOfTheirCheckIsError100() throws Exception {
		TestClient client = login("ann");
		assertThat(rpc(client, "credentials")).contains("\"code\":101");
		assertThat(rpc(client, "broken")).contains("\"code\":100").doesNotContain("database");
	}

	@Test
	void nothingIsLeftOnTheThread() throws Exception {
		for (int i = 0; i < 50; i++) {
			assertThat(rpc(login("bob"), "change")).contains("\"rpc\"");
			assertThat(rpc(guest(), "who")).contains("null anonymousUser");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity
	@Import(DeskController.class)
	static class Desk implements RealtimeListener {

		volatile String connected;

		volatile String disconnected;

		static String current() {
			return SecurityContextHolder.getContext().getAuthentication().getName();
		}

		@Override
		public void connected(RealtimeSession session) {
			this.connected = current();
		}

		@Override
		public void disconnected(RealtimeSession session, DisconnectReason reason) {
			this.disconnected = current();
		}

		@Bean
		RoomAuthorizer ownRooms() {
			return (access) -> RoomDecision
				.of(!access.room().startsWith("checked:") || access.room().endsWith(":" + current()));
		}

	}

	@RealtimeController
	static class DeskController {

		@OnConnect
		String connect() {
			return Desk.current();
		}

		@OnSubscribe("desk:staff")
		@PreAuthorize("hasRole('STAFF')")
		void join() {
		}

		@OnPublish("desk:open")
		@PreAuthorize("hasRole('STAFF')")
		void publish() {
		}

		@OnRpc("staff")
		@PreAuthorize("hasRole('STAFF')")
		String staff() {
			return Desk.current();
		}

		@OnRpc("who")
		String who(Authentication user) {
			return ((user != null) ? user.getName() : null) + " " + Desk.current();
		}

		@OnRpc("later")
		CompletionStage<String> later() {
			return CompletableFuture.failedFuture(new AccessDeniedException("no"));
		}

		@OnRpc("credentials")
		String credentials() {
			throw new BadCredentialsException("no");
		}

		@OnRpc("broken")
		String broken() {
			throw new InternalAuthenticationServiceException("the database is down");
		}

		@OnRpc("change")
		void change() {
			SecurityContextHolder.getContext().setAuthentication(null);
		}

	}

}
