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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What an authorizer says. A plain yes or no, or a yes with something to tell: members
 * see the information, the subscriber alone gets the data.
 *
 * @param granted whether it is allowed
 * @param info what members see of this subscription, possibly empty
 * @param data initial state for the subscriber, possibly empty
 * @param expiresAt until when a subscription holds, or {@code null} for ever
 * @since 0.1.0
 */
public record RoomDecision(boolean granted, Payload info, Payload data, @Nullable Instant expiresAt) {

	/** Yes. */
	public static final RoomDecision GRANTED = new RoomDecision(true, Payload.EMPTY, Payload.EMPTY, null);

	/** No: error 103. */
	public static final RoomDecision DENIED = new RoomDecision(false, Payload.EMPTY, Payload.EMPTY, null);

	/**
	 * Return a plain yes or no.
	 * @param granted whether it is allowed
	 * @return the decision
	 */
	public static RoomDecision of(boolean granted) {
		return granted ? GRANTED : DENIED;
	}

	/**
	 * Set what members see of the subscription.
	 * @param info the information
	 * @return the changed decision
	 */
	public RoomDecision info(Payload info) {
		return new RoomDecision(this.granted, info, this.data, this.expiresAt);
	}

	/**
	 * Set the initial state that the subscriber gets.
	 * @param data the data
	 * @return the changed decision
	 */
	public RoomDecision data(Payload data) {
		return new RoomDecision(this.granted, this.info, data, this.expiresAt);
	}

	/**
	 * Set until when the subscription holds. The client is asked for a new subscription
	 * token in time if it brought one.
	 * @param expiresAt the end
	 * @return the changed decision
	 */
	public RoomDecision expiresAt(Instant expiresAt) {
		return new RoomDecision(this.granted, this.info, this.data, expiresAt);
	}

	/**
	 * Return a decision that grants only what both grant, and only for as long. What this
	 * one tells wins.
	 * @param other the other decision
	 * @return the combination
	 */
	public RoomDecision and(RoomDecision other) {
		if (!this.granted || !other.granted) {
			return DENIED;
		}
		return new RoomDecision(true, this.info.isEmpty() ? other.info : this.info,
				this.data.isEmpty() ? other.data : this.data, earlier(this.expiresAt, other.expiresAt));
	}

	private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
		if (one == null || other == null) {
			return (one != null) ? one : other;
		}
		return one.isBefore(other) ? one : other;
	}

}
