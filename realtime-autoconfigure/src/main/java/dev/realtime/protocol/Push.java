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

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;

/**
 * What the server sends without being asked.
 *
 * @since 0.1.0
 */
public sealed interface Push {

	/**
	 * Return the room that it is about.
	 * @return the name, empty for a message to the session
	 */
	String room();

	/**
	 * A publication.
	 */
	record Published(String room, Publication publication) implements Push {

	}

	/**
	 * Somebody came.
	 */
	record Joined(String room, Member member) implements Push {

	}

	/**
	 * Somebody left.
	 */
	record Left(String room, Member member) implements Push {

	}

	/**
	 * The session has been taken out of the room.
	 *
	 * @param code 2000 to 2499 for good, 2500 to 2999 to subscribe again at once
	 */
	record Unsubscribed(String room, int code, String reason) implements Push {

	}

	/**
	 * The server has put the session into the room.
	 *
	 * @param subscription how
	 */
	record Subscribed(String room, Result.Subscribed subscription) implements Push {

	}

	/**
	 * A message to this session alone.
	 */
	record Message(Payload data) implements Push {

		@Override
		public String room() {
			return "";
		}

	}

}
