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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.HistoryQuery;
import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.security.SubscriptionTokenAuthorizer;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of who may do what in which room, in a real Tomcat with Spring Security.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoomAuthorizationTests {

	private static final String ROOM = "chat:board";

	private static final Tokens SUBSCRIPTION_TOKENS = new Tokens("rooms");

	private static final Map<RoomAccess.Operation, String> COMMANDS = Map.of(RoomAccess.Operation.SUBSCRIBE,
			"\"subscribe\":{\"channel\":\"chat:other\"}", RoomAccess.Operation.RECOVER,
			"\"subscribe\":{\"channel\":\"chat:other\",\"recover\":true,\"offset\":1,\"epoch\":\"x\"}",
			RoomAccess.Operation.PUBLISH, "\"publish\":{\"channel\":\"chat:board\",\"data\":1}",
			RoomAccess.Operation.PRESENCE, "\"presence\":{\"channel\":\"chat:board\"}", RoomAccess.Operation.HISTORY,
			"\"history\":{\"channel\":\"chat:board\"}");

	private SecuredServer server;

	private TestClient client;

	@BeforeAll
	void start() {
		this.server = SecuredServer.start(List.of(Rules.class), "realtime.namespaces.chat.publish=subscribers",
				"realtime.namespaces.chat.presence=true", "realtime.namespaces.chat.history.size=10",
				"realtime.namespaces.private.history.size=10", "realtime.rate-limit.enabled=false");
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	@BeforeEach
	void connect() throws Exception {
		Rules.FIRST.clear();
		Rules.SECOND.clear();
		Rules.THIRD.clear();
		this.client = this.server.open();
		SecuredServer.reply(this.client, SecuredServer.TOKENS.of("ann", Duration.ofHours(1)));
	}

	@ParameterizedTest
	@EnumSource
	void whenOneManagerOrAuthorizerDeniesAnOperationItIsDenied(RoomAccess.Operation operation) throws Exception {
		assertThat(SecuredServer.subscribe(this.client, ROOM)).contains("\"subscribe\"");
		for (Set<RoomAccess.Operation> denied : List.of(Rules.FIRST, Rules.SECOND, Rules.THIRD)) {
			denied.add(operation);
			assertThat(ask(COMMANDS.get(operation))).contains("\"code\":103");
			denied.clear();
		}
		assertThat(ask(COMMANDS.get(operation))).doesNotContain("\"error\"");
	}

	private String ask(String command) throws Exception {
		String answer = SecuredServer.ask(this.client, command);
		return (answer.contains("\"push\"") && !answer.contains("\"id\":7")) ? this.client.next() : answer;
	}

	@Test
	void aManagerSeesWhoWantsWhat() throws Exception {
		assertThat(SecuredServer.subscribe(this.client, "chat:not-ann")).contains("\"code\":103");
		TestClient other = this.server.open();
		SecuredServer.reply(other, SecuredServer.TOKENS.of("bob", Duration.ofHours(1)));
		assertThat(SecuredServer.subscribe(other, "chat:not-ann")).contains("\"subscribe\"");
	}

	@Test
	void aPositionDisclosesNothingWithoutARight() throws Exception {
		this.server.operations().publish(ROOM, "secret");
		Rules.FIRST.add(RoomAccess.Operation.RECOVER);
		Rules.FIRST.add(RoomAccess.Operation.SUBSCRIBE);
		String epoch = this.server.operations().history(ROOM, HistoryQuery.newest(1)).top().epoch();
		String denied = recover(ROOM, 0, epoch);
		assertThat(denied).contains("\"code\":103").doesNotContain("secret", "epoch", "offset");
		assertThat(recover(ROOM, 1_000_000, epoch)).isEqualTo(denied);
		assertThat(recover(ROOM, 0, "guess")).isEqualTo(denied);
		assertThat(recover("chat:no-such-room", 0, "guess")).isEqualTo(denied);
		for (int i = 0; i < 1_000; i++) {
			assertThat(recover(ROOM, i, "e" + i)).isEqualTo(denied);
		}
	}

	private String recover(String room, long offset, String epoch) throws Exception {
		return SecuredServer.ask(this.client, "\"subscribe\":{\"channel\":\"" + room + "\",\"recover\":true,\"offset\":"
				+ offset + ",\"epoch\":\"" + epoch + "\"}");
	}

	@Test
	void aRoomThatNeedsATokenIsClosedWithoutOne() throws Exception {
		assertThat(SecuredServer.subscribe(this.client, "private:1")).contains("\"code\":103");
	}

	@Test
	void aSubscriptionTokenOpensItsRoomForItsUser() throws Exception {
		assertThat(subscribe("private:1", token("ann", "private:1", 3600))).contains("\"subscribe\"", "\"ttl\":3");
		assertThat(subscribe("private:2", token("ann", "private:1", 3600))).contains("\"code\":103");
		assertThat(subscribe("private:2", token("bob", "private:2", 3600))).contains("\"code\":103");
		assertThat(subscribe("private:2", "rubbish")).contains("\"code\":103");
		assertThat(subscribe("private:2",
				SecuredServer.TOKENS.of("ann", Duration.ofHours(1), Map.of("channel", "private:2"))))
			.contains("\"code\":103");
		assertThat(subscribe("private:2", token("ann", "private:2", -3600))).contains("\"code\":109");
		assertThat(subscribe("private:2", token("ann", "private:2", -5))).contains("\"code\":109");
	}

	@Test
	void aSubscriptionTokenIsRefreshedByAnother() throws Exception {
		subscribe("private:1", token("ann", "private:1", 60));
		assertThat(refresh(token("ann", "private:1", 3600))).contains("\"sub_refresh\"", "\"ttl\":3");
		assertThat(refresh(token("ann", "private:1", -3600))).contains("\"code\":110");
		assertThat(refresh(token("ann", "private:2", 3600))).contains("\"code\":103");
		assertThat(refresh(token("bob", "private:1", 3600))).contains("\"code\":103");
	}

	@Test
	void aRefreshedConnectionKeepsWhatASubscriptionTokenHasOpened() throws Exception {
		subscribe("private:1", token("ann", "private:1", 3600));
		assertThat(SecuredServer.ask(this.client,
				"\"refresh\":{\"token\":\"" + SecuredServer.TOKENS.of("ann", Duration.ofHours(1)) + "\"}"))
			.contains("\"refresh\"");
		this.server.operations().publish("private:1", "hello");
		assertThat(this.client.next()).contains("hello");
	}

	@Test
	void aRefreshedConnectionLosesWhatIsNotGrantedAnyMore() throws Exception {
		assertThat(SecuredServer.subscribe(this.client, ROOM)).contains("\"subscribe\"");
		Rules.SECOND.add(RoomAccess.Operation.SUBSCRIBE);
		String first = SecuredServer.ask(this.client,
				"\"refresh\":{\"token\":\"" + SecuredServer.TOKENS.of("ann", Duration.ofHours(1)) + "\"}");
		assertThat(first).contains("\"unsubscribe\":{\"code\":2000");
		this.server.operations().publish(ROOM, "secret");
		assertThat(first.contains("\"refresh\"") ? first : this.client.next()).contains("\"refresh\"");
		assertThat(this.client.next(200)).isEqualTo("nothing came");
	}

	@Test
	void onDemandAUserIsCheckedAnew() throws Exception {
		assertThat(SecuredServer.subscribe(this.client, ROOM)).contains("\"subscribe\"");
		Rules.FIRST.add(RoomAccess.Operation.SUBSCRIBE);
		Rules.FIRST.add(RoomAccess.Operation.RECOVER);
		this.server.operations().refresh("ann");
		this.server.operations().publish(ROOM, "secret");
		assertThat(this.client.ending()).isEqualTo("3011 force reconnect");
		connectAgain();
		assertThat(recover(ROOM, 0, "x")).contains("\"code\":103");
	}

	private void connectAgain() throws Exception {
		await().until(() -> !this.server.operations().isOnline("ann"));
		this.client = this.server.open();
		assertThat(SecuredServer.reply(this.client, SecuredServer.TOKENS.of("ann", Duration.ofHours(1))))
			.contains("\"connect\"");
	}

	private static String token(String user, String room, int seconds) {
		return SUBSCRIPTION_TOKENS.of(user, Duration.ofSeconds(seconds), Map.of("channel", room));
	}

	private String subscribe(String room, String token) throws Exception {
		return SecuredServer.ask(this.client,
				"\"subscribe\":{\"channel\":\"" + room + "\",\"token\":\"" + token + "\"}");
	}

	private String refresh(String token) throws Exception {
		return SecuredServer.ask(this.client,
				"\"sub_refresh\":{\"channel\":\"private:1\",\"token\":\"" + token + "\"}");
	}

	@Configuration(proxyBeanMethods = false)
	static class Rules {

		static final Set<RoomAccess.Operation> FIRST = ConcurrentHashMap.newKeySet();

		static final Set<RoomAccess.Operation> SECOND = ConcurrentHashMap.newKeySet();

		static final Set<RoomAccess.Operation> THIRD = ConcurrentHashMap.newKeySet();

		@Bean
		AuthorizationManager<RoomAccess> first() {
			return (user, access) -> new AuthorizationDecision(!FIRST.contains(access.operation())
					&& (!access.room().equals("chat:not-ann") || !user.get().getName().equals("ann")));
		}

		@Bean
		AuthorizationManager<RoomAccess> second() {
			return (user, access) -> SECOND.contains(access.operation()) ? new AuthorizationDecision(false) : null;
		}

		@Bean
		RoomAuthorizer third() {
			return (access) -> RoomDecision.of(!THIRD.contains(access.operation()));
		}

		@Bean
		SubscriptionTokenAuthorizer subscriptionTokens() {
			return new SubscriptionTokenAuthorizer(SUBSCRIPTION_TOKENS.decoder(), "private");
		}

	}

}
