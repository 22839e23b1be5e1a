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

package dev.realtime.test;

/**
 * The messages of failed assertions.
 */
final class Messages {

	private Messages() {
	}

	/**
	 * Return a text that AssertJ, which formats all messages once more, leaves as it is.
	 * @param format the text
	 * @param arguments what stands in it
	 * @return the text, formatted
	 */
	static String format(String format, Object... arguments) {
		return format.formatted(arguments).replace("%", "%%");
	}

	/**
	 * Return the description of something that a described assertion goes on with.
	 */
	static String describe(String described, String description) {
		return described.isEmpty() ? description : described + ": " + description;
	}

}
