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

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import dev.realtime.websocket.TestClient;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of sockets whose user was logged in to the web application, in a real Tomcat.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSessionEndTests {

	private static final String ENDED = "3500 session ended";

	private SecuredServer server;

	@BeforeAll
	void start() {
		this.server = SecuredServer.start(List.of(Sessions.class), "realtime.namespaces.chat.history.size=10");
	}

	@AfterAll
	void stop() {
		this.server.close();
	}

	private TestClient connect(String cookie) throws Exception {
		TestClient client = this.server.open("Cookie", cookie);
		assertThat(SecuredServer.reply(client, "")).contains("\"connect\"");
		assertThat(SecuredServer.subscribe(client, "chat:lobby")).contains("\"subscribe\"");
		return client;
	}

	private void assertIsOpen(TestClient client) throws Exception {
		assertThat(SecuredServer.ask(client, "\"history\":{\"channel\":\"chat:lobby\"}")).contains("\"history\"");
	}

	@Test
	void whoLogsOutIsDisconnectedForGood() throws Exception {
		String cookie = this.server.login("ann");
		TestClient one = connect(cookie);
		TestClient two = connect(cookie);
		this.server.post("/logout", "", "Cookie", cookie);
		this.server.operations().publish("chat:lobby", "secret");
		assertThat(one.ending()).isEqualTo(ENDED);
		assertThat(two.ending()).isEqualTo(ENDED);
		assertThat(one.next(100)).isEqualTo("nothing came");
		assertThat(SecuredServer.reply(this.server.open("Cookie", cookie), "")).contains("\"code\":101");
	}

	@Test
	void otherLoginsOfTheUserGoOn() throws Exception {
		String cookie = this.server.login("ann");
		TestClient one = connect(cookie);
		TestClient two = connect(this.server.login("ann"));
		this.server.post("/logout", "", "Cookie", cookie);
		assertThat(one.ending()).isEqualTo(ENDED);
		assertIsOpen(two);
	}

	@Test
	void whenTheSessionIsInvalidatedTheSocketEnds() throws Exception {
		String cookie = this.server.login("ann");
		TestClient client = connect(cookie);
		this.server.post("/invalidate", "", "Cookie", cookie);
		assertThat(client.ending()).isEqualTo(ENDED);
	}

	@Test
	void whenTheIdOfTheSessionChangesTheSocketGoesOnAndEndsWithTheSession() throws Exception {
		String cookie = this.server.login("ann");
		TestClient before = connect(cookie);
		HttpResponse<String> changed = this.server.post("/change-id", "", "Cookie", cookie);
		String newCookie = SecuredServer.cookie(changed);
		assertThat(newCookie).startsWith("JSESSIONID=").isNotEqualTo(cookie);
		TestClient after = connect(newCookie);
		assertIsOpen(before);
		this.server.post("/logout", "", "Cookie", newCookie);
		assertThat(before.ending()).isEqualTo(ENDED);
		assertThat(after.ending()).isEqualTo(ENDED);
	}

	@Test
	void whoLogsInAgainInTheSameSessionKeepsTheSocket() throws Exception {
		String cookie = this.server.login("ann");
		TestClient client = connect(cookie);
		String newCookie = this.server.login("ann", "Cookie", cookie);
		assertIsOpen(client);
		this.server.post("/logout", "", "Cookie", newCookie);
		assertThat(client.ending()).isEqualTo(ENDED);
	}

	@Test
	void whenTheSessionExpiresTheSocketEnds() throws Exception {
		String cookie = this.server.login("ann");
		TestClient client = connect(cookie);
		this.server.post("/shorten", "", "Cookie", cookie);
		// Tomcat looks for expired sessions once a minute, or when one is asked for
		await().pollInterval(Duration.ofMillis(1_100))
			.untilAsserted(() -> assertThat(SecuredServer.reply(this.server.open("Cookie", cookie), ""))
				.contains("\"code\":101"));
		assertThat(client.ending()).isEqualTo(ENDED);
	}

	@Test
	void aClientWithATokenOfItsOwnGoesOnWhenASessionEnds() throws Exception {
		String cookie = this.server.login("ann");
		TestClient client = this.server.open();
		SecuredServer.reply(client, SecuredServer.TOKENS.of("ann", Duration.ofHours(1)));
		SecuredServer.subscribe(client, "chat:lobby");
		this.server.post("/logout", "", "Cookie", cookie);
		assertIsOpen(client);
	}

	@RestController
	static class Sessions {

		@PostMapping("/invalidate")
		void invalidate(HttpServletRequest request) {
			request.getSession().invalidate();
		}

		@PostMapping("/change-id")
		void changeId(HttpServletRequest request) {
			request.changeSessionId();
		}

		@PostMapping("/shorten")
		void shorten(HttpSession session) {
			session.setMaxInactiveInterval(1);
		}

	}

}
