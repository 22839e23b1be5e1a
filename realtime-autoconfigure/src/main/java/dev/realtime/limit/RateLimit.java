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

package dev.realtime.limit;

import java.util.concurrent.TimeUnit;

/**
 * How often something may happen.
 *
 * @param perSecond how often in the long run; 0 for no limit
 * @param burst how often at once after a pause, at least 1 unless there is no limit
 * @since 0.1.0
 */
public record RateLimit(int perSecond, int burst) {

	/** No limit. */
	public static final RateLimit NONE = new RateLimit(0, 0);

	public RateLimit {
		if (perSecond < 0 || burst < 0 || (perSecond > 0 && burst == 0)) {
			throw new IllegalArgumentException("not a rate: " + perSecond + " per second, burst " + burst);
		}
	}

	/**
	 * Return whether there is a limit.
	 * @return {@code false} if it may happen as often as it likes
	 */
	public boolean isLimited() {
		return this.perSecond > 0;
	}

	/** The time that one token takes to come back. */
	long interval() {
		return TimeUnit.SECONDS.toNanos(1) / this.perSecond;
	}

}
