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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.realtime.Publication;
import dev.realtime.relay.RelayMessage;
import org.jspecify.annotations.Nullable;

/**
 * Lets the members on this node have at once what is stored. A tag with the id tells a
 * client that it is the same publication when it comes once more, which is so after it
 * has connected again. Thread-safe.
 */
final class LocalDelivery {

	private static final String ID = "id";

	private static final String PROVISIONAL = "provisional";

	private final @Nullable Consumer<RelayMessage> members;

	private final Clock clock;

	/**
	 * Create a delivery.
	 * @param members delivers a message to them, or {@code null} if they have to wait
	 */
	LocalDelivery(@Nullable Consumer<RelayMessage> members, Clock clock) {
		this.members = members;
		this.clock = clock;
	}

	/** Let the members have a message that is stored. */
	void stored(RelayMessage message) {
		if (this.members != null) {
			this.members.accept(
					tagged(message, this.clock.millis(), Map.of(ID, id(message), PROVISIONAL, Boolean.toString(true))));
		}
	}

	/** Return what is to be published of a message that was stored. */
	RelayMessage replayed(RelayMessage message) {
		return (this.members != null) ? tagged(message, message.publication().time(), Map.of(ID, id(message)))
				: message;
	}

	private static String id(RelayMessage message) {
		return String.valueOf(message.id());
	}

	/** Tags of the application's own come first. */
	private static RelayMessage tagged(RelayMessage message, long time, Map<String, String> added) {
		Publication publication = message.publication();
		Map<String, String> tags = new HashMap<>(added);
		tags.putAll(publication.tags());
		return RelayMessage.publication(message.room(),
				new Publication(publication.data(), 0, publication.info(), tags, time), message.id(), message.exclude(),
				message.conflationKey());
	}

}
