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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what {@link JsonWireCodec} reads.
 */
class JsonCommandReaderTests {

	private final JsonWireCodec codec = new JsonWireCodec();

	@Test
	void readsConnect() throws Exception {
		assertThat(read("{\"id\":1,\"connect\":{\"token\":\"t\",\"data\":{\"a\":1},\"name\":\"js\",\"version\":\"5\","
				+ "\"headers\":{\"h\":\"v\"},\"subs\":{\"a:b\":{\"recover\":true,\"epoch\":\"e\",\"offset\":7}},\"flag\":1}}"))
			.isEqualTo(new Command.Connect(1, "t", Payload.ofJson("{\"a\":1}"),
					Map.of("a:b", new StreamPosition(7, "e")), "js", "5", Map.of("h", "v")));
	}

	@Test
	void whenFieldsAreMissingTheyAreZero() throws Exception {
		assertThat(read("{\"id\":1,\"connect\":{}}"))
			.isEqualTo(new Command.Connect(1, "", Payload.EMPTY, Map.of(), "", "", Map.of()));
		assertThat(read("{\"id\":2,\"subscribe\":{}}"))
			.isEqualTo(new Command.Subscribe(2, "", "", null, Payload.EMPTY, false, false, 0, false));
		assertThat(read("{\"id\":3,\"history\":{}}")).isEqualTo(new Command.History(3, "", 0, null, false));
		assertThat(read("{\"id\":4,\"publish\":{}}")).isEqualTo(new Command.Publish(4, "", Payload.EMPTY, 0));
	}

	@Test
	void readsSubscribe() throws Exception {
		assertThat(read("{\"id\":2,\"subscribe\":{\"channel\":\"a:b\",\"token\":\"t\",\"recover\":true,\"epoch\":\"e\","
				+ "\"offset\":5,\"data\":\"d\",\"join_leave\":true,\"positioned\":true,\"flag\":3,\"type\":1,\"tf\":{\"op\":\"eq\"}}}"))
			.isEqualTo(new Command.Subscribe(2, "a:b", "t", new StreamPosition(5, "e"), Payload.ofJson("\"d\""), true,
					true, 1, true));
	}

	@Test
	void whenNotRecoveringThePositionIsIgnored() throws Exception {
		assertThat(read("{\"id\":2,\"subscribe\":{\"channel\":\"a:b\",\"offset\":5,\"epoch\":\"e\",\"flag\":1}}"))
			.isEqualTo(new Command.Subscribe(2, "a:b", "", null, Payload.EMPTY, false, false, 0, false));
	}

	@Test
	void whenRecoveringFromNothingThePositionIsTheStart() throws Exception {
		assertThat(read("{\"id\":2,\"subscribe\":{\"channel\":\"a:b\",\"recover\":true}}")).isEqualTo(
				new Command.Subscribe(2, "a:b", "", StreamPosition.START, Payload.EMPTY, false, false, 0, false));
	}

	@Test
	void whenOnlyHighFlagsAreSetUnrecoverableIsNotRejected() throws Exception {
		Command command = read("{\"id\":2,\"subscribe\":{\"channel\":\"a:b\",\"flag\":4294967296}}");
		assertThat(command).isInstanceOfSatisfying(Command.Subscribe.class,
				(subscribe) -> assertThat(subscribe.rejectUnrecoverable()).isFalse());
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"key\":\"k\",\"type\":0", "\"type\":0,\"removed\":true" })
	void whenPublicationIsOneOfAMapItIsNoneOfAStream(String fields) throws Exception {
		assertThat(read("{\"id\":1,\"publish\":{\"channel\":\"a:b\"," + fields + "}}"))
			.isEqualTo(new Command.Publish(1, "a:b", Payload.EMPTY, 1));
	}

	@Test
	void readsOtherCommands() throws Exception {
		assertThat(read("{\"unsubscribe\":{\"channel\":\"a:b\"},\"id\":3}"))
			.isEqualTo(new Command.Unsubscribe(3, "a:b"));
		assertThat(read("{\"id\":4,\"publish\":{\"channel\":\"a:b\",\"data\":1,\"type\":2}}"))
			.isEqualTo(new Command.Publish(4, "a:b", Payload.ofJson("1"), 2));
		assertThat(read("{\"id\":5,\"presence\":{\"channel\":\"a:b\"}}")).isEqualTo(new Command.Presence(5, "a:b"));
		assertThat(read("{\"id\":6,\"presence_stats\":{\"channel\":\"a:b\"}}"))
			.isEqualTo(new Command.PresenceStats(6, "a:b"));
		assertThat(read("{\"id\":7,\"rpc\":{\"method\":\"m\",\"data\":[]}}"))
			.isEqualTo(new Command.Rpc(7, "m", Payload.ofJson("[]")));
		assertThat(read("{\"id\":8,\"refresh\":{\"token\":\"t\"}}")).isEqualTo(new Command.Refresh(8, "t"));
		assertThat(read("{\"id\":9,\"sub_refresh\":{\"channel\":\"a:b\",\"token\":\"t\"}}"))
			.isEqualTo(new Command.SubRefresh(9, "a:b", "t"));
		assertThat(read("{\"id\":10,\"ping\":{}}")).isEqualTo(new Command.Ping(10));
	}

	@Test
	void readsHistory() throws Exception {
		assertThat(read("{\"id\":7,\"history\":{\"channel\":\"a:b\",\"limit\":-1,\"reverse\":true,"
				+ "\"since\":{\"offset\":5,\"epoch\":\"e\"}}}"))
			.isEqualTo(new Command.History(7, "a:b", -1, new StreamPosition(5, "e"), true));
	}

	@Test
	void whenLimitIsHugeItIsTheLargest() throws Exception {
		assertThat(read("{\"id\":7,\"history\":{\"limit\":9223372036854775807}}"))
			.isEqualTo(new Command.History(7, "", Integer.MAX_VALUE, null, false));
	}

	@Test
	void whenSendHasNoIdItIsNoPong() throws Exception {
		assertThat(read("{\"send\":{\"data\":1}}")).isEqualTo(new Command.Send(0, Payload.ofJson("1")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"id\":0}", " { } ", "{}\n", "{\"unknown\":1}", "{\"id\":0,\"publish\":{}}",
			"{\"publish\":{\"channel\":\"a:b\"}}" })
	void whenIdIsZeroItIsAPong(String frame) throws Exception {
		assertThat(read(frame)).isEqualTo(new Command.Pong());
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "4294967296", "1.5", "1e3", "\"1\"", "true", "[1]", "18446744073709551616" })
	void whenIdIsNotAnUnsignedIntegerFrameIsRefused(String id) {
		assertRefused("{\"id\":" + id + ",\"publish\":{}}");
	}

	@Test
	void readsLargestId() throws Exception {
		assertThat(read("{\"id\":4294967295,\"unsubscribe\":{}}").id()).isEqualTo(4294967295L);
	}

	@Test
	void readsSeveralCommandsInOrder() throws Exception {
		assertThat(decode("{\"id\":2,\"unsubscribe\":{}}\n{}\n{\"id\":1,\"ping\":{}}\n"))
			.containsExactly(new Command.Unsubscribe(2, ""), new Command.Pong(), new Command.Ping(1));
	}

	@Test
	void whenALaterCommandIsBadEarlierOnesAreDelivered() {
		List<Command> commands = new ArrayList<>();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.codec
			.decode("{\"id\":1,\"ping\":{}}\n{\"id\":2}\n{}".getBytes(StandardCharsets.UTF_8), commands::add));
		assertThat(commands).containsExactly(new Command.Ping(1));
	}

	@Test
	void whenLinesEndWithCarriageReturnTheyAreRead() throws Exception {
		assertThat(decode("{}\r\n{}\r\n")).hasSize(2);
	}

	@Test
	void firstMethodWins() throws Exception {
		assertThat(read("{\"id\":1,\"rpc\":{\"method\":\"m\"},\"publish\":5,\"send\":{}}"))
			.isEqualTo(new Command.Rpc(1, "m", Payload.EMPTY));
	}

	@Test
	void whenMethodIsNullTheNextOneWins() throws Exception {
		assertThat(read("{\"id\":1,\"publish\":null,\"unsubscribe\":{}}")).isEqualTo(new Command.Unsubscribe(1, ""));
	}

	@Test
	void unknownFieldsAreIgnored() throws Exception {
		assertThat(read("{\"x\":[{\"id\":9}],\"id\":1,\"y\":\"\\\"}\",\"unsubscribe\":{\"z\":{\"channel\":\"no\"},"
				+ "\"channel\":\"a:b\",\"n\":-1.5e3},\"w\":null}"))
			.isEqualTo(new Command.Unsubscribe(1, "a:b"));
	}

	@Test
	void nullFieldsAreZero() throws Exception {
		assertThat(read("{\"id\":1,\"connect\":{\"token\":null,\"name\":null,\"headers\":null,\"subs\":null}}"))
			.isEqualTo(new Command.Connect(1, "", Payload.EMPTY, Map.of(), "", "", Map.of()));
		assertThat(read("{\"id\":1,\"history\":{\"channel\":null,\"limit\":null,\"since\":null,\"reverse\":null}}"))
			.isEqualTo(new Command.History(1, "", 0, null, false));
		assertThat(read("{\"id\":1,\"subscribe\":{\"recover\":null,\"offset\":null,\"epoch\":null,\"flag\":null}}"))
			.isEqualTo(new Command.Subscribe(1, "", "", null, Payload.EMPTY, false, false, 0, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-0", "-12.50e+3", "1E400", "0.1000000000000000055511151231257827", "\"\"",
			"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"", "\"\u00e9\u20ac\ud83d\ude00\"", "true", "false",
			"null", "{}", "[]", "{ \"a\" : [ 1 , { \"b\" : \"}\" } ] }", "[[[\"]\"]],\t-1]",
			"{\"__proto__\":{\"a\":1}}", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "{\"\":\"\",\" \":0}", "\"\\u0000\"",
			"12345678901234567890123" })
	void payloadIsCutOutVerbatim(String json) throws Exception {
		for (String format : List.of("{\"id\":1,\"publish\":{\"data\":%s}}",
				"{\"id\":1,\"publish\":{\"data\": \t%s \t}}", "{\"id\":1,\"publish\":{\"data\":%s,\"channel\":\"\"}}",
				"{\"x\":\"\u00e9\ud83d\ude00\",\"publish\":{\"\u20ac\":1,\"channel\":\"\",\"data\":%s , \"y\":0}, \"id\":1}",
				"{}\n{\"id\":1,\"publish\":{\"data\":%s}}\n{}")) {
			Payload payload = decode(format.formatted(json)).stream()
				.filter(Command.Publish.class::isInstance)
				.map((command) -> ((Command.Publish) command).data())
				.findFirst()
				.orElseThrow();
			assertThat(payload.text()).isEqualTo(json);
			assertThat(payload.isJson()).isTrue();
		}
	}

	@Test
	void whenPayloadIsLongItIsCutOutVerbatim() throws Exception {
		for (String json : List.of("1".repeat(256), "0." + "1".repeat(250), "\"" + "\u20ac\\n".repeat(15_000) + "\"",
				"[" + "1,".repeat(4000) + "1]")) {
			assertThat(read("{\"id\":1,\"rpc\":{\"data\":" + json + ",\"method\":\"m\"}}"))
				.isEqualTo(new Command.Rpc(1, "m", Payload.ofJson(json)));
		}
	}

	@Test
	void whenPayloadHasCarriageReturnsTheyBecomeSpaces() throws Exception {
		assertThat(read("{\"id\":1,\"rpc\":{\"data\":[\r1,\r2]}}"))
			.isEqualTo(new Command.Rpc(1, "", Payload.ofJson("[ 1, 2]")));
	}

	@Test
	void whenPayloadHasRawLineFeedsTheyDoNotBecomeSpacesButCommands() {
		assertRefused("{\"id\":1,\"rpc\":{\"data\":[\n1]}}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "9223372036854775807", "9223372036854775808", "18446744073709551615" })
	void readsOffsetsUpToTheLargest(String offset) throws Exception {
		assertThat(read("{\"id\":1,\"history\":{\"since\":{\"offset\":" + offset + "}}}"))
			.isEqualTo(new Command.History(1, "", 0, new StreamPosition(Long.MAX_VALUE, ""), false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "18446744073709551616", "-1", "-9223372036854775809", "1.0", "\"1\"", "1e2", "[]" })
	void whenOffsetIsNotAnUnsignedLongFrameIsRefused(String offset) {
		assertRefused("{\"id\":1,\"history\":{\"since\":{\"offset\":" + offset + "}}}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\n\n", " ", "\n{}", "{}\n\n", "{}\n\n{}", "{}{}", "{},", "{}x", "[]", "1",
			"null", "\"a\"", "{", "}", "{\"id\"", "{\"id\":1", "{\"id\":1}", "{\"id\":1,}", "{\"id\":1,\"unknown\":{}}",
			"{id:1}", "{'id':1}", "{\"id\":01,\"ping\":{}}", "{\"id\":1,\"ping\":{}", "{\"id\":1,\"ping\":[]}",
			"{\"id\":1,\"ping\":1}", "{\"id\":1,\"publish\":null}", "{\"id\":1,\"publish\":{\"channel\":1}}",
			"{\"id\":1,\"publish\":{\"channel\":{}}}", "{\"id\":1,\"publish\":{\"data\":NaN}}",
			"{\"id\":1,\"publish\":{\"data\":Infinity}}", "{\"id\":1,\"publish\":{\"data\":-Infinity}}",
			"{\"id\":1,\"publish\":{\"data\":undefined}}", "{\"id\":1,\"publish\":{\"data\":}}",
			"{\"id\":1,\"publish\":{\"data\":[1,]}}", "{\"id\":1,\"publish\":{\"data\":[}]}}",
			"{\"id\":1,\"publish\":{\"data\":\"a\tb\"}}", "{\"id\":1,\"publish\":{\"data\":\"\\x\"}}",
			"{\"id\":1,\"publish\":{\"data\":1.}}", "{\"id\":1,\"publish\":{\"data\":+1}}",
			"{\"id\":1,\"publish\":{\"data\":.5}}", "{\"id\":1,\"publish\":{\"data\":0x1}}",
			"{\"id\":1,\"publish\":{/*c*/}}", "{\"id\":1,\"subscribe\":{\"recover\":1}}",
			"{\"id\":1,\"connect\":{\"headers\":{\"a\":1}}}", "{\"id\":1,\"connect\":{\"headers\":[]}}",
			"{\"id\":1,\"connect\":{\"subs\":{\"a\":1}}}", "{\"id\":1,\"history\":{\"since\":1}}",
			"{\"id\":1,\"history\":{\"limit\":1.5}}", "{\"id\":1,\"history\":{\"limit\":99999999999999999999}}" })
	void whenFrameIsNotInTheProtocolItIsRefused(String frame) {
		assertRefused(frame);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"id\":1,\"id\":2,\"ping\":{}}", "{\"id\":1,\"ping\":{},\"ping\":{}}",
			"{\"id\":1,\"connect\":{\"headers\":{\"h\":\"1\",\"h\":\"2\"}}}",
			"{\"id\":1,\"connect\":{\"subs\":{\"a:b\":{},\"a:b\":{\"offset\":1}}}}",
			"{\"id\":1,\"publish\":{\"channel\":\"a\",\"channel\":\"b\"}}" })
	void whenKeysAreDuplicateFrameIsRefused(String frame) {
		assertRefused(frame);
	}

	@Test
	void whenNestingIsDeepFrameIsRefused() throws Exception {
		String format = "{\"id\":1,\"rpc\":{\"data\":%s}}";
		assertThat(decode(format.formatted("[".repeat(30) + "]".repeat(30)))).hasSize(1);
		assertRefused(format.formatted("[".repeat(31) + "]".repeat(31)));
		assertRefused(format.formatted("[".repeat(100_000)));
		assertRefused("[".repeat(100_000));
		assertRefused("{\"x\":".repeat(100_000));
		assertRefused("{\"id\":1,\"history\":{" + "\"since\":{".repeat(20_000));
	}

	@Test
	void whenContentIsExcessiveFrameIsRefused() {
		assertRefused("{\"id\":1,\"rpc\":{\"data\":" + "1".repeat(60_000) + "}}");
		assertRefused("{\"id\":" + "1".repeat(60_000) + ",\"ping\":{}}");
		assertRefused("{\"id\":1,\"rpc\":{\"data\":1e" + "9".repeat(60_000) + "}}");
		assertRefused("{\"id\":1,\"history\":{\"since\":{\"offset\":" + "9".repeat(60_000) + "}}}");
		assertRefused("{\"id\":1,\"rpc\":{\"data\":{\"" + "k".repeat(60_000) + "\":1}}}");
		assertRefused(IntStream.range(0, 10_000)
			.mapToObj((i) -> "\"k" + i + "\":1")
			.collect(Collectors.joining(",", "{\"id\":1,\"rpc\":{\"data\":{", "}}}")));
	}

	@Test
	void whenRoomHasALoneSurrogateItIsRead() throws Exception {
		assertThat(read("{\"id\":1,\"presence\":{\"channel\":\"\\ud83d\"}}"))
			.isEqualTo(new Command.Presence(1, "\ud83d"));
	}

	@Test
	void whenFrameBeginsWithByteOrderMarkPayloadIsIntactOrFrameRefused() throws Exception {
		byte[] frame = "\ufeff{\"id\":1,\"rpc\":{\"method\":\"m\",\"data\":[1,2]}}".getBytes(StandardCharsets.UTF_8);
		List<Command> commands = decodeLeniently(frame);
		assertThat(commands).allMatch(new Command.Rpc(1, "m", Payload.ofJson("[1,2]"))::equals);
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE", "UTF-16", "UTF-32" })
	void whenFrameIsNotUtf8ItIsRefused(String charset) {
		byte[] frame = "{\"id\":1,\"rpc\":{\"method\":\"m\",\"data\":[1,2]}}".getBytes(Charset.forName(charset));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.codec.decode(frame, (command) -> {
		}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\u00c3\u0028", "\u00ff", "\u0080", "\u00e2\u0082", "\u00f0\u009f\u0098" })
	void whenPayloadIsBrokenUtf8FrameIsRefused(String latin1) {
		byte[] frame = ("{\"id\":1,\"rpc\":{\"data\":\"" + latin1 + "\"}}").getBytes(StandardCharsets.ISO_8859_1);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.codec.decode(frame, (command) -> {
		}));
	}

	@Test
	void exceptionTellsNothingOfTheFrame() {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode("{\"secret\":tru}"))
			.withMessageNotContaining("tru")
			.withNoCause();
	}

	private List<Command> decodeLeniently(byte[] frame) {
		List<Command> commands = new ArrayList<>();
		try {
			this.codec.decode(frame, commands::add);
		}
		catch (ProtocolException ex) {
			assertThat(commands).isEmpty();
		}
		return commands;
	}

	private void assertRefused(String frame) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame));
	}

	private Command read(String frame) throws ProtocolException {
		List<Command> commands = decode(frame);
		assertThat(commands).hasSize(1);
		return commands.get(0);
	}

	private List<Command> decode(String frame) throws ProtocolException {
		List<Command> commands = new ArrayList<>();
		this.codec.decode(frame.getBytes(StandardCharsets.UTF_8), commands::add);
		return commands;
	}

}
