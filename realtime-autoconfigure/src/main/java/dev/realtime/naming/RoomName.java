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

import org.jspecify.annotations.Nullable;

/**
 * The grammar of room names: 1 to 255 of {@code A-Z a-z 0-9 _ . : @ $ # / = + -}. The
 * namespace is what stands before the first colon.
 *
 * @since 0.1.0
 */
public final class RoomName {

	/** The longest name. */
	public static final int MAX_LENGTH = 255;

	private static final boolean[] ALLOWED = new boolean[128];

	static {
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:@$#/=+-".chars()
			.forEach((c) -> ALLOWED[c] = true);
	}

	private RoomName() {
	}

	/**
	 * Return whether a text is a room name.
	 * @param name the text
	 * @return {@code true} if it is
	 */
	public static boolean isValid(String name) {
		if (name.isEmpty() || name.length() > MAX_LENGTH) {
			return false;
		}
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c >= ALLOWED.length || !ALLOWED[c]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return the namespace of a room.
	 * @param name the name of the room
	 * @return the namespace, or {@code null} if the name has none
	 */
	public static @Nullable String namespace(String name) {
		int colon = name.indexOf(':');
		return (colon > 0) ? name.substring(0, colon) : null;
	}

}
