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

import java.util.Map;

import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * What a client can ask for.
 *
 * @since 0.1.0
 */
public sealed interface Command {

	/**
	 * Return the number that the reply carries.
	 * @return 1 to 2^32 - 1, or 0 where no reply is expected
	 */
	long id();

	/**
	 * A command about one room.
	 */
	sealed interface RoomCommand extends Command {

		/**
		 * Return the name of the room, as the client wrote it.
		 * @return the name, possibly empty or invalid
		 */
		String room();

	}

	/**
	 * Begin the session.
	 */
	record Connect(long id, String token, Payload data, Map<String, StreamPosition> subscriptions, String name,
			String version, Map<String, String> headers) implements Command {

	}

	/**
	 * Become a member of a room.
	 *
	 * @param since where to recover from, or {@code null} for a fresh subscription
	 * @param rejectUnrecoverable answer with an error instead of {@code recovered:false}
	 * @param type the kind of subscription, 0 for a stream
	 * @param filtered whether a filter on tags came along
	 */
	record Subscribe(long id, String room, String token, @Nullable StreamPosition since, Payload data,
			boolean joinLeave, boolean rejectUnrecoverable, int type, boolean filtered) implements RoomCommand {

	}

	/**
	 * Leave a room.
	 */
	record Unsubscribe(long id, String room) implements RoomCommand {

	}

	/**
	 * Publish into a room.
	 *
	 * @param type the kind of publication, 0 for a stream
	 */
	record Publish(long id, String room, Payload data, int type) implements RoomCommand {

	}

	/**
	 * Ask who is in a room.
	 */
	record Presence(long id, String room) implements RoomCommand {

	}

	/**
	 * Ask how many are in a room.
	 */
	record PresenceStats(long id, String room) implements RoomCommand {

	}

	/**
	 * Read the history of a room.
	 */
	record History(long id, String room, int limit, @Nullable StreamPosition since,
			boolean reverse) implements RoomCommand {

	}

	/**
	 * Call a method of the application.
	 */
	record Rpc(long id, String method, Payload data) implements Command {

	}

	/**
	 * Tell the application something, without a reply.
	 */
	record Send(long id, Payload data) implements Command {

	}

	/**
	 * Bring a new token for the connection.
	 */
	record Refresh(long id, String token) implements Command {

	}

	/**
	 * Bring a new token for a subscription.
	 */
	record SubRefresh(long id, String room, String token) implements RoomCommand {

	}

	/**
	 * A command of the schema that no client sends.
	 */
	record Ping(long id) implements Command {

	}

	/**
	 * The answer to the server's ping.
	 */
	record Pong() implements Command {

		@Override
		public long id() {
			return 0;
		}

	}

}
