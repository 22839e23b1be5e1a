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

package dev.realtime.naming;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Names of rooms with variables, such as {@code chat:{room}}. The parts between colons
 * are compared one by one; a part may have one variable, which stands for one or more
 * characters, and text before and after it. In the last part it may stand for further
 * colons, so that no room escapes a pattern by a deeper name. The namespace has none.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class RoomPattern {

	/** The more specific pattern comes first; those of the same shape are equal. */
	public static final Comparator<RoomPattern> BY_SPECIFICITY = RoomPattern::compareSpecificity;

	private final String text;

	private final List<Part> parts;

	private final Set<String> variables = new LinkedHashSet<>();

	private RoomPattern(String text) {
		this.text = text;
		List<Part> parts = new ArrayList<>();
		for (String part : text.split(":", -1)) {
			parts.add(part(part));
		}
		this.parts = List.copyOf(parts);
		check(parts.size() > 1 && !parts.get(0).isVariable() && !namespace().isEmpty(),
				"must begin with the name of a namespace and a colon");
		check(RoomName.isValid(expand((name) -> "x")), "has characters that no room name has");
	}

	/**
	 * Read a pattern.
	 * @param pattern the text
	 * @return the pattern
	 * @throws IllegalArgumentException with the reason, if it is none
	 */
	public static RoomPattern of(String pattern) {
		return new RoomPattern(pattern);
	}

	private Part part(String text) {
		int open = text.indexOf('{');
		int close = text.indexOf('}');
		if (open < 0 && close < 0) {
			return new Part(text, null, "");
		}
		check(open >= 0 && close > open + 1 && text.lastIndexOf('{') == open && text.lastIndexOf('}') == close,
				"must have at most one {variable} between two colons");
		String name = text.substring(open + 1, close);
		check(this.variables.add(name), "has the variable '" + name + "' twice");
		return new Part(text.substring(0, open), name, text.substring(close + 1));
	}

	private void check(boolean condition, String reason) {
		if (!condition) {
			throw new IllegalArgumentException("The room pattern '" + this.text + "' " + reason);
		}
	}

	/**
	 * Return the namespace of the rooms.
	 * @return the name
	 */
	public String namespace() {
		return this.parts.get(0).prefix;
	}

	/**
	 * Return the names of the variables.
	 * @return the names in their order
	 */
	public Set<String> variables() {
		return Collections.unmodifiableSet(this.variables);
	}

	/**
	 * Compare with the name of a room.
	 * @param room the name
	 * @return the values of the variables, or {@code null} if the name is another one
	 */
	public @Nullable Map<String, String> match(String room) {
		Map<String, String> values = new HashMap<>();
		int start = 0;
		for (int i = 0; i < this.parts.size(); i++) {
			int colon = (i == this.parts.size() - 1) ? room.length() : room.indexOf(':', start);
			if (colon < start || !this.parts.get(i).match(room, start, colon, values)) {
				return null;
			}
			start = colon + 1;
		}
		return values;
	}

	/**
	 * Put values in the place of the variables.
	 * @param values gives the value for the name of a variable
	 * @return the name of a room, valid if the values are
	 */
	public String expand(UnaryOperator<String> values) {
		StringBuilder room = new StringBuilder();
		for (Part part : this.parts) {
			room.append((room.length() > 0) ? ":" : "").append(part.prefix);
			if (part.variable != null) {
				room.append(values.apply(part.variable)).append(part.suffix);
			}
		}
		return room.toString();
	}

	private int compareSpecificity(RoomPattern other) {
		for (int i = 0; i < Math.min(this.parts.size(), other.parts.size()); i++) {
			int result = this.parts.get(i).compareSpecificity(other.parts.get(i));
			if (result != 0) {
				return result;
			}
		}
		return other.parts.size() - this.parts.size();
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * What stands between two colons.
	 */
	private record Part(String prefix, @Nullable String variable, String suffix) {

		boolean isVariable() {
			return this.variable != null;
		}

		boolean match(String room, int start, int end, Map<String, String> values) {
			if (this.variable == null) {
				return end - start == this.prefix.length() && room.startsWith(this.prefix, start);
			}
			int from = start + this.prefix.length();
			int to = end - this.suffix.length();
			if (from >= to || !room.startsWith(this.prefix, start) || !room.startsWith(this.suffix, to)) {
				return false;
			}
			values.put(this.variable, room.substring(from, to));
			return true;
		}

		int compareSpecificity(Part other) {
			if (isVariable() != other.isVariable()) {
				return isVariable() ? 1 : -1;
			}
			if (!isVariable()) {
				return this.prefix.compareTo(other.prefix);
			}
			int result = (other.prefix.length() + other.suffix.length())
					- (this.prefix.length() + this.suffix.length());
			return (result != 0) ? result
					: (this.prefix + ":" + this.suffix).compareTo(other.prefix + ":" + other.suffix);
		}

	}

}
