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

package dev.realtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The opaque bytes that an application publishes or a client sends. The library never
 * looks into them, except to embed them: a JSON session gets them as they are when they
 * are JSON. Immutable as long as nobody writes to the array it was made of, which it does
 * not copy.
 *
 * @since 0.1.0
 */
public final class Payload {

	/** No payload at all, which is not the same as a JSON {@code null}. */
	public static final Payload EMPTY = new Payload(new byte[0], false);

	private final byte[] bytes;

	private final boolean json;

	private Payload(byte[] bytes, boolean json) {
		this.bytes = bytes;
		this.json = json;
	}

	/**
	 * Return a payload of bytes that are known to be one valid JSON value. Raw line
	 * feeds, which only ever stand between tokens, become spaces, since a line feed
	 * separates messages on the wire.
	 * @param json one JSON value in UTF-8; not to be modified afterwards
	 * @return the payload
	 */
	public static Payload ofJson(byte[] json) {
		return new Payload(withoutLineFeeds(json), true);
	}

	/**
	 * Return a payload of one JSON value.
	 * @param json one valid JSON value
	 * @return the payload
	 */
	public static Payload ofJson(String json) {
		return ofJson(json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Return a payload of any bytes. Only sessions that speak Protobuf can receive it.
	 * @param bytes the bytes; not to be modified afterwards
	 * @return the payload
	 */
	public static Payload ofBytes(byte[] bytes) {
		return new Payload(bytes, false);
	}

	private static byte[] withoutLineFeeds(byte[] json) {
		byte[] result = json;
		for (int i = 0; i < json.length; i++) {
			if (json[i] == '\n' || json[i] == '\r') {
				result = (result == json) ? json.clone() : result;
				result[i] = ' ';
			}
		}
		return result;
	}

	/**
	 * Return the bytes themselves, not a copy.
	 * @return the bytes, which the caller must not modify
	 */
	public byte[] bytes() {
		return this.bytes;
	}

	/**
	 * Return the bytes as UTF-8 text.
	 * @return the text
	 */
	public String text() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

	/**
	 * Return whether the bytes are known to be one JSON value.
	 * @return {@code true} if made by one of the {@code ofJson} methods
	 */
	public boolean isJson() {
		return this.json;
	}

	/**
	 * Return whether there are no bytes.
	 * @return {@code true} if the length is 0
	 */
	public boolean isEmpty() {
		return this.bytes.length == 0;
	}

	/**
	 * Return the length.
	 * @return the number of bytes
	 */
	public int length() {
		return this.bytes.length;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Payload payload && Arrays.equals(this.bytes, payload.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	/**
	 * Return the length only, so that no payload ends in a log by accident.
	 */
	@Override
	public String toString() {
		return this.bytes.length + " bytes";
	}

}
