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

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.redis.RedisServer;
import dev.realtime.websocket.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.annotation.Configuration;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisIndexedHttpSession;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of two nodes that share HTTP sessions by Spring Session, and rooms, in Redis.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedHttpSessionTests {

	private static final String ENDED = "3500 session ended";

	private RedisServer redis;

	private SecuredServer here;

	private SecuredServer there;

	@BeforeAll
	void start() {
		this.redis = RedisServer.create().start();
		this.here = node();
		this.there = node();
	}

	private SecuredServer node() {
		return SecuredServer.start(List.of(SharedSessions.class), "realtime.relay=redis",
				"spring.application.name=shared", "spring.data.redis.url=" + this.redis.uri(),
				"realtime.namespaces.chat.history.size=10");
	}

	@AfterAll
	void stop() {
		this.here.close();
		this.there.close();
		this.redis.close();
	}

	private static TestClient connect(SecuredServer server, String cookie) throws Exception {
		TestClient client = server.open("Cookie", cookie);
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"");
		assertThat(SecuredServer.subscribe(client, "chat:lobby")).contains("\"subscribe\"");
		return client;
	}

	@Test
	void whoLogsOutOnOneNodeIsDisconnectedOnAll() throws Exception {
		String cookie = this.here.login("ann");
		TestClient one = connect(this.here, cookie);
		TestClient two = connect(this.there, cookie);
		TestClient other = connect(this.there, this.here.login("ann"));
		long start = System.nanoTime();
		this.there.post("/logout", "", "Cookie", cookie);
		assertThat(one.ending()).isEqualTo(ENDED);
		assertThat(two.ending()).isEqualTo(ENDED);
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
		assertThat(SecuredServer.ask(other, "\"history\":{\"channel\":\"chat:lobby\"}")).contains("\"history\"");
	}

	@Test
	void theIdOfTheSessionIsNotWhatOtherNodesSee() throws Exception {
		String cookie = this.here.login("bob");
		connect(this.here, cookie);
		FindByIndexNameSessionRepository<? extends Session> sessions = sessions();
		assertThat(sessions.findByPrincipalName("bob")).hasSize(1).allSatisfy((id, session) -> {
			String key = session.getAttribute("dev.realtime.websocket.HttpLogins.KEY");
			assertThat(key).hasSize(64).doesNotContain(id);
		});
	}

	@Test
	void aSessionThatIsDeletedByAnAdministratorEndsItsSockets() throws Exception {
		String cookie = this.here.login("bob");
		TestClient client = connect(this.there, cookie);
		FindByIndexNameSessionRepository<? extends Session> sessions = sessions();
		sessions.findByPrincipalName("bob").keySet().forEach(sessions::deleteById);
		assertThat(client.ending()).isEqualTo(ENDED);
		assertThat(SecuredServer.reply(this.there.open("Cookie", cookie), "")).contains("\"code\":101");
	}

	@Test
	void aLoginThatChangesTheIdOfTheSessionKeepsItsSockets() throws Exception {
		String cookie = this.here.login("ann");
		TestClient client = connect(this.there, cookie);
		String newCookie = this.there.login("ann", "Cookie", cookie);
		assertThat(newCookie).isNotEqualTo(cookie);
		assertThat(SecuredServer.ask(client, "\"history\":{\"channel\":\"chat:lobby\"}")).contains("\"history\"");
		this.here.post("/logout", "", "Cookie", newCookie);
		assertThat(client.ending()).isEqualTo(ENDED);
	}

	@SuppressWarnings("unchecked")
	private FindByIndexNameSessionRepository<? extends Session> sessions() {
		return this.here.context().getBean(FindByIndexNameSessionRepository.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableRedisIndexedHttpSession
	static class SharedSessions {

	}

}
