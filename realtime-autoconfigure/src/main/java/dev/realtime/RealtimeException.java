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

package dev.realtime;

/**
 * Refuses what a client asked for, with an error that reaches it: thrown by
 * authenticators and authorizers of the application.
 *
 * @since 0.1.0
 */
public class RealtimeException extends RuntimeException {

	private static final int MIN_APPLICATION_CODE = 400;

	private static final int MAX_APPLICATION_CODE = 1999;

	private final int code;

	private final boolean temporary;

	/**
	 * Refuse with one of the protocol's errors.
	 * @param error the error
	 */
	public RealtimeException(ErrorCode error) {
		super(error.message());
		this.code = error.code();
		this.temporary = error.temporary();
	}

	/**
	 * Refuse with an error of the application.
	 * @param code a number from 400 to 1999
	 * @param message a text for the client, without secrets
	 */
	public RealtimeException(int code, String message) {
		super(message);
		if (code < MIN_APPLICATION_CODE || code > MAX_APPLICATION_CODE) {
			throw new IllegalArgumentException("application error codes are 400 to 1999, not " + code);
		}
		this.code = code;
		this.temporary = false;
	}

	/**
	 * Return the number of the error.
	 * @return the number
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return whether a client should try again.
	 * @return {@code true} if trying again may help
	 */
	public boolean temporary() {
		return this.temporary;
	}

}
