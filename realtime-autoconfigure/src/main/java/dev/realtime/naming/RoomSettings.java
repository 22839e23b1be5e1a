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

package dev.realtime.naming;

import java.time.Duration;

import dev.realtime.OutagePolicy;
import org.jspecify.annotations.Nullable;

/**
 * How a room is set up.
 *
 * @param subscribe who may become a member
 * @param publish who may publish from a client
 * @param presence whether members can be listed and come and go visibly
 * @param presenceLimit above so many members the list and the coming and going stop; 0
 * for no limit
 * @param historySize how many publications are kept; 0 for no history
 * @param historyTimeToLive how long they are kept
 * @param recovery whether clients get what they missed; needs history
 * @param slowConsumer what happens to a member that reads too slowly
 * @param outagePolicy what becomes of publications while the broker is down, or
 * {@code null} for what is configured for all
 * @since 0.1.0
 */
public record RoomSettings(AccessRule subscribe, AccessRule publish, boolean presence, int presenceLimit,
		int historySize, Duration historyTimeToLive, boolean recovery, SlowConsumerPolicy slowConsumer,
		@Nullable OutagePolicy outagePolicy) {

	public RoomSettings {
		if (historySize < 0 || presenceLimit < 0) {
			throw new IllegalArgumentException("sizes and limits must not be negative");
		}
	}

	/**
	 * Create settings with which slow members are disconnected.
	 */
	public RoomSettings(AccessRule subscribe, AccessRule publish, boolean presence, int presenceLimit, int historySize,
			Duration historyTimeToLive, boolean recovery) {
		this(subscribe, publish, presence, presenceLimit, historySize, historyTimeToLive, recovery,
				SlowConsumerPolicy.DISCONNECT);
	}

	/**
	 * Create settings without a policy of their own for outages.
	 */
	public RoomSettings(AccessRule subscribe, AccessRule publish, boolean presence, int presenceLimit, int historySize,
			Duration historyTimeToLive, boolean recovery, SlowConsumerPolicy slowConsumer) {
		this(subscribe, publish, presence, presenceLimit, historySize, historyTimeToLive, recovery, slowConsumer, null);
	}

	/**
	 * Return whether publications are kept.
	 * @return {@code true} if there is a history
	 */
	public boolean hasHistory() {
		return this.historySize > 0;
	}

	/**
	 * Return whether clients get what they missed.
	 * @return {@code true} if there is a history and recovery is on
	 */
	public boolean isRecoverable() {
		return this.recovery && hasHistory();
	}

	/**
	 * Return whether a number of members is more than presence shows.
	 * @param members how many members there are
	 * @return {@code true} if it is over the limit
	 */
	public boolean isCrowd(int members) {
		return this.presenceLimit > 0 && members > this.presenceLimit;
	}

}
