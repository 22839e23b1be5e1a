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

import java.time.Instant;
import java.util.Map;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeOperations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.BodyContentSpec;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ChatApplicationTests {

	@Autowired
	private RealtimeOperations realtime;

	@Autowired
	private JdbcClient jdbc;

	@LocalServerPort
	private int port;

	private RestTestClient http;

	@BeforeEach
	void bind() {
		this.http = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void messageIsStoredAndPublishedWithItsTextAsItIs() {
		String text = "  <b>\"hällo\"</b>\n\t🙂\u2028 \\u0041 ";
		BodyContentSpec position = post("verbatim", Map.of("text", text)).expectStatus().isCreated().expectBody();
		History history = this.realtime.history("chat:verbatim", HistoryQuery.newest(10));
		position.jsonPath("$.offset").isEqualTo(1).jsonPath("$.epoch").isEqualTo(history.top().epoch());
		assertThat(history.publications()).singleElement().satisfies((publication) -> {
			JsonNode message = new JsonMapper().readTree(publication.data().bytes());
			assertThat(message.path("text").asString()).isEqualTo(text);
			assertThat(message.path("from").isNull()).isTrue();
			assertThat(message.path("id").asLong()).isPositive();
			assertThat(Instant.parse(message.path("at").asString())).isBeforeOrEqualTo(Instant.now());
		});
		assertThat(this.jdbc.sql("select text from message where room = 'verbatim'").query(String.class).single())
			.isEqualTo(text);
	}

	@Test
	void longestMessageIsPublished() {
		post("long", Map.of("text", "x".repeat(500))).expectStatus().isCreated();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " \n\t" })
	void blankMessageIsRefused(String text) {
		post("refused", Map.of("text", text)).expectStatus()
			.isBadRequest()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("A message must not be empty");
	}

	@Test
	void messageThatIsNoneIsRefused() {
		post("refused", Map.of("text", "x".repeat(501))).expectStatus().isBadRequest();
		post("refused", Map.of()).expectStatus().isBadRequest();
		post("refused", "text").expectStatus().isBadRequest();
		assertThat(this.realtime.history("chat:refused", HistoryQuery.newest(10)).publications()).isEmpty();
		assertThat(this.jdbc.sql("select * from message where room = 'refused'").query().listOfRows()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no room", "ümlaut", "a,b", "a:b", "a\nb" })
	void roomThatCannotBeIsRefused(String room) {
		post(room, Map.of("text", "hello")).expectStatus()
			.value((status) -> assertThat(status).isEqualTo(HttpStatus.BAD_REQUEST.value()));
	}

	@Test
	void roomWhoseNameIsTooLongIsRefused() {
		post("x".repeat(251), Map.of("text", "hello")).expectStatus().isBadRequest();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/app.js", "/style.css", "/favicon.svg", "/realtime/client.js" })
	void pageIsServed(String path) {
		this.http.get().uri(path).exchange().expectStatus().isOk();
	}

	private ResponseSpec post(String room, Object message) {
		return this.http.post()
			.uri("/api/rooms/{room}/messages", room)
			.contentType(MediaType.APPLICATION_JSON)
			.body(message)
			.exchange();
	}

}
