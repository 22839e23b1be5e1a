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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Tests for {@link JsonWireCodec} with frames that somebody has tampered with.
 */
class JsonWireCodecMutationTests {

	private static final int MUTATIONS = 200_000;

	private static final List<String> FRAMES = List.of(
			"{\"id\":1,\"connect\":{\"token\":\"t\",\"data\":{\"a\":[1,2]},\"headers\":{\"h\":\"v\"},\"subs\":{\"a:b\":{\"recover\":true,\"epoch\":\"e\",\"offset\":7}}}}",
			"{\"subscribe\":{\"channel\":\"chat:1\",\"flag\":1,\"recover\":true,\"offset\":18446744073709551615,\"epoch\":\"AbCd\"},\"id\":2}\n",
			"{\"id\":3,\"publish\":{\"channel\":\"chat:1\",\"data\":{\"text\":\"h\u00e9\ud83d\ude00\\n\\ud83d\\ude00\"}}}",
			"{\"id\":4,\"publish\":{\"data\":-12.5e3,\"channel\":\"chat:1\"}}\n{}\n{\"send\":{\"data\":null}}",
			"{\"id\":5,\"history\":{\"channel\":\"chat:1\",\"limit\":-1,\"since\":{\"offset\":5,\"epoch\":\"e\"},\"reverse\":true}}",
			"{\"id\":6,\"rpc\":{\"method\":\"m\",\"data\":[true,false,null,\"\",{}]}}\n{\"id\":7,\"unsubscribe\":{\"channel\":\"chat:1\"}}");

	private static final byte[] PIECES = "{}[]\":,\\\n\r\t 0123456789-+.eEtfnu\u0000\u0001/"
		.getBytes(StandardCharsets.UTF_8);

	private final Random random = new Random(20260101);

	private final JsonWireCodec codec = new JsonWireCodec();

	private int commands;

	private int refused;

	@Test
	void whenFramesAreMutatedTheyAreReadOrRefused() {
		for (int i = 0; i < MUTATIONS; i++) {
			byte[] frame = FRAMES.get(i % FRAMES.size()).getBytes(StandardCharsets.UTF_8);
			int times = 1 + this.random.nextInt(4);
			for (int j = 0; j < times; j++) {
				frame = mutate(frame);
			}
			decode(i, frame);
		}
		assertThat(this.commands).isGreaterThan(1000);
		assertThat(this.refused).isGreaterThan(1000);
	}

	private void decode(int number, byte[] frame) {
		try {
			this.codec.decode(frame, (command) -> this.commands++);
		}
		catch (ProtocolException ex) {
			this.refused++;
		}
		catch (Throwable ex) {
			fail("mutation " + number + ": " + Arrays.toString(frame), ex);
		}
	}

	private byte[] mutate(byte[] frame) {
		int at = this.random.nextInt(frame.length + 1);
		return switch (this.random.nextInt(6)) {
			case 0 -> splice(frame, at, at, new byte[] { (byte) this.random.nextInt(256) });
			case 1 -> splice(frame, at, at + 1, new byte[] { (byte) this.random.nextInt(256) });
			case 2 -> splice(frame, at, at + this.random.nextInt(6), new byte[0]);
			case 3 -> splice(frame, at, at + this.random.nextInt(2), new byte[] { piece() });
			case 4 -> splice(frame, at, at, Arrays.copyOfRange(frame, at / 2, at));
			default -> Arrays.copyOf(frame, at);
		};
	}

	private byte piece() {
		return PIECES[this.random.nextInt(PIECES.length)];
	}

	private byte[] splice(byte[] frame, int from, int to, byte[] piece) {
		int end = Math.min(to, frame.length);
		byte[] result = new byte[frame.length - (end - from) + piece.length];
		System.arraycopy(frame, 0, result, 0, from);
		System.arraycopy(piece, 0, result, from, piece.length);
		System.arraycopy(frame, end, result, from + piece.length, frame.length - end);
		return result;
	}

}
