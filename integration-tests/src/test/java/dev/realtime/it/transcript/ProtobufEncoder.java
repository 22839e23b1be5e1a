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

package dev.realtime.it.transcript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.realtime.it.transcript.ProtobufSchema.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes as Protobuf what a transcript writes as JSON. What the schema does not know
 * becomes field 120. A payload that is not JSON is written as {@code {"$text":"…"}}.
 */
final class ProtobufEncoder {

	private static final int UNKNOWN = 120;

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	/**
	 * Write a command with its length before it.
	 * @param command the command
	 * @return the bytes
	 */
	static byte[] command(JsonNode command) {
		ProtobufEncoder encoder = new ProtobufEncoder();
		encoder.bytes(message("Command", command));
		return encoder.out.toByteArray();
	}

	private static byte[] message(String type, JsonNode message) {
		ProtobufEncoder encoder = new ProtobufEncoder();
		message.properties()
			.forEach((entry) -> encoder.field(ProtobufSchema.fields(type).get(entry.getKey()), entry.getValue()));
		return encoder.out.toByteArray();
	}

	private void field(@Nullable Field field, JsonNode value) {
		if (field == null) {
			text(UNKNOWN, value.toString());
		}
		else if (field.map()) {
			value.properties().forEach((entry) -> {
				ProtobufEncoder encoder = new ProtobufEncoder();
				encoder.text(1, entry.getKey());
				encoder.value(2, field, entry.getValue());
				tag(field.number(), 2);
				bytes(encoder.out.toByteArray());
			});
		}
		else {
			value(field.number(), field, value);
		}
	}

	private void value(int number, Field field, JsonNode value) {
		switch (field.type()) {
			case "n" -> number(number, value.asLong());
			case "b" -> number(number, value.asBoolean() ? 1 : 0);
			case "s" -> text(number, value.asString());
			case "d" -> text(number, value.has("$text") ? value.get("$text").asString() : value.toString());
			default -> {
				tag(number, 2);
				bytes(message(field.type(), value));
			}
		}
	}

	private void number(int number, long value) {
		tag(number, 0);
		varint(value);
	}

	private void text(int number, String value) {
		tag(number, 2);
		bytes(value.getBytes(StandardCharsets.UTF_8));
	}

	private void tag(int number, int wireType) {
		varint(number << 3 | wireType);
	}

	private void bytes(byte[] bytes) {
		varint(bytes.length);
		this.out.writeBytes(bytes);
	}

	private void varint(long value) {
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.out.write((int) (rest & 0x7F | 0x80));
			rest >>>= 7;
		}
		this.out.write((int) rest);
	}

}
