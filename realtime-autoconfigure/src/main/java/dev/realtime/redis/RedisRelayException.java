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
 * The relay cannot work with this Redis, and will not until something is changed. The
 * application does not start.
 *
 * @since 0.1.0
 */
public class RedisRelayException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Create the exception.
	 * @param description what is wrong
	 * @param action what to change
	 * @param cause what Redis or the driver says, or {@code null}
	 */
	public RedisRelayException(String description, String action, @Nullable Throwable cause) {
		super(description, cause);
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
