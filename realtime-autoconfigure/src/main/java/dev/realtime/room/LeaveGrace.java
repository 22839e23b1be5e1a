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

package dev.realtime.room;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;
import dev.realtime.presence.Arrival;
import dev.realtime.presence.Likeness;
import dev.realtime.presence.PresenceStore;
import dev.realtime.session.Wheel;

/**
 * Lets members stay for a while whose connection is lost. Whether they have come back by
 * then is known to the presence store, whatever node they have come to. Thread-safe.
 */
final class LeaveGrace {

	private final Duration grace;

	private final PresenceStore presence;

	private final Wheel wheel;

	LeaveGrace(Duration grace, PresenceStore presence, Wheel wheel) {
		this.grace = grace;
		this.presence = presence;
		this.wheel = wheel;
	}

	/**
	 * Add a member, which may be one that is back.
	 */
	CompletionStage<Arrival> arrive(String room, Member member) {
		return this.grace.isZero()
				? this.presence.add(room, member).thenApply((occupancy) -> new Arrival(occupancy, false))
				: this.presence.arrive(room, member);
	}

	/**
	 * Return whether a member whose connection is lost is expected back.
	 */
	boolean covers(Member member) {
		return !this.grace.isZero() && Likeness.of(member) != null;
	}

	/**
	 * Expect a member back, and remove it if it does not come.
	 * @param gone is told if it did not come
	 */
	void expect(String room, Member member, Departure gone) {
		this.presence.expect(room, member, this.grace);
		this.wheel.schedule(() -> over(room, member, gone), this.grace.toNanos());
	}

	private void over(String room, Member member, Departure gone) {
		this.presence.remove(room, member.session()).whenComplete((occupancy, failure) -> {
			if (occupancy == null || occupancy > 0) {
				gone.gone(room, member, (occupancy != null) ? occupancy : 0);
			}
		});
	}

	/**
	 * Is told of members that have not come back.
	 */
	@FunctionalInterface
	interface Departure {

		/**
		 * A member is gone.
		 * @param occupancy how many members the room had before, or 0 if that is not
		 * known
		 */
		void gone(String room, Member member, int occupancy);

	}

}
