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

/**
 * Whether bytes are UTF-8 (RFC 3629, section 4). Jackson would guess other encodings of
 * JSON and does not look into strings that it skips; but payloads are cut out and passed
 * on as they are.
 */
final class Utf8 {

	/** The shortest code points of two, three and four bytes. */
	private static final int[] SHORTEST = { 0, 0x80, 0x800, 0x10000 };

	private static final int MAX_CODE_POINT = 0x10FFFF;

	private Utf8() {
	}

	/**
	 * Return whether bytes may be JSON in UTF-8, as which only they begin neither with a
	 * byte order mark nor with a zero among the first four.
	 */
	static boolean isJsonText(byte[] bytes, int start, int length) {
		int end = start + length;
		for (int i = start; i < Math.min(start + 4, end); i++) {
			if (bytes[i] <= 0 && (bytes[i] == 0 || i == start)) {
				return false;
			}
		}
		int i = start;
		while (i < end) {
			int following = (bytes[i] >= 0) ? 0 : following(bytes, i, end);
			if (following < 0) {
				return false;
			}
			i += following + 1;
		}
		return true;
	}

	/** Return how many bytes follow in a sequence, or -1 if it is none. */
	private static int following(byte[] bytes, int index, int end) {
		int lead = bytes[index] & 0xFF;
		int count = (lead >= 0xF0) ? 3 : (lead >= 0xE0) ? 2 : (lead >= 0xC0) ? 1 : -1;
		if (count < 0 || lead > 0xF4 || index + count >= end) {
			return -1;
		}
		int codePoint = lead & (0x3F >> count);
		for (int i = 1; i <= count; i++) {
			if ((bytes[index + i] & 0xC0) != 0x80) {
				return -1;
			}
			codePoint = codePoint << 6 | bytes[index + i] & 0x3F;
		}
		boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
		return (codePoint < SHORTEST[count] || codePoint > MAX_CODE_POINT || surrogate) ? -1 : count;
	}

}
