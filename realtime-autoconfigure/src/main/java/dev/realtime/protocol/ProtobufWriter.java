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
import java.util.Map;
import java.util.function.Consumer;

import dev.realtime.Payload;

/**
 * Writes the few kinds of Protobuf fields that the protocol has. Fields of zero, empty
 * and {@code false} are left out, as proto3 does. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ProtobufWriter {

	private static final int VARINT = 0;

	private static final int DELIMITED = 2;

	private static final int MAX_VARINT = 10;

	private byte[] buffer;

	private int length;

	/**
	 * Create a writer of one message.
	 * @param capacity how many bytes it probably has
	 */
	public ProtobufWriter(int capacity) {
		this.buffer = new byte[capacity];
	}

	/**
	 * Write a number, unless it is 0.
	 * @param field the number of the field
	 * @param value the value
	 * @return this writer
	 */
	public ProtobufWriter number(int field, long value) {
		if (value != 0) {
			tag(field, VARINT);
			varint(value);
		}
		return this;
	}

	/**
	 * Write a flag, unless it is not set.
	 * @param field the number of the field
	 * @param value the value
	 * @return this writer
	 */
	public ProtobufWriter bool(int field, boolean value) {
		return number(field, value ? 1 : 0);
	}

	/**
	 * Write a text, unless it is empty.
	 * @param field the number of the field
	 * @param value the value
	 * @return this writer
	 */
	public ProtobufWriter string(int field, String value) {
		return bytes(field, value.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Write a payload, unless it is empty.
	 * @param field the number of the field
	 * @param payload the value
	 * @return this writer
	 */
	public ProtobufWriter payload(int field, Payload payload) {
		return bytes(field, payload.bytes());
	}

	private ProtobufWriter bytes(int field, byte[] value) {
		if (value.length > 0) {
			delimited(field, value, value.length);
		}
		return this;
	}

	/**
	 * Write a message, even if it is empty.
	 * @param field the number of the field
	 * @param content writes its fields
	 * @return this writer
	 */
	public ProtobufWriter message(int field, Consumer<ProtobufWriter> content) {
		ProtobufWriter message = new ProtobufWriter(128);
		content.accept(message);
		delimited(field, message.buffer, message.length);
		return this;
	}

	/**
	 * Write a map.
	 * @param field the number of the field
	 * @param entries the entries
	 * @return this writer
	 */
	public ProtobufWriter strings(int field, Map<String, String> entries) {
		entries.forEach((key, value) -> message(field, (entry) -> entry.string(1, key).string(2, value)));
		return this;
	}

	private void delimited(int field, byte[] bytes, int count) {
		tag(field, DELIMITED);
		varint(count);
		ensure(count);
		System.arraycopy(bytes, 0, this.buffer, this.length, count);
		this.length += count;
	}

	private void tag(int field, int type) {
		varint((long) field << 3 | type);
	}

	private void varint(long value) {
		ensure(MAX_VARINT);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.buffer[this.length++] = (byte) (rest | 0x80);
			rest >>>= 7;
		}
		this.buffer[this.length++] = (byte) rest;
	}

	private void ensure(int more) {
		if (this.buffer.length - this.length < more) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.buffer.length * 2, this.length + more));
		}
	}

	/**
	 * Return what was written.
	 * @return the message
	 */
	public byte[] toBytes() {
		return Arrays.copyOf(this.buffer, this.length);
	}

	/**
	 * Return what was written, behind its length.
	 */
	byte[] toDelimited() {
		ProtobufWriter prefix = new ProtobufWriter(MAX_VARINT);
		prefix.varint(this.length);
		byte[] result = Arrays.copyOf(prefix.buffer, prefix.length + this.length);
		System.arraycopy(this.buffer, 0, result, prefix.length, this.length);
		return result;
	}

}
