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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the script of a transcript.
 *
 * @param number which line of the file it is
 * @param client the name of the client, empty for the first one
 * @param sign what happens
 * @param text what is said
 */
record Line(int number, String client, String sign, String text) {

	private static final Pattern PATTERN = Pattern.compile("([a-z]*)"
			+ "(>raw|>bytes|>\\+|>|<close|<none|<ping|<~|<|@open|@connect|@accepted|@codec|@server|!)(?:\\s+(.*))?");

	/**
	 * Read a line.
	 * @param number which line of the file it is
	 * @param line the line
	 * @return the line
	 */
	static Line parse(int number, String line) {
		Matcher matcher = PATTERN.matcher(line);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("line " + number + " is no line of a transcript: " + line);
		}
		String text = matcher.group(3);
		return new Line(number, matcher.group(1), matcher.group(2), (text != null) ? text : "");
	}

	@Override
	public String toString() {
		return "line " + this.number + ": " + this.client + this.sign + " " + this.text;
	}

}
