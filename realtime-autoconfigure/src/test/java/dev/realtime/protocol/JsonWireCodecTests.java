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

package dev.realtime.protocol;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link JsonWireCodec} writes.
 */
class JsonWireCodecTests {

	private static final StreamPosition TOP = new StreamPosition(12, "AbCd");

	private static final Member MEMBER = new Member("bob", "s1", Payload.ofJson("{\"name\":\"Bob\"}"),
			Payload.ofJson("7"));

	private final JsonWireCodec codec = new JsonWireCodec();

	@Test
	void writesConnected() {
		assertThat(reply(1, new Result.Connected("s1", "1.0", Payload.ofJson("{\"a\":1}"), 25, 0, Map.of()))).isEqualTo(
				"{\"id\":1,\"connect\":{\"client\":\"s1\",\"version\":\"1.0\",\"data\":{\"a\":1},\"ping\":25,\"pong\":true}}");
	}

	@Test
	void whenPingsAreNativeConnectedHasNone() {
		assertThat(reply(1, new Result.Connected("s1", "", Payload.EMPTY, 0, 0, Map.of())))
			.isEqualTo("{\"id\":1,\"connect\":{\"client\":\"s1\"}}");
	}

	@Test
	void writesSubscribedWithoutStream() {
		assertThat(reply(2, new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0)))
			.isEqualTo("{\"id\":2,\"subscribe\":{}}");
	}

	@Test
	void writesSubscribedToStream() {
		assertThat(reply(2, new Result.Subscribed(true, TOP, null, List.of(), Payload.ofJson("[1]"), 0)))
			.isEqualTo("{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"AbCd\","
					+ "\"offset\":12,\"data\":[1]}}");
	}

	@Test
	void whenStreamIsEmptySubscribedHasNoOffset() {
		assertThat(reply(2, new Result.Subscribed(true, new StreamPosition(0, "x"), null, List.of(), Payload.EMPTY, 0)))
			.isEqualTo("{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"x\"}}");
	}

	@Test
	void writesRecovered() {
		Publication missed = new Publication(Payload.ofJson("1"), 11, null, Map.of(), 5);
		assertThat(reply(2, new Result.Subscribed(true, TOP, true, List.of(missed), Payload.EMPTY, 0))).isEqualTo(
				"{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"AbCd\",\"offset\":12,"
						+ "\"publications\":[{\"data\":1,\"offset\":11,\"time\":5}],\"was_recovering\":true,"
						+ "\"recovered\":true}}");
	}

	@Test
	void writesUnrecovered() {
		assertThat(reply(2, new Result.Subscribed(true, TOP, false, List.of(), Payload.EMPTY, 0)))
			.isEqualTo("{\"id\":2,\"subscribe\":{\"recoverable\":true,\"positioned\":true,\"epoch\":\"AbCd\","
					+ "\"offset\":12,\"was_recovering\":true}}");
	}

	@Test
	void whenTokensExpireRepliesTellWhen() {
		assertThat(reply(1, new Result.Connected("s1", "1", Payload.EMPTY, 0, 60, Map.of())))
			.isEqualTo("{\"id\":1,\"connect\":{\"client\":\"s1\",\"version\":\"1\",\"expires\":true,\"ttl\":60}}");
		assertThat(reply(2, new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0).ttl(5)))
			.isEqualTo("{\"id\":2,\"subscribe\":{\"expires\":true,\"ttl\":5}}");
		assertThat(reply(3, new Result.Refreshed(7))).isEqualTo("{\"id\":3,\"refresh\":{\"expires\":true,\"ttl\":7}}");
		assertThat(reply(4, new Result.SubscriptionRefreshed(8)))
			.isEqualTo("{\"id\":4,\"sub_refresh\":{\"expires\":true,\"ttl\":8}}");
	}

	@Test
	void whenTokensDoNotExpireRefreshedIsEmpty() {
		assertThat(reply(3, new Result.Refreshed(0))).isEqualTo("{\"id\":3,\"refresh\":{}}");
		assertThat(reply(4, new Result.SubscriptionRefreshed(0))).isEqualTo("{\"id\":4,\"sub_refresh\":{}}");
	}

	@Test
	void writesConnectedWithSubscriptionsOfTheServer() {
		Map<String, Result.Subscribed> subscriptions = new LinkedHashMap<>();
		subscriptions.put("a:b", new Result.Subscribed(true, TOP, null, List.of(), Payload.EMPTY, 0));
		subscriptions.put("a:c", new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0));
		assertThat(reply(1, new Result.Connected("s1", "1", Payload.EMPTY, 25, 0, subscriptions))).isEqualTo(
				"{\"id\":1,\"connect\":{\"client\":\"s1\",\"version\":\"1\",\"subs\":{\"a:b\":{\"recoverable\":true,"
						+ "\"positioned\":true,\"epoch\":\"AbCd\",\"offset\":12},\"a:c\":{}},\"ping\":25,\"pong\":true}}");
	}

	@Test
	void writesSubscriptionsOfTheServer() {
		Result.Subscribed subscribed = new Result.Subscribed(true, TOP, null, List.of(), Payload.ofJson("1"), 0);
		assertThat(push(new Push.Subscribed("a:b", subscribed)))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"subscribe\":{\"recoverable\":true,\"positioned\":true,"
					+ "\"epoch\":\"AbCd\",\"offset\":12,\"data\":1}}}");
		assertThat(
				push(new Push.Subscribed("a:b", new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0))))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"subscribe\":{}}}");
	}

	@Test
	void writesPresence() {
		assertThat(reply(3, new Result.PresenceList(List.of(MEMBER, new Member("", "s2")))))
			.isEqualTo("{\"id\":3,\"presence\":{\"presence\":{\"s1\":{\"user\":\"bob\",\"client\":\"s1\","
					+ "\"conn_info\":{\"name\":\"Bob\"},\"chan_info\":7},\"s2\":{\"user\":\"\",\"client\":\"s2\"}}}}");
	}

	@Test
	void whenNobodyIsPresentPresenceIsThere() {
		assertThat(reply(3, new Result.PresenceList(List.of()))).isEqualTo("{\"id\":3,\"presence\":{\"presence\":{}}}");
	}

	@Test
	void writesPresenceCount() {
		assertThat(reply(3, new Result.PresenceCount(2, 1)))
			.isEqualTo("{\"id\":3,\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}");
	}

	@Test
	void whenNobodyIsPresentCountsAreThere() {
		assertThat(reply(3, new Result.PresenceCount(0, 0)))
			.isEqualTo("{\"id\":3,\"presence_stats\":{\"num_clients\":0,\"num_users\":0}}");
	}

	@Test
	void writesHistory() {
		List<Publication> publications = List.of(new Publication(Payload.ofJson("\"a\""), 1, null, Map.of(), 0),
				new Publication(Payload.ofJson("null"), 2, null, Map.of(), 0));
		assertThat(reply(4, new Result.HistoryPage(publications, new StreamPosition(2, "e")))).isEqualTo(
				"{\"id\":4,\"history\":{\"publications\":[{\"data\":\"a\",\"offset\":1},{\"data\":null,\"offset\":2}],"
						+ "\"epoch\":\"e\",\"offset\":2}}");
	}

	@Test
	void whenHistoryIsEmptyItsFieldsAreThere() {
		assertThat(reply(4, new Result.HistoryPage(List.of(), StreamPosition.START)))
			.isEqualTo("{\"id\":4,\"history\":{\"publications\":[],\"epoch\":\"\",\"offset\":0}}");
	}

	@Test
	void writesEmptyResults() {
		assertThat(reply(5, new Result.Unsubscribed())).isEqualTo("{\"id\":5,\"unsubscribe\":{}}");
		assertThat(reply(6, new Result.PublishAccepted())).isEqualTo("{\"id\":6,\"publish\":{}}");
		assertThat(reply(7, new Result.RpcReturned(Payload.EMPTY))).isEqualTo("{\"id\":7,\"rpc\":{}}");
	}

	@Test
	void writesRpcReturned() {
		assertThat(reply(7, new Result.RpcReturned(Payload.ofJson("{ }"))))
			.isEqualTo("{\"id\":7,\"rpc\":{\"data\":{ }}}");
	}

	@Test
	void writesLargestId() {
		assertThat(reply(4294967295L, new Result.Unsubscribed())).isEqualTo("{\"id\":4294967295,\"unsubscribe\":{}}");
	}

	@Test
	void writesErrors() {
		assertThat(text(this.codec.error(1, 100, "internal server error", true)))
			.isEqualTo("{\"id\":1,\"error\":{\"code\":100,\"message\":\"internal server error\",\"temporary\":true}}");
		assertThat(text(this.codec.error(1, 400, "", false)))
			.isEqualTo("{\"id\":1,\"error\":{\"code\":400,\"message\":\"\"}}");
	}

	@Test
	void writesPublished() {
		Map<String, String> tags = new LinkedHashMap<>();
		tags.put("k", "v");
		tags.put("empty", "");
		Publication publication = new Publication(Payload.ofJson("{\"t\":\"hi\"}"), 3, new Member("", "s2"), tags,
				1700);
		assertThat(push(new Push.Published("chat:a", publication)))
			.isEqualTo("{\"push\":{\"channel\":\"chat:a\",\"pub\":{\"data\":{\"t\":\"hi\"},"
					+ "\"info\":{\"user\":\"\",\"client\":\"s2\"},\"offset\":3,\"tags\":{\"k\":\"v\",\"empty\":\"\"},"
					+ "\"time\":1700}}}");
	}

	@Test
	void whenPublicationIsEmptyPushHasNoFields() {
		assertThat(push(new Push.Published("a:b", new Publication(Payload.EMPTY, 0, null, Map.of(), 0))))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"pub\":{}}}");
	}

	@Test
	void writesJoinedAndLeft() {
		String info = "{\"info\":{\"user\":\"bob\",\"client\":\"s1\",\"conn_info\":{\"name\":\"Bob\"},\"chan_info\":7}}";
		assertThat(push(new Push.Joined("a:b", MEMBER)))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"join\":" + info + "}}");
		assertThat(push(new Push.Left("a:b", MEMBER)))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"leave\":" + info + "}}");
	}

	@Test
	void writesUnsubscribed() {
		assertThat(push(new Push.Unsubscribed("a:b", 2500, "insufficient state"))).isEqualTo(
				"{\"push\":{\"channel\":\"a:b\",\"unsubscribe\":{\"code\":2500,\"reason\":\"insufficient state\"}}}");
	}

	@Test
	void writesMessage() {
		assertThat(push(new Push.Message(Payload.ofJson("[]")))).isEqualTo("{\"push\":{\"message\":{\"data\":[]}}}");
	}

	@Test
	void pingIsAnEmptyObject() {
		assertThat(text(this.codec.ping())).isEqualTo("{}");
	}

	@Test
	void whenPayloadHasLineFeedsTheyBecomeSpaces() {
		Payload payload = Payload.ofJson("{\r\n\t\"a\": \"\\n\"\n}");
		assertThat(push(new Push.Message(payload)))
			.isEqualTo("{\"push\":{\"message\":{\"data\":{  \t\"a\": \"\\n\" }}}}");
	}

	@Test
	void carriesJsonOnly() {
		assertThat(this.codec.carries(Payload.ofJson("1"))).isTrue();
		assertThat(this.codec.carries(Payload.EMPTY)).isTrue();
		assertThat(this.codec.carries(bytes("{\"a\":[1]}"))).isTrue();
		for (String text : List.of("hello", "{", "{}{}", "1 2", " ", "NaN", "'a'", "\u0000")) {
			assertThat(this.codec.carries(bytes(text))).isFalse();
		}
	}

	@Test
	void whenBytesAreJsonTheyAreOneLineOfTheFrame() {
		assertThat(push(new Push.Message(bytes("[1,\r\n2]")))).isEqualTo("{\"push\":{\"message\":{\"data\":[1,  2]}}}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "UTF-16" })
	void whenBytesAreJsonInAnotherCharsetTheyAreNotCarried(String charset) {
		assertThat(this.codec.carries(Payload.ofBytes("{\"a\":1}".getBytes(Charset.forName(charset))))).isFalse();
	}

	@Test
	void whenBytesAreDeepJsonTheyAreCarried() {
		assertThat(this.codec.carries(bytes("[".repeat(40) + "]".repeat(40)))).isTrue();
	}

	@Test
	void whenBytesBeginWithByteOrderMarkTheyAreNotCarried() {
		assertThat(this.codec.carries(bytes("\ufeff{\"a\":1}"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u00ff", "\u00c3(", "\u00c0\u0080", "\u00c1\u00a1", "\u00e0\u0080\u0080",
			"\u00ed\u00a0\u0080", "\u00f0\u0080\u0080\u0080", "\u00f5\u0080\u0080\u0080" })
	void whenBytesAreNotUtf8TheyAreNotCarried(String latin1) {
		byte[] bytes = ("\"" + latin1 + "\"").getBytes(StandardCharsets.ISO_8859_1);
		assertThat(this.codec.carries(Payload.ofBytes(bytes))).isFalse();
	}

	@Test
	void whenInformationIsNotJsonItIsLeftOut() {
		Member member = new Member("bob", "s1", bytes("hello"), bytes("\u0001"));
		assertThat(push(new Push.Joined("a:b", member)))
			.isEqualTo("{\"push\":{\"channel\":\"a:b\",\"join\":{\"info\":{\"user\":\"bob\",\"client\":\"s1\"}}}}");
	}

	@Test
	void whenOneMessageIsJoinedItIsTheFrame() {
		byte[] message = this.codec.ping();
		assertThat(this.codec.join(List.of(message), message.length)).isSameAs(message);
	}

	@Test
	void joinsWithLineFeedsBetweenMessages() {
		List<byte[]> messages = Stream.of("{}", "{\"id\":1}", "{}")
			.map((text) -> text.getBytes(StandardCharsets.UTF_8))
			.toList();
		assertThat(text(this.codec.join(messages, 12))).isEqualTo("{}\n{\"id\":1}\n{}");
		assertThat(this.codec.separatorLength()).isEqualTo(1);
	}

	@ParameterizedTest
	@MethodSource("awkwardTexts")
	void whenTextIsAwkwardMessagesAreStillJson(String text) {
		Member member = new Member(text, text, Payload.ofJson("{\n}"), Payload.EMPTY);
		Publication publication = new Publication(Payload.ofJson("[\n1,\r\n2]"), 1, member, Map.of(text + "k", text),
				1);
		Stream.of(this.codec.reply(1, new Result.Connected(text, text, Payload.EMPTY, 25, 0, Map.of())),
				this.codec.reply(1,
						new Result.Subscribed(true, new StreamPosition(1, text), true, List.of(publication),
								Payload.ofJson("\n1\n"), 0)),
				this.codec.reply(1, new Result.PresenceList(List.of(member))),
				this.codec.reply(1, new Result.HistoryPage(List.of(publication), new StreamPosition(1, text))),
				this.codec.error(1, 400, text, true), this.codec.push(new Push.Published(text, publication)),
				this.codec.push(new Push.Joined(text, member)),
				this.codec.push(new Push.Unsubscribed(text, 2000, text)))
			.forEach(this::assertIsOneLineOfJson);
	}

	@Test
	void whenTextIsAwkwardItArrives() {
		for (String text : awkwardTexts().limit(7).toList()) {
			JsonNode push = parse(this.codec.push(new Push.Unsubscribed("a:b", 2000, text)));
			assertThat(push.at("/push/unsubscribe/reason").stringValue()).isEqualTo(text);
		}
	}

	/** The last two are not text that UTF-8 can carry. */
	static Stream<String> awkwardTexts() {
		return Stream.of("\"\\/", "\u0000\u0001\b\f\n\r\t\u001f", "\u007f\u0080\u2028\u2029",
				"\u00e9\u20ac\ud83d\ude00", "\\u0000", "</script>", "x".repeat(5000), "\ud83d", "\ude00x");
	}

	private void assertIsOneLineOfJson(byte[] message) {
		assertThat(text(message)).doesNotContain("\n", "\r");
		assertThat(parse(message).isObject()).isTrue();
	}

	private JsonNode parse(byte[] message) {
		return JsonMapper.shared().readTree(message);
	}

	private String reply(long id, Result result) {
		byte[] message = this.codec.reply(id, result);
		assertIsOneLineOfJson(message);
		return text(message);
	}

	private String push(Push push) {
		byte[] message = this.codec.push(push);
		assertIsOneLineOfJson(message);
		return text(message);
	}

	private Payload bytes(String text) {
		return Payload.ofBytes(text.getBytes(StandardCharsets.UTF_8));
	}

	private String text(byte[] message) {
		return new String(message, StandardCharsets.UTF_8);
	}

}
