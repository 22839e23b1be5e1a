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

import java.util.concurrent.CompletionStage;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.jspecify.annotations.Nullable;

/**
 * Carries what happens in rooms to all nodes that have members of them, and keeps the
 * history of rooms that have one. Appending to the history and fanning out are one atomic
 * step: whoever subscribes and then reads the history up to the top has no hole between
 * the two. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
public interface RoomRelay {

	/**
	 * Begin to get what happens in a room. At most one subscriber per room at a time.
	 * @param room the name of the room
	 * @param settings how it is set up
	 * @param subscriber gets every message accepted after the position that is returned,
	 * and perhaps some before
	 * @return the position of the newest publication when the subscription began
	 */
	CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber);

	/**
	 * Get nothing more of a room.
	 * @param room the name of the room
	 * @param subscriber who subscribed
	 */
	void unsubscribe(String room, RelaySubscriber subscriber);

	/**
	 * Publish. Messages that one thread publishes to one room keep their order.
	 * @param message the message
	 * @param settings how its room is set up
	 * @return the position that a publication got, once it is accepted; for a repeated
	 * id, the position of the first time
	 */
	CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings);

	/**
	 * Publish what may have been published before: with the same id. It is accepted once.
	 * @param message the message
	 * @param settings how its room is set up
	 * @return the position that it got, now or before
	 */
	default CompletionStage<StreamPosition> publishAgain(RelayMessage message, RoomSettings settings) {
		return publish(message, settings);
	}

	/**
	 * Read the history of a room. Fails with {@link dev.realtime.RealtimeException} of
	 * code 112 if the query names another epoch than the stream's.
	 * @param room the name of the room
	 * @param settings how it is set up
	 * @param query what to read
	 * @return the publications and the position of the newest one
	 */
	CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query);

	/**
	 * Forget the publications of a room's history. Its stream and offsets go on.
	 * @param room the name of the room
	 * @param settings how it is set up
	 * @return a stage that completes when it is done
	 */
	CompletionStage<@Nullable Void> removeHistory(String room, RoomSettings settings);

	/**
	 * Return whether what is published gets to the other nodes.
	 * @return the state
	 */
	default RelayState state() {
		return RelayState.LIVE;
	}

	/**
	 * Return whether what is published to a room gets to the other nodes.
	 * @param room the name of the room
	 * @return the state, which may be another one for another room
	 */
	default RelayState state(String room) {
		return state();
	}

	/**
	 * Begin to work. Called before the first session, and again after {@link #stop()}.
	 */
	default void start() {
	}

	/**
	 * Stop working: after the last session. What is still waiting to be published fails.
	 */
	default void stop() {
	}

}
