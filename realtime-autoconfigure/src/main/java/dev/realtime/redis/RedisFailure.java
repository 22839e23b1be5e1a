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

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;

import io.lettuce.core.RedisCommandExecutionException;

/**
 * What a failure says about a command, and so what to do with what it carried.
 *
 * <pre>
 * READONLY NOREPLICAS LOADING MASTERDOWN BUSY MISCONF OOM
 * CLUSTERDOWN TRYAGAIN NOAUTH WRONGPASS NOPERM              not done: again, until the time is up
 * WRONGTYPE, ERR and all other answers                      not done, and never will be
 * no connection                                             not done: again, until the time is up
 * connection lost, no answer in time                        perhaps done: again, by the same id
 * no permission for something in the middle of a script     perhaps done: again, by the same id
 * </pre>
 */
enum RedisFailure {

	/** It was not done, and may be when it is tried again. */
	RETRY,

	/** It may have been done. */
	UNKNOWN,

	/** It was not done, and trying again does not help. */
	REFUSED;

	private static final Set<String> PASSING = Set.of("READONLY", "NOREPLICAS", "LOADING", "MASTERDOWN", "BUSY",
			"MISCONF", "OOM", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH", "WRONGPASS", "NOPERM");

	/** What Redis 7 says instead of NOPERM when it happens in a script. */
	private static final String NOT_IN_SCRIPT = "ERR The user executing the script";

	/** What Redis from 7.2 on says then. */
	private static final String DENIED_IN_SCRIPT = "NOPERM ACL failure in script";

	/**
	 * Classify a failure of Lettuce.
	 */
	static RedisFailure of(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof NotConnectedException) {
			return RETRY;
		}
		return (cause instanceof RedisCommandExecutionException) ? of(String.valueOf(cause.getMessage())) : UNKNOWN;
	}

	/**
	 * Classify an answer of Redis.
	 */
	static RedisFailure of(String error) {
		if (error.startsWith(NOT_IN_SCRIPT) || error.startsWith(DENIED_IN_SCRIPT)) {
			return UNKNOWN;
		}
		return PASSING.contains(code(error)) ? RETRY : REFUSED;
	}

	/**
	 * Return the first word of an answer, by which failures are told apart.
	 */
	static String code(String error) {
		if (error.startsWith(NOT_IN_SCRIPT)) {
			return "NOPERM";
		}
		String[] words = error.split(" ", 2);
		boolean code = !words[0].isEmpty() && words[0].equals(words[0].toUpperCase(Locale.ROOT));
		return code ? words[0] : "ERR";
	}

}
