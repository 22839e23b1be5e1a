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

import dev.realtime.Payload;

/**
 * Writes JSON objects with raw bytes embedded, which no generator of Jackson does without
 * copying them through characters. Fields of zero, empty and {@code false} are left out
 * by the methods whose name starts with {@code optional}. Not thread-safe.
 */
final class JsonWriter {

	private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

	private byte[] buffer;

	private int length;

	private boolean comma;

	JsonWriter(int capacity) {
		this.buffer = new byte[capacity];
	}

	JsonWriter begin() {
		return open('{');
	}

	JsonWriter begin(String field) {
		return key(field).open('{');
	}

	JsonWriter beginArray(String field) {
		return key(field).open('[');
	}

	JsonWriter beginElement() {
		if (this.comma) {
			put(',');
		}
		return open('{');
	}

	JsonWriter end() {
		return close('}');
	}

	JsonWriter endArray() {
		return close(']');
	}

	JsonWriter string(String field, String value) {
		key(field);
		quote(value);
		this.comma = true;
		return this;
	}

	JsonWriter optionalString(String field, String value) {
		return value.isEmpty() ? this : string(field, value);
	}

	JsonWriter number(String field, long value) {
		key(field);
		raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
		this.comma = true;
		return this;
	}

	JsonWriter optionalNumber(String field, long value) {
		return (value == 0) ? this : number(field, value);
	}

	JsonWriter optionalTrue(String field, boolean value) {
		if (value) {
			key(field);
			raw(new byte[] { 't', 'r', 'u', 'e' });
			this.comma = true;
		}
		return this;
	}

	/**
	 * Embed a payload. One that is not known to be JSON must have been checked before.
	 */
	JsonWriter optionalPayload(String field, Payload payload) {
		if (!payload.isEmpty()) {
			key(field);
			raw(payload.isJson() ? payload.bytes() : Payload.ofJson(payload.bytes()).bytes());
			this.comma = true;
		}
		return this;
	}

	byte[] toBytes() {
		return Arrays.copyOf(this.buffer, this.length);
	}

	private JsonWriter key(String field) {
		if (this.comma) {
			put(',');
		}
		quote(field);
		put(':');
		this.comma = false;
		return this;
	}

	private JsonWriter open(char bracket) {
		put(bracket);
		this.comma = false;
		return this;
	}

	private JsonWriter close(char bracket) {
		put(bracket);
		this.comma = true;
		return this;
	}

	private void quote(String text) {
		byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
		put('"');
		for (byte b : utf8) {
			if (b == '"' || b == '\\') {
				put('\\');
				put((char) b);
			}
			else if (b >= 0 && b < ' ') {
				escape(b);
			}
			else {
				ensure(1);
				this.buffer[this.length++] = b;
			}
		}
		put('"');
	}

	private void escape(byte control) {
		raw(new byte[] { '\\', 'u', '0', '0', HEX[control >> 4], HEX[control & 0xF] });
	}

	private void put(char ascii) {
		ensure(1);
		this.buffer[this.length++] = (byte) ascii;
	}

	private void raw(byte[] bytes) {
		ensure(bytes.length);
		System.arraycopy(bytes, 0, this.buffer, this.length, bytes.length);
		this.length += bytes.length;
	}

	private void ensure(int more) {
		if (this.buffer.length - this.length < more) {
			this.buffer = Arrays.copyOf(this.buffer, Math.max(this.buffer.length * 2, this.length + more));
		}
	}

}
