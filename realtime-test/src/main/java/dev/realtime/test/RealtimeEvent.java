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

package dev.realtime.test;

import java.util.Map;

import dev.realtime.Member;
import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something that the server told a client without being asked. Replies to commands are
 * {@link RealtimeReply}.
 *
 * @since 0.1.0
 */
public sealed interface RealtimeEvent {

	/**
	 * An event in a room.
	 */
	sealed interface InRoom extends RealtimeEvent {

		/**
		 * Return where it happened.
		 * @return the name of the room
		 */
		String room();

	}

	/**
	 * Somebody has published. What a client missed and gets when it comes back is told in
	 * the same way.
	 *
	 * @param room the name of the room
	 * @param data the payload
	 * @param offset its place in the stream, or 0 if the room has no history
	 * @param info which client published it, or {@code null} if it was the application
	 * @param tags additional texts
	 * @param time when it was accepted, in milliseconds since 1970
	 */
	record Published(String room, JsonNode data, long offset, @Nullable Member info, Map<String, String> tags,
			long time) implements InRoom {

		@Override
		public String toString() {
			String place = (this.offset > 0) ? "#" + this.offset + " " : "";
			String publisher = (this.info != null) ? " by '" + this.info.user() + "'" : "";
			return place + this.data + publisher + (this.tags.isEmpty() ? "" : " " + this.tags);
		}

	}

	/**
	 * Somebody has come.
	 *
	 * @param room the name of the room
	 * @param member who it is
	 */
	record Joined(String room, Member member) implements InRoom {

		@Override
		public String toString() {
			return "'" + this.member.user() + "' joined";
		}

	}

	/**
	 * Somebody has gone.
	 *
	 * @param room the name of the room
	 * @param member who it was
	 */
	record Left(String room, Member member) implements InRoom {

		@Override
		public String toString() {
			return "'" + this.member.user() + "' left";
		}

	}

	/**
	 * The server has put the client into a room.
	 *
	 * @param room the name of the room
	 * @param position the newest publication
	 */
	record Subscribed(String room, StreamPosition position) implements InRoom {

		@Override
		public String toString() {
			return "subscribed by the server";
		}

	}

	/**
	 * The server has taken the client out of a room.
	 *
	 * @param room the name of the room
	 * @param code 2000 to 2499 for good, 2500 and more to subscribe again at once
	 * @param reason the reason
	 */
	record Unsubscribed(String room, int code, String reason) implements InRoom {

		@Override
		public String toString() {
			return "unsubscribed with " + this.code + " " + this.reason;
		}

	}

	/**
	 * The application has sent a message to this client or all of its user's.
	 *
	 * @param data the payload
	 */
	record Message(JsonNode data) implements RealtimeEvent {

		@Override
		public String toString() {
			return "message " + this.data;
		}

	}

	/**
	 * The connection has ended.
	 *
	 * @param code the close code; 1000 if the client itself closed it, 1006 if it was
	 * lost
	 * @param reason the reason
	 */
	record Disconnected(int code, String reason) implements RealtimeEvent {

		@Override
		public String toString() {
			return "disconnected with " + this.code + " " + this.reason;
		}

	}

}
