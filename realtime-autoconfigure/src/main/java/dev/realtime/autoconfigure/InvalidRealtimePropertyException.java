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

package dev.realtime.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * A setting that is not possible.
 *
 * @since 0.1.0
 */
public final class InvalidRealtimePropertyException extends RuntimeException {

	private final String property;

	private final @Nullable Object value;

	private final String reason;

	private final String action;

	InvalidRealtimePropertyException(String property, @Nullable Object value, String reason, String action) {
		super("%s=%s: %s".formatted(property, value, reason));
		this.property = property;
		this.value = value;
		this.reason = reason;
		this.action = action;
	}

	/**
	 * Return the name of the property.
	 * @return the name
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Return the value that is not possible.
	 * @return the value
	 */
	public @Nullable Object getValue() {
		return this.value;
	}

	/**
	 * Return why it is not possible.
	 * @return a sentence without a full stop
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return what to change.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}
