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

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

/**
 * What a transcript leaves open. {@code "*"} stands for any value, {@code "$name"} for
 * the value that stood there first, and {@code {x*300}} for 300 times x. Rooms get a name
 * of their own, so that transcripts do not meet in them.
 */
final class Variables {

	private static final Pattern ROOM = Pattern.compile("\\b(chat|plain|closed):([a-z]+)");

	private static final Pattern REPEAT = Pattern.compile("\\{([a-z])\\*(\\d+)}");

	private static final Pattern VARIABLE = Pattern.compile("\\$([a-z]+)");

	private final Map<String, String> values = new HashMap<>();

	private final String run;

	Variables(String run) {
		this.run = run;
	}

	/**
	 * Return a text in which only variables are left.
	 * @param text the text
	 * @return the text for this run
	 */
	String expand(String text) {
		String rooms = ROOM.matcher(text).replaceAll("$1:$2/" + this.run);
		return REPEAT.matcher(rooms).replaceAll((match) -> match.group(1).repeat(Integer.parseInt(match.group(2))));
	}

	/**
	 * Return a text in which nothing is left open.
	 * @param text the text
	 * @return the text as it is said
	 */
	String resolve(String text) {
		return replace(expand(text));
	}

	private String replace(String text) {
		return VARIABLE.matcher(text).replaceAll(this::value);
	}

	private String value(MatchResult match) {
		String name = match.group(1);
		return Matcher.quoteReplacement(this.values.getOrDefault(name, "$" + name));
	}

	/**
	 * Return whether a message is as expected, and remember the values of new variables
	 * if so.
	 * @param expected the expected message
	 * @param actual the message
	 * @return {@code true} if it is
	 */
	boolean match(JsonNode expected, JsonNode actual) {
		Map<String, String> before = Map.copyOf(this.values);
		boolean matches = matches(expected, actual);
		if (!matches) {
			this.values.clear();
			this.values.putAll(before);
		}
		return matches;
	}

	private boolean matches(JsonNode expected, JsonNode actual) {
		if (expected.isString()) {
			return matches(expected.asString(), actual);
		}
		if (expected.size() != actual.size() || expected.getNodeType() != actual.getNodeType()) {
			return false;
		}
		if (expected.isObject()) {
			return expected.properties().stream().allMatch((field) -> {
				JsonNode value = actual.get(replace(field.getKey()));
				return value != null && matches(field.getValue(), value);
			});
		}
		for (int i = 0; i < expected.size(); i++) {
			if (!matches(expected.get(i), actual.get(i))) {
				return false;
			}
		}
		return expected.isArray() || expected.equals(actual);
	}

	private boolean matches(String expected, JsonNode actual) {
		if (expected.equals("*")) {
			return true;
		}
		Matcher variable = VARIABLE.matcher(expected);
		if (variable.matches() && actual.isValueNode() && !actual.asString().isEmpty()) {
			String known = this.values.putIfAbsent(variable.group(1), actual.asString());
			return known == null || known.equals(actual.asString());
		}
		return actual.isString() && actual.asString().equals(replace(expected));
	}

}
