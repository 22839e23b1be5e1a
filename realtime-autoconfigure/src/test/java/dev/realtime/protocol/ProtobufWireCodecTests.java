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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.protocol.RandomMessages.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The codec against protobuf-java, against the JSON codec, and against what nobody should
 * send.
 */
class ProtobufWireCodecTests {

	private static final ProtocolSchema SCHEMA = new ProtocolSchema();

	private static final long SEED = 20260729;

	private final ProtobufWireCodec codec = new ProtobufWireCodec();

	@ParameterizedTest
	@MethodSource
	void writesAReplyAsProtobufDoes(Result result, Map<String, ?> expected) {
		assertReply(this.codec.reply(7, result), with("id", 7, expected));
	}

	static Stream<Arguments> writesAReplyAsProtobufDoes() {
		Payload data = Payload.ofBytes(new byte[] { 0, -1, '{' });
		Publication publication = new Publication(data, 3, new Member("ann", "s-1", data, Payload.ofJson("{}")),
				Map.of("lang", "en"), 1_700_000_000_000L);
		Map<String, ?> info = Map.of("user", "ann", "client", "s-1", "conn_info", data, "chan_info",
				Payload.ofJson("{}"));
		Map<String, ?> pub = Map.of("data", data, "info", info, "offset", 3, "tags", Map.of("lang", "en"), "time",
				1_700_000_000_000L);
		StreamPosition position = new StreamPosition(1L << 53, "AbCd");
		return Stream.of(
				Arguments.of(
						new Result.Connected("s-1", "1.0", data, 25, 3600,
								Map.of("chat:1", new Result.Subscribed(true, position, null, List.of(), data, 60))),
						Map.of("connect", Map.of("client", "s-1", "version", "1.0", "data", data, "ping", 25, "pong",
								true, "expires", true, "ttl", 3600, "subs",
								Map.of("chat:1",
										Map.of("recoverable", true, "positioned", true, "epoch", "AbCd", "offset",
												1L << 53, "data", data, "expires", true, "ttl", 60))))),
				Arguments.of(new Result.Connected("s-1", "", Payload.EMPTY, 0, 0, Map.of()),
						Map.of("connect", Map.of("client", "s-1"))),
				Arguments.of(new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0),
						Map.of("subscribe", Map.of())),
				Arguments.of(new Result.Subscribed(true, position, true, List.of(publication), data, 0),
						Map.of("subscribe",
								Map.of("recoverable", true, "positioned", true, "epoch", "AbCd", "offset", 1L << 53,
										"publications", List.of(pub), "recovered", true, "was_recovering", true, "data",
										data))),
				Arguments.of(new Result.Subscribed(true, position, false, List.of(), Payload.EMPTY, 0),
						Map.of("subscribe",
								Map.of("recoverable", true, "positioned", true, "epoch", "AbCd", "offset", 1L << 53,
										"was_recovering", true))),
				Arguments.of(new Result.PresenceList(List.of(new Member("", "s-2"))),
						Map.of("presence", Map.of("presence", Map.of("s-2", Map.of("client", "s-2"))))),
				Arguments.of(new Result.PresenceList(List.of()), Map.of("presence", Map.of())),
				Arguments.of(new Result.PresenceCount(2, 1),
						Map.of("presence_stats", Map.of("num_clients", 2, "num_users", 1))),
				Arguments.of(new Result.HistoryPage(List.of(publication), position),
						Map.of("history", Map.of("publications", List.of(pub), "epoch", "AbCd", "offset", 1L << 53))),
				Arguments.of(new Result.HistoryPage(List.of(), StreamPosition.START), Map.of("history", Map.of())),
				Arguments.of(new Result.Refreshed(60), Map.of("refresh", Map.of("expires", true, "ttl", 60))),
				Arguments.of(new Result.Refreshed(0), Map.of("refresh", Map.of())),
				Arguments.of(new Result.SubscriptionRefreshed(60),
						Map.of("sub_refresh", Map.of("expires", true, "ttl", 60))),
				Arguments.of(new Result.SubscriptionRefreshed(0), Map.of("sub_refresh", Map.of())),
				Arguments.of(new Result.RpcReturned(data), Map.of("rpc", Map.of("data", data))),
				Arguments.of(new Result.RpcReturned(Payload.EMPTY), Map.of("rpc", Map.of())));
	}

	@Test
	void writesAnEmptyResultToo() {
		assertThat(hex(this.codec.reply(1, new Result.Unsubscribed()))).isEqualTo("0408013a00");
		assertThat(hex(this.codec.reply(1, new Result.PublishAccepted()))).isEqualTo("0408014200");
		assertReply(this.codec.reply(1, new Result.Unsubscribed()), Map.of("id", 1, "unsubscribe", Map.of()));
		assertReply(this.codec.reply(1, new Result.PublishAccepted()), Map.of("id", 1, "publish", Map.of()));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 127, 128, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL })
	void repeatsTheNumberOfTheCommand(long id) {
		assertReply(this.codec.reply(id, new Result.PublishAccepted()), Map.of("id", id, "publish", Map.of()));
		assertReply(this.codec.error(id, 103, "permission denied", false),
				Map.of("id", id, "error", Map.of("code", 103, "message", "permission denied")));
	}

	@Test
	void writesWhetherAnErrorIsTemporary() {
		assertReply(this.codec.error(9, 100, "internal server error", true),
				Map.of("id", 9, "error", Map.of("code", 100, "message", "internal server error", "temporary", true)));
	}

	@ParameterizedTest
	@MethodSource
	void writesAPushAsProtobufDoes(Push push, Map<String, ?> expected) {
		assertReply(this.codec.push(push), Map.of("push", expected));
	}

	static Stream<Arguments> writesAPushAsProtobufDoes() {
		Payload data = Payload.ofJson("\"m-0\"");
		Member member = new Member("ann", "s-1");
		Map<String, ?> info = Map.of("info", Map.of("user", "ann", "client", "s-1"));
		return Stream.of(
				Arguments.of(new Push.Published("chat:1", new Publication(data, 0, null, Map.of(), 0)),
						Map.of("channel", "chat:1", "pub", Map.of("data", data))),
				Arguments.of(new Push.Joined("chat:1", member), Map.of("channel", "chat:1", "join", info)),
				Arguments.of(new Push.Left("chat:1", member), Map.of("channel", "chat:1", "leave", info)),
				Arguments.of(new Push.Unsubscribed("chat:1", 2000, "server unsubscribe"),
						Map.of("channel", "chat:1", "unsubscribe",
								Map.of("code", 2000, "reason", "server unsubscribe"))),
				Arguments.of(
						new Push.Subscribed("chat:1",
								new Result.Subscribed(true, new StreamPosition(7, "e"), null, List.of(), data, 0)),
						Map.of("channel", "chat:1", "subscribe",
								Map.of("recoverable", true, "positioned", true, "epoch", "e", "offset", 7, "data",
										data))),
				Arguments.of(
						new Push.Subscribed("chat:1",
								new Result.Subscribed(false, null, null, List.of(), Payload.EMPTY, 0)),
						Map.of("channel", "chat:1", "subscribe", Map.of())),
				Arguments.of(new Push.Message(data), Map.of("message", Map.of("data", data))),
				Arguments.of(new Push.Message(Payload.EMPTY), Map.of("message", Map.of())));
	}

	@Test
	void writesWhateverThereIsAsProtobufDoes() {
		RandomMessages messages = new RandomMessages(SEED);
		for (int i = 1; i <= 5000; i++) {
			Sample<Result> result = messages.result();
			assertReply(this.codec.reply(i, result.record()), with("id", i, result.fields()));
			Sample<Push> push = messages.push();
			assertReply(this.codec.push(push.record()), push.fields());
		}
	}

	@Test
	void writesPayloadsOfEveryLength() {
		for (int length : new int[] { 0, 1, 100, 119, 127, 128, 255, 256, 16_383, 16_384, 70_000 }) {
			Payload data = Payload.ofBytes(new byte[length]);
			Map<String, ?> fields = (length > 0) ? Map.of("data", data) : Map.of();
			assertReply(this.codec.reply(1, new Result.RpcReturned(data)), Map.of("id", 1, "rpc", fields));
		}
	}

	@Test
	void writesAnOffsetOf64Bits() {
		Publication publication = new Publication(Payload.EMPTY, Long.MAX_VALUE, null, Map.of(), 0);
		assertReply(this.codec.push(new Push.Published("a", publication)),
				Map.of("push", Map.of("channel", "a", "pub", Map.of("offset", Long.MAX_VALUE))));
	}

	@Test
	void emptyTagIsThere() {
		Publication publication = new Publication(Payload.EMPTY, 0, null, Map.of("a", ""), 0);
		assertThat(SCHEMA.parse("Reply", this.codec.push(new Push.Published("c", publication)))).singleElement()
			.isEqualTo(SCHEMA.message("Reply",
					Map.of("push", Map.of("channel", "c", "pub", Map.of("tags", Map.of("a", ""))))));
	}

	@Test
	void pingIsOneByte() {
		assertThat(this.codec.ping()).containsExactly(0);
	}

	@Test
	void carriesAnyBytes() {
		assertThat(this.codec.carries(Payload.ofBytes(new byte[] { -1 }))).isTrue();
	}

	@Test
	void joinsMessagesWithoutSeparator() throws Exception {
		byte[] reply = this.codec.reply(1, new Result.PublishAccepted());
		byte[] ping = this.codec.ping();
		assertThat(this.codec.separatorLength()).isZero();
		assertThat(this.codec.join(List.of(reply), reply.length)).isSameAs(reply);
		byte[] frame = this.codec.join(List.of(reply, ping, reply), 2 * reply.length + 1);
		assertThat(hex(frame)).isEqualTo("0408014200" + "00" + "0408014200");
		assertThat(SCHEMA.parse("Reply", frame)).hasSize(3).element(1).isEqualTo(SCHEMA.message("Reply", Map.of()));
	}

	@ParameterizedTest
	@MethodSource
	void readsWhatProtobufWrites(Map<String, ?> fields, Command expected) throws Exception {
		assertThat(decode(command(fields))).containsExactly(expected);
	}

	static Stream<Arguments> readsWhatProtobufWrites() {
		Payload data = Payload.ofBytes(new byte[] { 0, -1, '{' });
		return Stream.of(
				Arguments.of(Map.of("id", 2, "connect", Map.of()),
						new Command.Connect(2, "", Payload.EMPTY, Map.of(), "", "", Map.of())),
				Arguments.of(
						Map.of("id", 2, "connect", Map.of("token", "t", "data", data, "name", "java", "version",
								"0.4.1", "headers", Map.of("a", "b"), "subs",
								Map.of("chat:1", Map.of("recover", true, "epoch", "e", "offset", 5)), "flag", 1)),
						new Command.Connect(2, "t", data, Map.of("chat:1", new StreamPosition(5, "e")), "java", "0.4.1",
								Map.of("a", "b"))),
				Arguments.of(Map.of("id", 3, "subscribe", Map.of("channel", "chat:1", "flag", 1)),
						new Command.Subscribe(3, "chat:1", "", null, Payload.EMPTY, false, false, 0, false)),
				Arguments.of(
						Map.of("id", 3, "subscribe",
								Map.of("channel", "chat:1", "token", "t", "recover", true, "epoch", "e", "offset", -1L,
										"data", data, "join_leave", true, "flag", 3, "type", -1, "tf", Map.of())),
						new Command.Subscribe(3, "chat:1", "t", new StreamPosition(Long.MAX_VALUE, "e"), data, true,
								true, -1, true)),
				Arguments.of(Map.of("id", 3, "subscribe", Map.of("channel", "chat:1", "recover", true)),
						new Command.Subscribe(3, "chat:1", "", StreamPosition.START, Payload.EMPTY, false, false, 0,
								false)),
				Arguments.of(Map.of("id", 1, "unsubscribe", Map.of("channel", "c")), new Command.Unsubscribe(1, "c")),
				Arguments.of(Map.of("id", 1, "publish", Map.of("channel", "c", "data", data, "type", 1)),
						new Command.Publish(1, "c", data, 1)),
				Arguments.of(Map.of("id", 1, "publish", Map.of("channel", "c", "key", "k")),
						new Command.Publish(1, "c", Payload.EMPTY, 1)),
				Arguments.of(Map.of("id", 1, "publish", Map.of("channel", "c", "removed", true)),
						new Command.Publish(1, "c", Payload.EMPTY, 1)),
				Arguments.of(Map.of("id", 1, "presence", Map.of("channel", "c")), new Command.Presence(1, "c")),
				Arguments.of(Map.of("id", 1, "presence_stats", Map.of("channel", "c")),
						new Command.PresenceStats(1, "c")),
				Arguments.of(Map.of("id", 1, "history", Map.of("channel", "c")),
						new Command.History(1, "c", 0, null, false)),
				Arguments.of(
						Map.of("id", 1, "history",
								Map.of("channel", "c", "limit", -1, "since", Map.of("offset", 5, "epoch", "e"),
										"reverse", true)),
						new Command.History(1, "c", -1, new StreamPosition(5, "e"), true)),
				Arguments.of(Map.of("id", 1, "history", Map.of("channel", "c", "since", Map.of())),
						new Command.History(1, "c", 0, StreamPosition.START, false)),
				Arguments.of(Map.of("id", 1, "rpc", Map.of("method", "m", "data", data)),
						new Command.Rpc(1, "m", data)),
				Arguments.of(Map.of("send", Map.of("data", data)), new Command.Send(0, data)),
				Arguments.of(Map.of("send", Map.of()), new Command.Send(0, Payload.EMPTY)),
				Arguments.of(Map.of("id", 1, "refresh", Map.of("token", "t")), new Command.Refresh(1, "t")),
				Arguments.of(Map.of("id", 1, "sub_refresh", Map.of("channel", "c", "token", "t", "type", 4)),
						new Command.SubRefresh(1, "c", "t")),
				Arguments.of(Map.of("id", 1, "ping", Map.of()), new Command.Ping(1)),
				Arguments.of(Map.of("id", 0xFFFF_FFFFL, "ping", Map.of()), new Command.Ping(0xFFFF_FFFFL)),
				Arguments.of(Map.of(), new Command.Pong()));
	}

	@Test
	void readsTheSameAsTheJsonCodec() throws Exception {
		RandomMessages messages = new RandomMessages(SEED);
		JsonMapper mapper = JsonMapper.builder().addMixIn(Payload.class, RawPayload.class).build();
		JsonWireCodec json = new JsonWireCodec();
		for (int i = 0; i < 5000; i++) {
			Sample<Command> sample = messages.command();
			List<Command> commands = new ArrayList<>();
			json.decode(mapper.writeValueAsBytes(sample.fields()), commands::add);
			assertThat(commands).containsExactly(sample.record());
			assertThat(decode(command(sample.fields()))).containsExactly(sample.record());
		}
	}

	@Test
	void pongIsOneByte() throws Exception {
		assertThat(decode(new byte[] { 0 })).containsExactly(new Command.Pong());
	}

	@Test
	void readsTheCommandsOfAFrameInOrder() throws Exception {
		Message publish = SCHEMA.message("Command", Map.of("id", 5, "publish", Map.of("channel", "c")));
		Message ping = SCHEMA.message("Command", Map.of("id", 3, "ping", Map.of()));
		Message pong = SCHEMA.message("Command", Map.of());
		assertThat(decode(ProtocolSchema.frame(publish, pong, ping, publish))).containsExactly(
				new Command.Publish(5, "c", Payload.EMPTY, 0), new Command.Pong(), new Command.Ping(3),
				new Command.Publish(5, "c", Payload.EMPTY, 0));
	}

	@Test
	void commandsBeforeABadOneAreDelivered() {
		List<Command> commands = new ArrayList<>();
		byte[] frame = HexFormat.of().parseHex("0408035a00" + "00" + "0208");
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.codec.decode(frame, commands::add));
		assertThat(commands).containsExactly(new Command.Ping(3), new Command.Pong());
	}

	@Test
	void readsFieldsInAnyOrderAndTheLastOfEach() throws Exception {
		assertThat(decode("0d" + "5a00" + "0801" + "0803" + "fa010474657374")).containsExactly(new Command.Ping(3));
		assertThat(decode("0f" + "0801" + "320b" + "0a0161" + "0a0162" + "0a03636363"))
			.containsExactly(new Command.Unsubscribe(1, "ccc"));
	}

	@Test
	void skipsUnknownFieldsOfEveryKind() throws Exception {
		UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
			.addField(100, Field.newBuilder().addVarint(-1L).addFixed32(1).addFixed64(2).build())
			.addField(536_870_911, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("text")).build())
			.build();
		Message request = SCHEMA.message("SubscribeRequest", Map.of("channel", "c"))
			.toBuilder()
			.setUnknownFields(unknown)
			.build();
		Message command = SCHEMA.message("Command", Map.of("id", 1)).toBuilder().setUnknownFields(unknown).build();
		ByteString body = command.toByteString().concat(field(5, request.toByteString()));
		assertThat(decode(ProtocolSchema.delimited(body).toByteArray()))
			.containsExactly(new Command.Subscribe(1, "c", "", null, Payload.EMPTY, false, false, 0, false));
	}

	@ParameterizedTest
	@ValueSource(ints = { 13, 100 })
	void skipsNestedMessagesOfAnyDepth(int field) throws Exception {
		ByteString nested = ByteString.EMPTY;
		for (int depth = 0; depth < 5000; depth++) {
			nested = field(6, nested);
		}
		ByteString body = ByteString.fromHex("0801").concat(field(5, field(field, nested)));
		assertThat(decode(ProtocolSchema.delimited(body).toByteArray()))
			.containsExactly(new Command.Subscribe(1, "", "", null, Payload.EMPTY, false, false, 0, field == 13));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", // no command
			"80", "8080808080", "00" + "80", // lengths cut off
			"02" + "08", // message cut off
			"ffffffff07", "8080808008", "ffffffff0f", "ffffffffffffffffff01" }) // lengths
																				// out of
																				// bounds
	void malformedFrameIsRefused(String frame) {
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(frame));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0801", // no method
			"08", "0880", "08015a", // cut off
			"08015a01", "08015a7f", "08015affffffff07", "08015affffffff0f", // requests
																			// longer than
																			// the command
			"08015affffffffffffffffff01", // length of -1
			"08ffffffffffffffffffff015a00", "08808080808080808080808080005a00", // varints
																				// of more
																				// than
																				// ten
																				// bytes
			"0880808080105a00", "08ffffffffffffffffff015a00", // ids of 2^32 and -1
			"0d010000005a00", "0a01015a00", // ids of another type
			"08015801", "08015d01000000", // requests of another type
			"080132020801", "08013a021a00", "08011a0200", // fields of another type
			"080100015a00", "080102005a00", // field 0
			"0801f8ffffffffffffffff01005a00", // field beyond an int
			"08015b5c", "08015a005b", "08015a005c", "08015a00a306a406", // groups
			"08015a000e", "08015a000f", // wire types that are none
			"08015a00a506000000", "08015a00a10600000000000000", // fixed fields cut off
			"080132030a01ff", "080132040a02c328", // bytes that are not UTF-8
			"080132060a04f4908080", "080132050a03eda080", "080132040a02c080" }) // no
																				// characters,
																				// or too
																				// long
	void malformedCommandIsRefused(String body) {
		ByteString command = ProtocolSchema.delimited(ByteString.fromHex(body));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> decode(command.toByteArray()));
	}

	@Test
	void frameThatIsCutOffIsRefused() {
		RandomMessages messages = new RandomMessages(SEED);
		for (int i = 0; i < 200; i++) {
			byte[] frame = command(messages.command().fields());
			for (int length = 0; length < frame.length; length++) {
				byte[] part = ByteString.copyFrom(frame, 0, length).toByteArray();
				assertThatExceptionOfType(ProtocolException.class).as(hex(part)).isThrownBy(() -> decode(part));
			}
		}
	}

	@Test
	void commandThatIsCutOffIsACommandOrRefused() {
		RandomMessages messages = new RandomMessages(SEED);
		for (int i = 0; i < 200; i++) {
			ByteString body = SCHEMA.message("Command", messages.command().fields()).toByteString();
			for (int length = 0; length < body.size(); length++) {
				assertCommandsOrRefused(ProtocolSchema.delimited(body.substring(0, length)).toByteArray());
			}
		}
	}

	@Test
	void mutatedFrameIsACommandOrRefused() {
		RandomMessages messages = new RandomMessages(SEED);
		Random random = new Random(SEED);
		int refused = 0;
		for (int i = 0; i < 200_000; i++) {
			ByteString body = SCHEMA.message("Command", messages.command().fields()).toByteString();
			ByteString frame = (i % 2 == 0) ? ProtocolSchema.delimited(mutate(body, random))
					: mutate(ProtocolSchema.delimited(body), random);
			if (!assertCommandsOrRefused(frame.toByteArray())) {
				refused++;
			}
		}
		assertThat(refused).isBetween(50_000, 170_000);
	}

	/**
	 * Change, insert or remove bytes, mostly near the beginning where the structure is.
	 */
	private static ByteString mutate(ByteString bytes, Random random) {
		ByteString mutated = bytes;
		for (int i = random.nextInt(3); i >= 0 && !mutated.isEmpty(); i--) {
			int at = random.nextInt(random.nextInt(mutated.size()) + 1);
			byte[] inserted = new byte[random.nextInt(3)];
			random.nextBytes(inserted);
			int removed = (random.nextInt(4) > 0) ? inserted.length : random.nextInt(3);
			ByteString rest = mutated.substring(Math.min(mutated.size(), at + removed));
			mutated = mutated.substring(0, at).concat(ByteString.copyFrom(inserted)).concat(rest);
		}
		return mutated;
	}

	/** Return whether there were commands. Anything but a refusal goes up. */
	private boolean assertCommandsOrRefused(byte[] frame) {
		try {
			assertThat(decode(frame)).isNotEmpty();
			return true;
		}
		catch (ProtocolException ex) {
			return false;
		}
		catch (RuntimeException ex) {
			throw new AssertionError(hex(frame), ex);
		}
	}

	private static void assertReply(byte[] actual, Map<String, ?> expected) {
		Message message = SCHEMA.message("Reply", expected);
		assertThat(SCHEMA.parse("Reply", actual)).singleElement().isEqualTo(message);
		assertThat(hex(actual)).isEqualTo(hex(ProtocolSchema.frame(message)));
	}

	private static Map<String, Object> with(String name, Object value, Map<String, ?> fields) {
		Map<String, Object> all = new HashMap<>(fields);
		all.put(name, value);
		return all;
	}

	private static byte[] command(Map<String, ?> fields) {
		return ProtocolSchema.frame(SCHEMA.message("Command", fields));
	}

	private static ByteString field(int number, ByteString content) {
		return UnknownFieldSet.newBuilder()
			.addField(number, Field.newBuilder().addLengthDelimited(content).build())
			.build()
			.toByteString();
	}

	private List<Command> decode(String hex) throws ProtocolException {
		return decode(HexFormat.of().parseHex(hex));
	}

	private List<Command> decode(byte[] frame) throws ProtocolException {
		List<Command> commands = new ArrayList<>();
		this.codec.decode(frame, commands::add);
		return commands;
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

	/**
	 * Makes Jackson write a payload as it is.
	 */
	private interface RawPayload {

		@JsonValue
		@JsonRawValue
		String text();

	}

}
