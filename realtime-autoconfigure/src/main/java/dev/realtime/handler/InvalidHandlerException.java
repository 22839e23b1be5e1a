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

package dev.realtime.handler;

/**
 * A method of a {@link dev.realtime.annotation.RealtimeController} cannot do what it is
 * meant for. The application does not start.
 *
 * @since 0.1.0
 */
public class InvalidHandlerException extends RuntimeException {

	private final String action;

	/**
	 * Create the exception.
	 * @param description what is wrong, with the methods that it is about
	 * @param action what to change
	 */
	public InvalidHandlerException(String description, String action) {
		super(description);
		this.action = action;
	}

	/**
	 * Return what to change.
	 * @return a sentence
	 */
	public String action() {
		return this.action;
	}

}
