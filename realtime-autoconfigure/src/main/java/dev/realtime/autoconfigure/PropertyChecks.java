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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * What all settings of one kind have to be.
 */
final class PropertyChecks {

	private static final DataSize MAX_SIZE = DataSize.ofGigabytes(1);

	private static final Duration MIN_DURATION = Duration.ofMillis(1);

	private static final Duration MAX_DURATION = Duration.ofDays(1);

	private PropertyChecks() {
	}

	static void notNegative(String property, @Nullable Integer value) {
		check(value == null || value >= 0, property, value, "It is negative", "Use a positive number, or 0.");
	}

	static void size(String property, DataSize value, long min) {
		check(value.toBytes() >= min && value.compareTo(MAX_SIZE) <= 0, property, value,
				"It must be between %sB and 1GB".formatted(min), "Use a size such as 64KB.");
	}

	static void positive(String property, Duration value) {
		between(property, value, MIN_DURATION, "It must be between 1ms and one day");
	}

	static void duration(String property, Duration value) {
		between(property, value, Duration.ZERO, "It must be between 0s and one day");
	}

	private static void between(String property, Duration value, Duration min, String reason) {
		check(value.compareTo(min) >= 0 && value.compareTo(MAX_DURATION) <= 0, property, value, reason,
				"Use a duration such as 10s.");
	}

	static void check(boolean possible, String property, @Nullable Object value, String reason, String action) {
		if (!possible) {
			throw new InvalidRealtimePropertyException(property, value, reason, action);
		}
	}

}
