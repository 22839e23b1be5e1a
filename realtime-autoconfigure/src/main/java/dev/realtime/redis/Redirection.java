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

package dev.realtime.redis;

import org.jspecify.annotations.Nullable;

/**
 * What a server of a cluster says when something is not, or not yet, or not only there.
 *
 * @param kind what it says
 * @param host the host of the server to turn to, empty if it is the same one
 * @param port its port, 0 if there is none to turn to
 */
record Redirection(Kind kind, String host, int port) {

	/**
	 * Read a failure.
	 * @return the redirection, or {@code null} if it is none
	 */
	static @Nullable Redirection of(@Nullable Throwable failure) {
		String message = (failure != null) ? RedisNode.unwrap(failure).getMessage() : null;
		if (message == null) {
			return null;
		}
		if (message.startsWith("TRYAGAIN")) {
			return new Redirection(Kind.TRYAGAIN, "", 0);
		}
		String[] words = message.split(" ");
		boolean moved = words[0].equals("MOVED");
		if (words.length < 3 || !(moved || words[0].equals("ASK"))) {
			return null;
		}
		int colon = words[2].lastIndexOf(':');
		return new Redirection(moved ? Kind.MOVED : Kind.ASK, words[2].substring(0, colon),
				Integer.parseInt(words[2].substring(colon + 1)));
	}

	/**
	 * What a server says.
	 */
	enum Kind {

		/** Another server has it. */
		MOVED,

		/** It may be on another server already. */
		ASK,

		/** It is on two servers at the moment. */
		TRYAGAIN

	}

}
