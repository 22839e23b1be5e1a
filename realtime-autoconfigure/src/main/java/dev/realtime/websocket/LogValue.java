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

/**
 * Makes what a stranger sent fit for a log: one line, no control characters, not long.
 */
final class LogValue {

	private static final int MAX_LENGTH = 200;

	private LogValue() {
	}

	static String escape(String value) {
		StringBuilder result = new StringBuilder(value.length());
		value.codePoints().limit(MAX_LENGTH).forEach((character) -> append(result, character));
		return (value.codePointCount(0, value.length()) > MAX_LENGTH) ? result.append("...").toString()
				: result.toString();
	}

	private static void append(StringBuilder result, int character) {
		switch (Character.getType(character)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE ->
				result.append("\\u").append(String.format("%04x", character));
			default -> result.appendCodePoint(character);
		}
	}

}
