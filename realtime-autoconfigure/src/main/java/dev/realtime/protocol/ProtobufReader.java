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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the fields of one Protobuf message from a part of an array. Every length is
 * checked against that part, since strangers write these bytes. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class ProtobufReader {

	private static final int MAX_VARINT_BITS = 64;

	private final byte[] bytes;

	private final int end;

	private int position;

	private int type;

	/**
	 * Create a reader.
	 * @param bytes the array
	 * @param start where the message begins
	 * @param end where it ends
	 */
	public ProtobufReader(byte[] bytes, int start, int end) {
		this.bytes = bytes;
		this.position = start;
		this.end = end;
	}

	boolean hasMore() {
		return this.position < this.end;
	}

	/**
	 * Move to the next field.
	 * @return its number, or 0 at the end
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public int next() throws ProtocolException {
		if (!hasMore()) {
			return 0;
		}
		long tag = varint();
		long field = tag >>> 3;
		this.type = (int) (tag & 7);
		if (field < 1 || field > Integer.MAX_VALUE) {
			throw new ProtocolException("bad field number");
		}
		return (int) field;
	}

	/**
	 * Read a number.
	 * @return the value of the current field
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public long number() throws ProtocolException {
		expect(0);
		return varint();
	}

	boolean bool() throws ProtocolException {
		return number() != 0;
	}

	/**
	 * Read a text.
	 * @return the value of the current field
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public String string() throws ProtocolException {
		ProtobufReader text = message();
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.decode(ByteBuffer.wrap(text.bytes, text.position, text.end - text.position))
				.toString();
		}
		catch (CharacterCodingException ex) {
			throw new ProtocolException("invalid UTF-8");
		}
	}

	/**
	 * Read bytes.
	 * @return the value of the current field, copied
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public byte[] bytes() throws ProtocolException {
		ProtobufReader content = message();
		return Arrays.copyOfRange(content.bytes, content.position, content.end);
	}

	/**
	 * Return a reader of the message that is the current field.
	 * @return the reader
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public ProtobufReader message() throws ProtocolException {
		expect(2);
		return delimited();
	}

	/**
	 * Return a reader of the message whose length stands at the current position.
	 */
	ProtobufReader delimited() throws ProtocolException {
		long length = varint();
		if (length < 0 || length > this.end - this.position) {
			throw new ProtocolException("length out of bounds");
		}
		int start = this.position;
		this.position += (int) length;
		return new ProtobufReader(this.bytes, start, this.position);
	}

	/**
	 * Pass over the current field.
	 * @throws ProtocolException if the bytes are not such a field
	 */
	public void skip() throws ProtocolException {
		switch (this.type) {
			case 0 -> varint();
			case 1 -> advance(Long.BYTES);
			case 2 -> delimited();
			case 5 -> advance(Integer.BYTES);
			default -> throw new ProtocolException("unsupported wire type");
		}
	}

	private void advance(int count) throws ProtocolException {
		if (count > this.end - this.position) {
			throw new ProtocolException("field out of bounds");
		}
		this.position += count;
	}

	private void expect(int expected) throws ProtocolException {
		if (this.type != expected) {
			throw new ProtocolException("unexpected wire type");
		}
	}

	private long varint() throws ProtocolException {
		long result = 0;
		for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
			if (!hasMore()) {
				throw new ProtocolException("varint out of bounds");
			}
			byte b = this.bytes[this.position++];
			result |= (long) (b & 0x7F) << shift;
			if (b >= 0) {
				return result;
			}
		}
		throw new ProtocolException("varint too long");
	}

}
