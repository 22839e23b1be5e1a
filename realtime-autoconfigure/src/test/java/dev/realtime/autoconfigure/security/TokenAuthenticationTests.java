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
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of clients that bring a JWT, in a real Tomcat with Spring Security.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenAuthenticationTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Tokens TOKENS = SecuredServer.TOKENS;

	private static final Tokens FORGED = new Tokens("forged");

	private SecuredServer server;

	@BeforeAll
	void start() {
		this.server = SecuredServer.start(List.of(), "realtime.namespaces.chat.publish=subscribers",
				"realtime.namespaces.chat.presence=true", "realtime.namespaces.chat.history.size=10");
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	private String connect(String token, String... headers) throws Exception {
		return SecuredServer.reply(this.server.open(headers), token);
	}

	private String ending(String token, String... headers) throws Exception {
		TestClient client = this.server.open(headers);
		SecuredServer.connect(client, token);
		return client.ending();
	}

	@Test
	void aTokenOfTheConnectCommandTellsWhoTheClientIs() throws Exception {
		assertThat(connect(TOKENS.of("ann", HOUR))).contains("\"connect\"", "\"expires\":true", "\"ttl\":3");
		await().until(() -> this.server.operations().isOnline("ann"));
	}

	@Test
	void aTokenThatHasExpiredIsAnsweredWith109() throws Exception {
		assertThat(connect(TOKENS.of("ann", HOUR.negated()))).contains("\"code\":109");
	}

	@Test
	void aTokenWithinTheSkewOfTheClockIsExpiredAllTheSame() throws Exception {
		assertThat(connect(TOKENS.of("ann", Duration.ofSeconds(-10)))).contains("\"code\":109");
	}

	@Test
	void aTokenOfAnotherKeyIsRefusedWith3500() throws Exception {
		assertThat(ending(FORGED.of("ann", HOUR))).isEqualTo("3500 invalid token");
	}

	@Test
	void anExpiredTokenOfAnotherKeyIsRefusedWith3500() throws Exception {
		assertThat(ending(FORGED.of("ann", HOUR.negated()))).isEqualTo("3500 invalid token");
	}

	@Test
	void whatIsNoTokenIsRefusedWith3500() throws Exception {
		assertThat(ending("rubbish")).isEqualTo("3500 invalid token");
		assertThat(ending("a.b.c")).isEqualTo("3500 invalid token");
	}

	@Test
	void anUnsignedTokenIsRefusedWith3500() throws Exception {
		assertThat(ending("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.")).isEqualTo("3500 invalid token");
	}

	@Test
	void aTokenOfNobodyIsRefusedWith3500() throws Exception {
		assertThat(ending(TOKENS.of("", HOUR))).isEqualTo("3500 invalid token");
	}

	@Test
	void withoutATokenTheClientIsUnauthorized() throws Exception {
		assertThat(connect("")).contains("\"code\":101");
	}

	@Test
	void aTokenInTheUrlIsNoToken() throws Exception {
		String token = TOKENS.of("ann", HOUR);
		TestClient client = this.server.openAt("/realtime?access_token=" + token + "&token=" + token);
		assertThat(SecuredServer.reply(client, "")).contains("\"code\":101");
	}

	@Test
	void aTokenOfTheHandshakeHoldsAsLongAsIt() throws Exception {
		TestClient client = this.server.open("Authorization", "Bearer " + TOKENS.of("dora", Duration.ofSeconds(5)));
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"").doesNotContain("\"expires\"");
		assertThat(SecuredServer.subscribe(client, "chat:lobby")).contains("\"subscribe\"");
		await().pollInterval(Duration.ofMillis(50)).until(() -> {
			this.server.operations().publish("chat:lobby", "before");
			return !this.server.operations().isOnline("dora");
		});
		assertThat(client.ending()).isEqualTo("3005 connection expired");
		this.server.operations().publish("chat:lobby", "after");
		String last = client.next(100);
		while (last.contains("before")) {
			last = client.next(100);
		}
		assertThat(last).isEqualTo("nothing came");
	}

	@Test
	void aForgedTokenOfTheHandshakeIsRefusedThere() {
		assertThat(this.server.handshake("/realtime", "Authorization", "Bearer " + FORGED.of("ann", HOUR)))
			.isEqualTo(401);
	}

	@Test
	void whenHandshakeAndTokenNameDifferentUsersRefusesWith3500() throws Exception {
		String cookie = this.server.login("bob");
		assertThat(ending(TOKENS.of("ann", HOUR), "Cookie", cookie)).isEqualTo("3500 invalid token");
	}

	@Test
	void whenHandshakeAndTokenNameTheSameUserTheTokenCounts() throws Exception {
		String cookie = this.server.login("bob");
		assertThat(connect(TOKENS.of("bob", HOUR), "Cookie", cookie)).contains("\"ttl\":3");
	}

	@Test
	void aSecondConnectIsRefusedWith3501() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("ann", HOUR));
		SecuredServer.connect(client, TOKENS.of("bob", HOUR));
		assertThat(client.ending()).isEqualTo("3501 bad request");
	}

	@Test
	void nothingButConnectIsAcceptedBeforeIt() throws Exception {
		for (String command : List.of("\"subscribe\":{\"channel\":\"chat:lobby\"}", "\"refresh\":{\"token\":\"x\"}",
				"\"publish\":{\"channel\":\"chat:lobby\",\"data\":1}", "\"history\":{\"channel\":\"chat:lobby\"}",
				"\"presence\":{\"channel\":\"chat:lobby\"}", "\"rpc\":{\"method\":\"x\"}")) {
			TestClient client = this.server.open();
			client.socket().sendText("{\"id\":1," + command + "}", true);
			assertThat(client.ending()).as(command).isEqualTo("3501 bad request");
		}
	}

	@Test
	void afterAnErrorOfConnectNothingIsAccepted() throws Exception {
		TestClient client = this.server.open();
		assertThat(SecuredServer.reply(client, "")).contains("\"code\":101");
		client.socket().sendText("{\"id\":2,\"subscribe\":{\"channel\":\"chat:lobby\"}}", true);
		assertThat(client.ending()).isEqualTo("3501 bad request");
	}

	@Test
	void aNewTokenOfTheSameUserRefreshes() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("ann", Duration.ofMinutes(1)));
		assertThat(refresh(client, TOKENS.of("ann", HOUR))).contains("\"refresh\"", "\"ttl\":3");
	}

	@Test
	void aNewTokenOfAnotherUserIsRefusedWith3500() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("ann", HOUR));
		client.socket().sendText("{\"id\":2,\"refresh\":{\"token\":\"" + TOKENS.of("bob", HOUR) + "\"}}", true);
		assertThat(client.ending()).isEqualTo("3500 invalid token");
	}

	@Test
	void anOldTokenDoesNotRefresh() throws Exception {
		TestClient client = this.server.open();
		String old = TOKENS.of("ann", Duration.ofSeconds(4));
		SecuredServer.reply(client, old);
		await().until(() -> refresh(client, old).contains("\"code\":110"));
		assertThat(refresh(client, TOKENS.of("ann", HOUR))).contains("\"ttl\":3");
	}

	@Test
	void aForgedTokenDoesNotRefresh() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("ann", HOUR));
		client.socket().sendText("{\"id\":2,\"refresh\":{\"token\":\"" + FORGED.of("ann", HOUR) + "\"}}", true);
		assertThat(client.ending()).isEqualTo("3500 invalid token");
	}

	@Test
	void aForeignRoomShowsNeitherMembersNorHistory() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("ann", HOUR));
		for (String command : List.of("presence", "presence_stats", "history")) {
			assertThat(SecuredServer.ask(client, "\"" + command + "\":{\"channel\":\"chat:foreign\"}")).as(command)
				.contains("\"code\":103");
		}
		assertThat(SecuredServer.ask(client, "\"publish\":{\"channel\":\"chat:foreign\",\"data\":1}"))
			.contains("\"code\":103");
	}

	@Test
	void whenTheDecoderFailsClientsTryAgain() throws Exception {
		try (SecuredServer broken = SecuredServer.start(List.of(BrokenKeys.class),
				"spring.main.allow-bean-definition-overriding=true")) {
			TestClient client = broken.open();
			assertThat(SecuredServer.reply(client, TOKENS.of("ann", HOUR))).contains("\"code\":100",
					"\"temporary\":true");
		}
	}

	@Test
	void whereAnonymousClientsAreAllowedABadTokenIsRefusedAllTheSame() throws Exception {
		try (SecuredServer open = SecuredServer.start(List.of(), "realtime.security.allow-anonymous=true")) {
			assertThat(SecuredServer.reply(open.open(), "")).contains("\"connect\"");
			TestClient client = open.open();
			SecuredServer.connect(client, FORGED.of("ann", HOUR));
			assertThat(client.ending()).isEqualTo("3500 invalid token");
		}
	}

	@Test
	void whenTheApplicationHasAnAuthenticatorTokensAreItsBusinessAlone() throws Exception {
		try (SecuredServer own = SecuredServer.start(List.of(OwnAuthenticator.class))) {
			TestClient client = own.open();
			SecuredServer.connect(client, TOKENS.of("ann", HOUR));
			assertThat(client.ending()).isEqualTo("3500 invalid token");
			TestClient bearer = own.open("Authorization", "Bearer " + TOKENS.of("ann", Duration.ofSeconds(4)));
			assertThat(SecuredServer.reply(bearer, "")).contains("\"connect\"");
			assertThat(bearer.ending()).isEqualTo("3005 connection expired");
		}
	}

	@Test
	void theAuthoritiesOfATokenAreThoseOfTheResourceServer() throws Exception {
		TestClient client = this.server.open();
		SecuredServer.reply(client, TOKENS.of("eve", HOUR, Map.of("scope", "chat:read")));
		await().atMost(5, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(this.server.operations().localSessions("eve")).singleElement()
				.satisfies((session) -> assertThat(session.principal()).asString().contains("SCOPE_chat:read")));
	}

	private static String refresh(TestClient client, String token) throws InterruptedException {
		return SecuredServer.ask(client, "\"refresh\":{\"token\":\"" + token + "\"}");
	}

	@Configuration(proxyBeanMethods = false)
	static class BrokenKeys {

		@Bean
		JwtDecoder jwtDecoder() {
			return (token) -> {
				throw new JwtException("no keys");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAuthenticator {

		@Bean
		ConnectAuthenticator own() {
			return (request) -> null;
		}

	}

}
