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

/**
 * What an authorizer says. A plain yes or no, or a yes with something to tell: members
 * see the information, the subscriber alone gets the data.
 *
 * @param granted whether it is allowed
 * @param info what members see of this subscription, possibly empty
 * @param data initial state for the subscriber, possibly empty
 * @since 0.1.0
 */
public record RoomDecision(boolean granted, Payload info, Payload data) {

	/** Yes. */
	public static final RoomDecision GRANTED = new RoomDecision(true, Payload.EMPTY, Payload.EMPTY);

	/** No: error 103. */
	public static final RoomDecision DENIED = new RoomDecision(false, Payload.EMPTY, Payload.EMPTY);

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
		return new RoomDecision(this.granted, info, this.data);
	}

	/**
	 * Set the initial state that the subscriber gets.
	 * @param data the data
	 * @return the changed decision
	 */
	public RoomDecision data(Payload data) {
		return new RoomDecision(this.granted, this.info, data);
	}

	/**
	 * Return a decision that grants only what both grant. What this one tells wins.
	 * @param other the other decision
	 * @return the combination
	 */
	public RoomDecision and(RoomDecision other) {
		if (!this.granted || !other.granted) {
			return DENIED;
		}
		return new RoomDecision(true, this.info.isEmpty() ? other.info : this.info,
				this.data.isEmpty() ? other.data : this.data);
	}

}
