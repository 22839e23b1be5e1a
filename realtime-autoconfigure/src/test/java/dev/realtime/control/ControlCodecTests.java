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

package dev.realtime.control;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.protocol.ProtobufWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for {@link ControlCodec}.
 */
class ControlCodecTests {

	private static final int MUTATIONS = 100_000;

	private static final List<ControlMessage> MESSAGES = List.of(
			new ControlMessage.DisconnectUser("ann", new DisconnectReason(4500, "gr\u00fc\u00dfe")),
			new ControlMessage.DisconnectSession("5d1c", DisconnectReason.FORCE_DISCONNECT),
			new ControlMessage.Subscribe("ann", "chat:1"), new ControlMessage.Unsubscribe("\u00e4nn", "chat:1"),
			new ControlMessage.Refresh("ann"), new ControlMessage.SendToUser("ann", Payload.ofJson("{\"a\":1}")),
			new ControlMessage.SendToUser("ann", Payload.EMPTY),
			new ControlMessage.Ban("ann", Duration.ofMillis(90_000)), new ControlMessage.Ban("ann", null),
			new ControlMessage.Unban("ann"), new ControlMessage.EndLogin("3f2a"));

	private final Random random = new Random(20260101);

	static Stream<ControlMessage> messages() {
		return MESSAGES.stream();
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whatIsWrittenIsReadAgain(ControlMessage message) {
		assertThat(ControlCodec.decode(ControlCodec.encode(message))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void unknownFieldsAreSkipped(ControlMessage message) {
		byte[] unknown = new ProtobufWriter(32).number(99, 7)
			.string(100, "later")
			.message(101, (content) -> content.number(1, 1))
			.toBytes();
		assertThat(ControlCodec.decode(join(unknown, ControlCodec.encode(message)))).isEqualTo(message);
		assertThat(ControlCodec.decode(join(ControlCodec.encode(message), unknown))).isEqualTo(message);
	}

	@Test
	void unknownTypesAreNotUnderstood() {
		for (long type : new long[] { 0, 10, 1000, -1, 1L << 32 | 7, Long.MAX_VALUE, Long.MIN_VALUE }) {
			byte[] bytes = new ProtobufWriter(32).number(1, type).string(2, "ann").string(4, "chat:1").toBytes();
			assertThat(ControlCodec.decode(bytes)).as("type " + type).isNull();
		}
		assertThat(ControlCodec.decode(new byte[0])).isNull();
	}

	@Test
	void bytesStayWhatTheyAre() {
		assertThat(hex(MESSAGES.get(1))).isEqualTo("08021a043564316328af1b3210666f72636520646973636f6e6e656374");
		assertThat(hex(MESSAGES.get(2))).isEqualTo("08031203616e6e2206636861743a31");
		assertThat(hex(MESSAGES.get(4))).isEqualTo("08051203616e6e");
		assertThat(hex(MESSAGES.get(5))).isEqualTo("08061203616e6e42077b2261223a317d");
		assertThat(hex(MESSAGES.get(7))).isEqualTo("08071203616e6e3890bf05");
		assertThat(hex(MESSAGES.get(8))).isEqualTo("08071203616e6e");
		assertThat(hex(MESSAGES.get(9))).isEqualTo("08081203616e6e");
		assertThat(hex(MESSAGES.get(10))).isEqualTo("08091a0433663261");
	}

	private static String hex(ControlMessage message) {
		return HexFormat.of().formatHex(ControlCodec.encode(message));
	}

	@Test
	void whatMakesNoSenseIsNotUnderstood() {
		assertThat(decode(1, "", null, 3503, "bye", 0)).isNull();
		assertThat(decode(1, "x".repeat(4097), null, 3503, "bye", 0)).isNull();
		assertThat(decode(1, "ann", null, 200, "bye", 0)).isNull();
		assertThat(decode(1, "ann", null, 1L << 32 | 3503, "bye", 0)).isNull();
		assertThat(decode(1, "ann", null, 3503, "", 0)).isNull();
		assertThat(decode(1, "ann", null, 3503, "x".repeat(124), 0)).isNull();
		assertThat(decode(3, "ann", "chat:{1}", 0, "", 0)).isNull();
		assertThat(decode(4, "ann", null, 0, "", 0)).isNull();
		assertThat(decode(7, "ann", null, 0, "", -1)).isNull();
		assertThat(decode(7, "ann", null, 0, "", Long.MIN_VALUE)).isNull();
		assertThat(decode(7, "ann", null, 0, "", Long.MAX_VALUE)).isEqualTo(new ControlMessage.Ban("ann", null));
		assertThat(decode(8, "", null, 0, "", 0)).isNull();
		assertThat(ControlCodec.decode(new byte[(16 << 20) + 1])).isNull();
	}

	private static ControlMessage decode(int type, String user, String room, long code, String reason, long time) {
		return ControlCodec.decode(new ProtobufWriter(64).number(1, type)
			.string(2, user)
			.string(4, (room != null) ? room : "")
			.number(5, code)
			.string(6, reason)
			.number(7, time)
			.toBytes());
	}

	@Test
	void messagesCheckThemselves() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ControlMessage.Refresh(""));
		assertThatIllegalArgumentException().isThrownBy(() -> new ControlMessage.Ban("ann", Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> new ControlMessage.Ban("ann", Duration.ofNanos(1)));
		assertThatIllegalArgumentException().isThrownBy(() -> new ControlMessage.Subscribe("ann", "a b"));
		assertThat(new ControlMessage.Ban("ann", Duration.ofSeconds(Long.MAX_VALUE)).remaining()).isNull();
	}

	@Test
	void whenMessagesAreMutatedTheyAreReadOrNot() {
		int understood = 0;
		for (int i = 0; i < MUTATIONS; i++) {
			byte[] bytes = ControlCodec.encode(MESSAGES.get(i % MESSAGES.size()));
			int times = 1 + this.random.nextInt(4);
			for (int j = 0; j < times; j++) {
				bytes = mutate(bytes);
			}
			understood += isUnderstood(i, bytes) ? 1 : 0;
		}
		assertThat(understood).isBetween(1000, MUTATIONS - 1000);
	}

	private static boolean isUnderstood(int number, byte[] bytes) {
		try {
			return ControlCodec.decode(bytes) != null;
		}
		catch (Throwable ex) {
			return fail("mutation " + number + ": " + Arrays.toString(bytes), ex);
		}
	}

	private byte[] mutate(byte[] bytes) {
		int at = this.random.nextInt(bytes.length + 1);
		return switch (this.random.nextInt(4)) {
			case 0 -> join(Arrays.copyOf(bytes, at), new byte[] { (byte) this.random.nextInt(256) },
					Arrays.copyOfRange(bytes, at, bytes.length));
			case 1 -> join(Arrays.copyOf(bytes, at), new byte[] { (byte) this.random.nextInt(256) },
					Arrays.copyOfRange(bytes, Math.min(at + 1, bytes.length), bytes.length));
			case 2 -> Arrays.copyOf(bytes, at);
			default -> join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at / 2, bytes.length));
		};
	}

	private static byte[] join(byte[]... parts) {
		byte[] result = new byte[Arrays.stream(parts).mapToInt((part) -> part.length).sum()];
		int position = 0;
		for (byte[] part : parts) {
			System.arraycopy(part, 0, result, position, part.length);
			position += part.length;
		}
		return result;
	}

}
