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

package dev.realtime.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.protocol.ProtobufWireCodec;
import dev.realtime.protocol.WireCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the whole way from a frame to its reply with frames that somebody has
 * tampered with: nothing is thrown, nothing fails inside, nothing is left behind.
 */
@Tag("fault")
class EngineMutationTests {

	private static final int MUTATIONS = 500_000;

	private static final List<byte[]> JSON = List.of(
			text("{\"id\":2,\"subscribe\":{\"channel\":\"chat:1\",\"recover\":true,\"offset\":7,\"epoch\":\"e\"}}"),
			text("{\"id\":2,\"subscribe\":{\"channel\":\"plain:1\"}}\n{\"id\":3,\"unsubscribe\":{\"channel\":\"plain:1\"}}"),
			text("{\"id\":3,\"publish\":{\"channel\":\"plain:1\",\"data\":{\"text\":\"h\u00e9\"}}}\n{}"),
			text("{\"id\":4,\"history\":{\"channel\":\"chat:1\",\"limit\":-1,\"since\":{\"offset\":5},\"reverse\":true}}"),
			text("{\"id\":5,\"presence\":{\"channel\":\"chat:1\"}}\n{\"id\":6,\"presence_stats\":{\"channel\":\"chat:1\"}}"),
			text("{\"id\":6,\"rpc\":{\"method\":\"m\",\"data\":[1]}}\n{\"id\":7,\"refresh\":{\"token\":\"t\"}}"));

	private static final List<byte[]> PROTOBUF = List.of(
			command(2, 5, field(1, text("chat:1")), number(3, 1), field(6, text("e")), number(7, 7)),
			join(command(2, 5, field(1, text("plain:1"))), command(3, 6, field(1, text("plain:1")))),
			join(command(3, 7, field(1, text("plain:1")), field(2, text("{}"))), new byte[] { 0 }),
			command(4, 10, field(1, text("chat:1")), number(7, 9), field(8, number(1, 5)), number(9, 1)),
			join(command(5, 8, field(1, text("chat:1"))), command(6, 9, field(1, text("chat:1")))),
			join(command(6, 13, field(1, text("[1]")), field(2, text("m"))), command(7, 14, field(1, text("t")))));

	private final EngineHarness harness = new EngineHarness();

	private final Random random = new Random(20261124);

	@AfterEach
	void stop() {
		this.harness.close();
	}

	@Test
	void mutatedJsonHarmsNobody() {
		mutate(new JsonWireCodec(), text("{\"id\":1,\"connect\":{}}"), JSON);
	}

	@Test
	void mutatedProtobufHarmsNobody() {
		mutate(new ProtobufWireCodec(), command(1, 4), PROTOBUF);
	}

	private void mutate(WireCodec codec, byte[] connect, List<byte[]> frames) {
		for (int i = 0; i < MUTATIONS; i++) {
			byte[] frame = mutate(frames.get(i % frames.size()), frames);
			FakeTransport transport = new FakeTransport();
			SessionInbound inbound = this.harness.engine().gateway().open(transport, codec, null, false);
			inbound.frame((i % 10 == 0) ? mutate(connect, frames) : connect);
			inbound.frame(frame);
			inbound.closed();
			assertThat(transport.frames()).as(() -> Arrays.toString(frame))
				.noneMatch((reply) -> reply.contains("internal server error"));
		}
		await().untilAsserted(() -> {
			assertThat(this.harness.engine().sessionCount()).isZero();
			assertThat(this.harness.engine().roomCount()).isZero();
			assertThat(this.harness.presence.size()).isZero();
			assertThat(this.harness.engine().queuedBytes()).isZero();
		});
	}

	private byte[] mutate(byte[] original, List<byte[]> frames) {
		byte[] frame = original;
		for (int i = this.random.nextInt(4); i >= 0; i--) {
			int at = this.random.nextInt(frame.length + 1);
			int end = Math.min(at + this.random.nextInt(3), frame.length);
			byte[] piece = new byte[this.random.nextInt(3)];
			this.random.nextBytes(piece);
			if (this.random.nextInt(8) == 0) {
				piece = frames.get(this.random.nextInt(frames.size()));
			}
			frame = join(Arrays.copyOf(frame, at), piece, Arrays.copyOfRange(frame, end, frame.length));
		}
		return frame;
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] command(int id, int method, byte[]... fields) {
		byte[] body = join(number(1, id), field(method, join(fields)));
		return join(new byte[] { (byte) body.length }, body);
	}

	private static byte[] number(int field, int value) {
		return new byte[] { (byte) (field << 3), (byte) value };
	}

	private static byte[] field(int field, byte[] content) {
		return join(new byte[] { (byte) (field << 3 | 2), (byte) content.length }, content);
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

}
