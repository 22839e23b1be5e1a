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

package dev.realtime.protocol;

import java.util.List;
import java.util.Map;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a command is answered with when it succeeds.
 *
 * @since 0.1.0
 */
public sealed interface Result {

	/**
	 * The session has begun.
	 *
	 * @param pingSeconds how often the server pings, or 0 if it does so natively
	 * @param ttl in how many seconds the client must bring a new token, or 0 if never
	 * @param subscriptions the rooms that the server has put the session into, by name
	 */
	record Connected(String session, String version, Payload data, int pingSeconds, long ttl,
			Map<String, Subscribed> subscriptions) implements Result {

		public Connected(String session, String version, Payload data, int pingSeconds) {
			this(session, version, data, pingSeconds, 0, Map.of());
		}

	}

	/**
	 * The session is in the room.
	 *
	 * @param recoverable whether the client may come back with a position
	 * @param position the client's place in the stream, or {@code null} without one
	 * @param recovery how recovery went, or {@code null} if none was asked for
	 * @param publications what was missed
	 * @param data initial state from the application
	 * @param ttl in how many seconds the client must bring a new token, or 0 if never
	 */
	record Subscribed(boolean recoverable, @Nullable StreamPosition position, @Nullable Boolean recovery,
			List<Publication> publications, Payload data, long ttl) implements Result {

		public Subscribed(boolean recoverable, @Nullable StreamPosition position, @Nullable Boolean recovery,
				List<Publication> publications, Payload data) {
			this(recoverable, position, recovery, publications, data, 0);
		}

		/**
		 * Set the time after which a new token is due.
		 * @param ttl the time in seconds, 0 for never
		 * @return the changed result
		 */
		public Subscribed ttl(long ttl) {
			return new Subscribed(this.recoverable, this.position, this.recovery, this.publications, this.data, ttl);
		}

	}

	/**
	 * Who is in a room.
	 */
	record PresenceList(List<Member> members) implements Result {

	}

	/**
	 * How many are in a room.
	 */
	record PresenceCount(int sessions, int users) implements Result {

	}

	/**
	 * A part of a room's history.
	 */
	record HistoryPage(List<Publication> publications, StreamPosition top) implements Result {

	}

	/**
	 * The session is not in the room any more.
	 */
	record Unsubscribed() implements Result {

	}

	/**
	 * The publication is accepted.
	 */
	record PublishAccepted() implements Result {

	}

	/**
	 * The new token of the connection is accepted.
	 *
	 * @param ttl in how many seconds the next one is due, or 0 if never
	 */
	record Refreshed(long ttl) implements Result {

	}

	/**
	 * The new token of the subscription is accepted.
	 *
	 * @param ttl in how many seconds the next one is due, or 0 if never
	 */
	record SubscriptionRefreshed(long ttl) implements Result {

	}

	/**
	 * What a method of the application returned.
	 */
	record RpcReturned(Payload data) implements Result {

	}

}
