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

import org.jspecify.annotations.Nullable;

/**
 * A client in a test did not get what it needs to go on: it was refused, lost its
 * connection, or waited in vain.
 *
 * @since 0.1.0
 */
public class RealtimeTestException extends RuntimeException {

	private final int code;

	RealtimeTestException(int code, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.code = code;
	}

	/**
	 * Return why.
	 * @return the number of the error that the server answered with, the code with which
	 * it closed the connection, the status of its answer to the handshake, or 0 if there
	 * was no answer
	 */
	public int code() {
		return this.code;
	}

}
