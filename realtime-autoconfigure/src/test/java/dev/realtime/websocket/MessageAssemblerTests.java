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

package dev.realtime.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessageAssemblerTests {

	private static final int LIMIT = 64 * 1024;

	private final List<byte[]> messages = new ArrayList<>();

	private int oversized;

	private final MessageAssembler assembler = new MessageAssembler(LIMIT, this.messages::add, () -> this.oversized++);

	@Test
	void deliversAMessageOfOnePart() {
		this.assembler.text("{\"id\":1}", true);
		assertThat(texts()).containsExactly("{\"id\":1}");
	}

	@Test
	void joinsParts() {
		this.assembler.text("{\"id\"", false);
		this.assembler.text("", false);
		this.assembler.text(":1}", true);
		this.assembler.text("{}", true);
		assertThat(texts()).containsExactly("{\"id\":1}", "{}");
	}

	@Test
	void deliversAnEmptyMessage() {
		this.assembler.text("", true);
		assertThat(texts()).containsExactly("");
	}

	@Test
	void joinsASplitSurrogatePair() {
		this.assembler.text("a\ud83d", false);
		this.assembler.text("\ude00b", true);
		assertThat(texts()).containsExactly("a\ud83d\ude00b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a", "\u00fc", "\u20ac", "\ud83d\ude00" })
	void countsTheBytesOfUtf8(String character) {
		int length = character.getBytes(StandardCharsets.UTF_8).length;
		this.assembler.text(character.repeat(LIMIT / length), true);
		assertThat(this.messages).hasSize(1);
		this.assembler.text(character.repeat(LIMIT / length) + "aaa", true);
		assertThat(this.messages).hasSize(1);
		assertThat(this.oversized).isEqualTo(1);
	}

	@Test
	void countsASplitSurrogatePairOnce() {
		this.assembler.text("a".repeat(LIMIT - 4) + "\ud83d", false);
		this.assembler.text("\ude00", true);
		assertThat(this.messages).hasSize(1);
		assertThat(this.messages.get(0)).hasSize(LIMIT);
	}

	@Test
	void whenThePartsTogetherAreTooLargeReportsItOnceAndTakesNothingMore() {
		this.assembler.text("a".repeat(LIMIT), false);
		this.assembler.text("a", true);
		this.assembler.text("a", true);
		this.assembler.binary(ByteBuffer.allocate(1), true);
		assertThat(this.messages).isEmpty();
		assertThat(this.oversized).isEqualTo(1);
	}

	@Test
	void limitsTheNumberOfParts() {
		for (int i = 1; i < MessageAssembler.MAX_PARTS; i++) {
			this.assembler.text("", false);
		}
		this.assembler.text("", true);
		assertThat(this.messages).hasSize(1);
		for (int i = 0; i < MessageAssembler.MAX_PARTS; i++) {
			this.assembler.text("", false);
		}
		assertThat(this.oversized).isZero();
		this.assembler.text("", true);
		assertThat(this.oversized).isEqualTo(1);
		assertThat(this.messages).hasSize(1);
	}

	@Test
	void copiesBinaryParts() {
		ByteBuffer reused = ByteBuffer.wrap(new byte[] { 1, 2 });
		this.assembler.binary(reused, false);
		reused.clear().put((byte) 3).flip();
		this.assembler.binary(reused, true);
		reused.clear().put((byte) 4).flip();
		this.assembler.binary(reused, true);
		reused.put(0, (byte) 5);
		assertThat(this.messages).containsExactly(new byte[] { 1, 2, 3 }, new byte[] { 4 });
	}

	@Test
	void limitsBinaryMessages() {
		this.assembler.binary(ByteBuffer.allocate(LIMIT), false);
		this.assembler.binary(ByteBuffer.allocate(1), true);
		assertThat(this.messages).isEmpty();
		assertThat(this.oversized).isEqualTo(1);
	}

	@Test
	void whenEndedTakesNothing() {
		this.assembler.text("a", false);
		this.assembler.end();
		this.assembler.text("b", true);
		assertThat(this.messages).isEmpty();
		assertThat(this.oversized).isZero();
	}

	private List<String> texts() {
		return this.messages.stream().map((message) -> new String(message, StandardCharsets.UTF_8)).toList();
	}

}
