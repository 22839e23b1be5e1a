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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.it.transcript.ProtobufSchema.Field;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Protobuf as the JSON that a transcript expects. A field that the schema does not
 * know is an error.
 */
final class ProtobufDecoder {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final ByteBuffer in;

	private ProtobufDecoder(ByteBuffer in) {
		this.in = in;
	}

	/**
	 * Read a frame.
	 * @param frame the frame
	 * @return the replies and pushes in it
	 */
	static List<JsonNode> frame(byte[] frame) {
		ProtobufDecoder decoder = new ProtobufDecoder(ByteBuffer.wrap(frame));
		List<JsonNode> result = new ArrayList<>();
		while (decoder.in.hasRemaining()) {
			result.add(decoder.message("Reply"));
		}
		return result;
	}

	private ObjectNode message(String type) {
		ProtobufDecoder decoder = new ProtobufDecoder(ByteBuffer.wrap(bytes()));
		ObjectNode result = MAPPER.createObjectNode();
		ProtobufSchema.fields(type).values().stream().filter(Field::always).forEach((field) -> zero(result, field));
		while (decoder.in.hasRemaining()) {
			decoder.field(type, result);
		}
		return result;
	}

	private static void zero(ObjectNode target, Field field) {
		if (field.map()) {
			target.putObject(field.name());
		}
		else if (field.list()) {
			target.putArray(field.name());
		}
		else if (field.type().equals("n")) {
			target.put(field.name(), 0);
		}
		else {
			target.put(field.name(), "");
		}
	}

	private void field(String type, ObjectNode target) {
		long tag = varint();
		Field field = ProtobufSchema.fields(type)
			.values()
			.stream()
			.filter((candidate) -> candidate.number() == tag >>> 3)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("unknown field " + (tag >>> 3) + " of " + type));
		boolean number = field.type().equals("n") || field.type().equals("b");
		if ((tag & 7) != ((number && !field.map()) ? 0 : 2)) {
			throw new IllegalStateException("wire type " + (tag & 7) + " of " + type + "." + field.name());
		}
		if (field.map()) {
			new ProtobufDecoder(ByteBuffer.wrap(bytes())).entry(field, target.withObjectProperty(field.name()));
		}
		else if (field.list()) {
			target.withArrayProperty(field.name()).add(value(field));
		}
		else {
			target.set(field.name(), value(field));
		}
	}

	private void entry(Field field, ObjectNode target) {
		String key = "";
		JsonNode value = MAPPER.createObjectNode();
		while (this.in.hasRemaining()) {
			if (varint() >>> 3 == 1) {
				key = text();
			}
			else {
				value = value(field);
			}
		}
		target.set(key, value);
	}

	private JsonNode value(Field field) {
		return switch (field.type()) {
			case "n" -> MAPPER.readTree(Long.toString(varint()));
			case "b" -> MAPPER.readTree(Boolean.toString(varint() != 0));
			case "s" -> MAPPER.getNodeFactory().stringNode(text());
			case "d" -> payload(text());
			default -> message(field.type());
		};
	}

	private static JsonNode payload(String text) {
		try {
			return MAPPER.readTree(text);
		}
		catch (JacksonException ex) {
			return MAPPER.createObjectNode().put("$text", text);
		}
	}

	private String text() {
		return new String(bytes(), StandardCharsets.UTF_8);
	}

	private byte[] bytes() {
		byte[] result = new byte[(int) varint()];
		this.in.get(result);
		return result;
	}

	private long varint() {
		long result = 0;
		int shift = 0;
		byte next = this.in.get();
		while (next < 0) {
			result |= (next & 0x7FL) << shift;
			shift += 7;
			next = this.in.get();
		}
		return result | (next & 0x7FL) << shift;
	}

}
