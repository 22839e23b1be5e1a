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

package dev.realtime.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("secure")
class MemberSecurityTests {

	@LocalServerPort
	private int port;

	@Test
	void thePageIsForUsers() {
		client().get().uri("/").accept(MediaType.TEXT_HTML).exchange().expectStatus().isFound();
		client().get()
			.uri("/")
			.headers((headers) -> headers.setBasicAuth("ann", "ann"))
			.exchange()
			.expectStatus()
			.isOk();
	}

	@Test
	void theHealthIsForAll() {
		client().get().uri("/actuator/health").exchange().expectStatus().isOk();
		client().get().uri("/actuator/info").exchange().expectStatus().isUnauthorized();
	}

	@Test
	void guestsStayOutside() throws Exception {
		assertThat(new Client("").answers.poll(10, TimeUnit.SECONDS)).contains("\"code\":101");
		assertThat(new Client("rubbish").answers.poll(10, TimeUnit.SECONDS)).isEqualTo("3500 invalid token");
	}

	@Test
	void theMembersRoomIsForMembers() throws Exception {
		assertThat(join("ann", "chat:members")).contains("\"subscribe\"");
		assertThat(join("bob", "chat:members")).contains("\"code\":103");
		assertThat(join("bob", "chat:lobby")).contains("\"subscribe\"");
	}

	private String join(String user, String room) throws Exception {
		Client client = new Client(token(user));
		assertThat(client.answers.poll(10, TimeUnit.SECONDS)).contains("\"connect\"", "\"expires\":true");
		client.send("{\"id\":2,\"subscribe\":{\"channel\":\"" + room + "\"}}");
		return client.answers.poll(10, TimeUnit.SECONDS);
	}

	private String token(String user) {
		byte[] body = client().get()
			.uri("/api/token")
			.headers((HttpHeaders headers) -> headers.setBasicAuth(user, user))
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		return new JsonMapper().readTree(body).path("token").asString();
	}

	@Test
	void withoutATokenAgainstForgeryNobodyPosts() {
		client().post()
			.uri("/api/rooms/lobby/messages")
			.headers((headers) -> headers.setBasicAuth("ann", "ann"))
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"text\":\"hello\"}")
			.exchange()
			.expectStatus()
			.isUnauthorized();
		client().post()
			.uri("/api/rooms/lobby/messages")
			.headers((headers) -> headers.setBearerAuth(token("ann")))
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"text\":\"hello\"}")
			.exchange()
			.expectStatus()
			.isCreated();
	}

	private RestTestClient client() {
		return RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	/**
	 * A client that connects with a token.
	 */
	private final class Client implements WebSocket.Listener {

		private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

		private final WebSocket socket;

		Client(String token) {
			this.socket = HttpClient.newHttpClient()
				.newWebSocketBuilder()
				.buildAsync(URI.create("ws://localhost:" + MemberSecurityTests.this.port + "/realtime"), this)
				.join();
			send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
		}

		void send(String command) {
			this.socket.sendText(command, true).join();
		}

		@Override
		public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.answers.add(data.toString());
			socket.request(1);
			return null;
		}

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			this.answers.add(code + " " + reason);
			return null;
		}

	}

}
