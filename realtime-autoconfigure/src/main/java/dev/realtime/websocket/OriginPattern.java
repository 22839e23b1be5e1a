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

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An origin that is allowed, or with asterisks many. Browsers send origins in lower case,
 * without the default port; anything else is not one.
 */
final class OriginPattern {

	private static final String ANY = "*";

	/**
	 * An opaque origin: a sandboxed frame, a local file, a redirect. Anyone can have it.
	 */
	private static final String OPAQUE = "null";

	private final Pattern pattern;

	OriginPattern(String value) {
		String origin = value.trim().toLowerCase(Locale.ROOT);
		origin = origin.endsWith("/") ? origin.substring(0, origin.length() - 1) : origin;
		this.pattern = ANY.equals(origin) ? Pattern.compile(".*") : compile(withoutDefaultPort(origin));
	}

	private static Pattern compile(String origin) {
		return Pattern.compile(
				Arrays.stream(origin.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[a-z0-9._-]+")));
	}

	boolean matches(String origin) {
		return !OPAQUE.equals(origin) && this.pattern.matcher(origin).matches();
	}

	static String serialize(String scheme, String host, int port) {
		return withoutDefaultPort(scheme + "://" + host.toLowerCase(Locale.ROOT) + ":" + port);
	}

	static String withoutDefaultPort(String origin) {
		String port = origin.startsWith("https:") ? ":443" : ":80";
		return origin.endsWith(port) ? origin.substring(0, origin.length() - port.length()) : origin;
	}

}
