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

package dev.realtime.core;

import java.time.Clock;
import java.time.Instant;

import dev.realtime.DisconnectReason;
import dev.realtime.RoomDecision;
import dev.realtime.protocol.Push;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.Expiry;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import dev.realtime.session.Wheel;

/**
 * Ends subscriptions that were granted for a time.
 */
final class SubscriptionExpiries {

	private static final int SUBSCRIPTION_EXPIRED = 2501;

	private final RoomRegistry rooms;

	private final Wheel wheel;

	private final Clock clock;

	SubscriptionExpiries(RoomRegistry rooms, Wheel wheel, Clock clock) {
		this.rooms = rooms;
		this.wheel = wheel;
		this.clock = clock;
	}

	/**
	 * Return whether what was granted is over already.
	 */
	boolean isOver(RoomDecision decision) {
		Instant expiresAt = decision.expiresAt();
		return expiresAt != null && Expiry.secondsLeft(expiresAt, this.clock) <= 0;
	}

	/**
	 * Let a subscription end as it was granted.
	 * @return in how many seconds a new token is due, or 0 if none is
	 */
	long grant(Subscription subscription, RoomDecision decision, String token) {
		Expiry expiry = subscription.expiry();
		if (expiry == null) {
			if (decision.expiresAt() == null) {
				return 0;
			}
			expiry = new Expiry(this.wheel, this.clock, () -> expire(subscription));
			subscription.expiry(expiry);
		}
		return expiry.expireAt(decision.expiresAt(), !token.isEmpty());
	}

	private void expire(Subscription subscription) {
		LocalSession session = subscription.session();
		if (subscription.serverSide()) {
			session.disconnect(DisconnectReason.SUBSCRIPTION_EXPIRED);
			return;
		}
		Push push = new Push.Unsubscribed(subscription.room(), SUBSCRIPTION_EXPIRED, "subscription expired");
		this.rooms.evict(subscription, () -> session.write(session.codec().push(push)));
	}

}
