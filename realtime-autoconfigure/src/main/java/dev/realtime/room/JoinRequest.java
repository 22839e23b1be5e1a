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

import dev.realtime.ErrorCode;
import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import dev.realtime.protocol.Result;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to join a room.
 *
 * @param subscription the subscription, registered with its session
 * @param since where to recover from, or {@code null}
 * @param rejectUnrecoverable whether the join fails if the history does not reach back
 * @param data initial state for the subscriber, possibly empty
 * @param reply is told how it went
 * @since 0.1.0
 */
public record JoinRequest(Subscription subscription, @Nullable StreamPosition since, boolean rejectUnrecoverable,
		Payload data, Reply reply) {

	/**
	 * Is told, on the room's stripe, how a join went.
	 */
	public interface Reply {

		/**
		 * The session is a member. What the room gets from now on comes after what is
		 * written to the session here.
		 * @param result what to tell it
		 */
		void joined(Result.Subscribed result);

		/**
		 * The session is not a member.
		 * @param error why
		 */
		void failed(ErrorCode error);

	}

}
