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

import java.time.Duration;

import dev.realtime.control.ControlMessage;

/**
 * What a control message changes in Redis.
 *
 * @param kind as the script knows it
 * @param user the name of the user
 * @param time for how long in milliseconds, or nothing
 */
record ControlChange(String kind, String user, String time) {

	/** Nothing. */
	static final ControlChange NONE = new ControlChange("", "", "");

	private static final Duration REMEMBER_LIFTED = Duration.ofDays(1);

	static ControlChange of(ControlMessage message) {
		if (message instanceof ControlMessage.Ban ban) {
			return new ControlChange("b", ban.user(), time(ban));
		}
		if (message instanceof ControlMessage.Unban lifted) {
			return new ControlChange("l", lifted.user(), String.valueOf(REMEMBER_LIFTED.toMillis()));
		}
		return NONE;
	}

	static String time(ControlMessage.Ban ban) {
		Duration remaining = ban.remaining();
		return (remaining != null) ? String.valueOf(remaining.toMillis()) : "";
	}

}
