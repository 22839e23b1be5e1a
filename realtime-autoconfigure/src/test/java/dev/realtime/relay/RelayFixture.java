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

package dev.realtime.relay;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;

/**
 * What the contracts need to talk to a relay: a room of its own for each test, and how
 * rooms are set up.
 */
final class RelayFixture {

	static final Duration TIME_TO_LIVE = Duration.ofHours(1);

	static final RoomSettings WITH_HISTORY = settings(10_000, TIME_TO_LIVE);

	static final RoomSettings WITHOUT_HISTORY = settings(0, TIME_TO_LIVE);

	private final RoomRelay relay;

	private final String room = "chat:" + UUID.randomUUID();

	RelayFixture(RoomRelay relay) {
		this.relay = relay;
	}

	static RoomSettings settings(int size, Duration timeToLive) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, true, 0, size, timeToLive, true);
	}

	String room() {
		return this.room;
	}

	StreamPosition subscribe(RelaySubscriber subscriber, RoomSettings settings) {
		return get(this.relay.subscribe(this.room, settings, subscriber));
	}

	StreamPosition publish(String json, RoomSettings settings) {
		return publish(json, null, settings);
	}

	StreamPosition publish(String json, String id, RoomSettings settings) {
		return get(this.relay.publish(message(json, id), settings));
	}

	CompletionStage<StreamPosition> publishLater(String json, RoomSettings settings) {
		return this.relay.publish(message(json, null), settings);
	}

	private RelayMessage message(String json, String id) {
		Publication publication = new Publication(Payload.ofJson(json), 0, new Member("bob", "s1"), Map.of("k", "v"),
				0);
		return RelayMessage.publication(this.room, publication, id, Set.of("s2"), null);
	}

	static <T> T get(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

}
