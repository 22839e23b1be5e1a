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

import java.util.ArrayList;
import java.util.List;

import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ChatControllerTests {

	private final List<Guest> guests = new ArrayList<>();

	@Autowired
	private RealtimeOperations realtime;

	@Autowired
	private JdbcClient jdbc;

	@LocalServerPort
	private int port;

	@AfterEach
	void leave() {
		this.guests.forEach(Guest::close);
	}

	@Test
	void messageIsStoredAndTheServerSaysWhoItIsFrom() {
		Guest ann = guest("Ann");
		enter(ann, "chat:stored");
		assertThat(publish(ann, "chat:stored", "{'text':' hällo ','from':'Ben','id':-1}").has("publish")).isTrue();
		JsonNode message = ann.publication("chat:stored");
		assertThat(message.propertyNames()).containsExactlyInAnyOrder("id", "from", "text", "at");
		assertThat(message.path("from").asString()).isEqualTo("Ann");
		assertThat(message.path("text").asString()).isEqualTo(" hällo ");
		assertThat(this.jdbc.sql("select id, room, sender, text from message where room = 'stored'")
			.query()
			.singleRow()
			.values()).containsExactly(message.path("id").asLong(), "stored", "Ann", " hällo ");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{'text':' '}     | text: A message must not be empty
			{'text':null}    | text: A message must not be empty
			{'other':'text'} | text: A message must not be empty
			'''text'''       | invalid payload
			""")
	void messageThatIsNoneIsRefused(String data, String reason) {
		Guest ann = guest("Ann");
		enter(ann, "chat:refused");
		JsonNode error = publish(ann, "chat:refused", data).path("error");
		assertThat(error.path("code").asInt()).isEqualTo(400);
		assertThat(error.path("message").asString()).isEqualTo(reason);
		assertThat(stored("refused")).isZero();
		assertThat(this.realtime.history("chat:refused", HistoryQuery.newest(1)).top().offset()).isZero();
	}

	@Test
	void messageThatIsTooLongIsRefused() {
		Guest ann = guest("Ann");
		enter(ann, "chat:lengthy");
		assertThat(publish(ann, "chat:lengthy", "{'text':'" + "x".repeat(500) + "'}").has("error")).isFalse();
		assertThat(publish(ann, "chat:lengthy", "{'text':'" + "x".repeat(501) + "'}").at("/error/message").asString())
			.isEqualTo("text: A message must have at most 500 characters");
		assertThat(stored("lengthy")).isEqualTo(1);
	}

	@Test
	void onlyMembersMayPublishAndOnlyWhereMessagesAreHandled() {
		Guest ann = guest("Ann");
		assertThat(error(publish(ann, "chat:away", "{'text':'hello'}"))).isEqualTo(103);
		enter(ann, "chat:");
		assertThat(error(publish(ann, "chat:", "{'text':'hello','from':'Ben'}"))).isEqualTo(103);
		assertThat(stored("away")).isZero();
	}

	@Test
	void roomsAreListedWithTheirMessagesAndMembers() {
		Guest ann = guest("Ann");
		Guest twice = guest("Ann");
		JsonNode help = enter(ann, "chat:help");
		enter(twice, "chat:help");
		assertThat(help.at("/subscribe/data/topic").asString()).isEqualTo("Questions, and with luck answers");
		assertThat(enter(ann, "chat:garden").at("/subscribe/data/topic").asString()).isEmpty();
		publish(ann, "chat:garden", "{'text':'one'}");
		publish(ann, "chat:garden", "{'text':'two'}");
		JsonNode rooms = ann.call("rpc", "{'method':'rooms.list'}").at("/rpc/data");
		assertThat(rooms.valueStream().map((room) -> room.path("name").asString())).startsWith("lobby", "random",
				"help");
		assertThat(rooms.valueStream().map(JsonNode::toString)).contains(
				"{\"name\":\"help\",\"topic\":\"Questions, and with luck answers\",\"messages\":0,\"members\":1}",
				"{\"name\":\"garden\",\"topic\":\"\",\"messages\":2,\"members\":1}");
	}

	@Test
	void othersInTheRoomAreToldWhoIsTyping() {
		Guest ann = guest("Ann");
		Guest ben = guest("Ben");
		List.of(ann, ben).forEach((guest) -> enter(guest, "typing:quiet"));
		enter(ann, "chat:quiet");
		ben.send("{'room':'quiet'}");
		ben.send("{'room':null}");
		ann.send("{'room':'quiet'}");
		assertThat(ben.publication("typing:").toString()).isEqualTo("{\"from\":\"Ann\"}");
		ann.call("rpc", "{'method':'rooms.list'}");
		assertThat(ann.publications("typing:")).isEmpty();
		assertThat(error(publish(ann, "typing:quiet", "{'from':'Ben'}"))).isEqualTo(103);
		assertThat(this.realtime.history("typing:quiet", HistoryQuery.newest(1)).publications()).isEmpty();
		assertThat(stored("quiet")).isZero();
	}

	@Test
	void privateMessageGetsIntoTwoInboxes() {
		Guest ann = guest("Ann");
		Guest zoe = guest("Zoë Müller 李");
		Guest ben = guest("Ben");
		assertThat(tell(ann, "Zoë Müller 李", "hello").path("rpc").isEmpty()).isTrue();
		for (Guest guest : List.of(ann, zoe)) {
			JsonNode message = guest.publication("inbox:");
			assertThat(message.propertyNames()).containsExactlyInAnyOrder("from", "to", "text", "at");
			assertThat(message.path("from").asString()).isEqualTo("Ann");
			assertThat(message.path("to").asString()).isEqualTo("Zoë Müller 李");
			assertThat(message.path("text").asString()).isEqualTo("hello");
		}
		tell(zoe, "Ben", "hello");
		assertThat(ben.publication("inbox:").path("from").asString()).isEqualTo("Zoë Müller 李");
		assertThat(ben.publications("inbox:")).hasSize(1);
		assertThat(tell(ann, "Ann", "to myself").has("rpc")).isTrue();
		assertThat(tell(ann, "Ben", "").at("/error/message").asString()).isEqualTo("text: A message must not be empty");
		assertThat(tell(ann, " ", "hello").at("/error/code").asInt()).isEqualTo(400);
	}

	@Test
	void nobodyGetsIntoAnInboxOrPublishesThere() {
		Guest ann = guest("Ann");
		Guest ben = guest("Ben");
		assertThat(ann.inbox()).startsWith("inbox:").isNotEqualTo(ben.inbox());
		assertThat(error(enter(ann, ben.inbox()))).isEqualTo(103);
		assertThat(error(publish(ann, ben.inbox(), "{'text':'hello'}"))).isEqualTo(103);
		assertThat(error(publish(ben, ben.inbox(), "{'text':'hello'}"))).isEqualTo(103);
		assertThat(error(ann.call("history", "{'channel':'" + ben.inbox() + "','limit':1}"))).isEqualTo(103);
		assertThat(error(ben.call("history", "{'channel':'" + ben.inbox() + "','limit':1}"))).isZero();
	}

	private Guest guest(String name) {
		Guest guest = new Guest(this.port, name);
		this.guests.add(guest);
		return guest;
	}

	private static JsonNode enter(Guest guest, String room) {
		return guest.call("subscribe", "{'channel':'" + room + "'}");
	}

	private static JsonNode publish(Guest guest, String room, String data) {
		return guest.call("publish", "{'channel':'" + room + "','data':" + data + "}");
	}

	private static JsonNode tell(Guest guest, String to, String text) {
		return guest.call("rpc", "{'method':'messages.private','data':{'to':'" + to + "','text':'" + text + "'}}");
	}

	private static int error(JsonNode answer) {
		return answer.at("/error/code").asInt(0);
	}

	private int stored(String room) {
		return this.jdbc.sql("select count(*) from message where room = ?").param(room).query(Integer.class).single();
	}

}
