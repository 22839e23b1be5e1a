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

package dev.realtime.handler;

import java.util.List;
import java.util.Optional;

import dev.realtime.ConnectHandler;
import dev.realtime.Payload;
import dev.realtime.RealtimeListener;
import dev.realtime.RoomDecision;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the application by what they handle. Thread-safe; finding one does not
 * block, what it does may.
 *
 * @since 0.1.0
 */
public interface RealtimeHandlers {

	/** There are none. */
	RealtimeHandlers NONE = new RealtimeHandlers() {
	};

	/**
	 * Return all rooms for which there is a method.
	 * @return the rooms
	 */
	default List<HandledRooms> rooms() {
		return List.of();
	}

	/**
	 * Return what has a say when clients connect.
	 * @return the methods
	 */
	default List<ConnectHandler> connectHandlers() {
		return List.of();
	}

	/**
	 * Return what is told that sessions leave rooms and disconnect.
	 * @return the methods, at most one listener for all
	 */
	default List<RealtimeListener> listeners() {
		return List.of();
	}

	/**
	 * Find what decides who becomes a member of a room.
	 * @param room the name of the room
	 * @return the method, or {@code null}
	 */
	default @Nullable RoomHandler<RoomDecision> subscribe(String room) {
		return null;
	}

	/**
	 * Find what takes publications of clients into a room.
	 * @param room the name of the room
	 * @return the method, whose result is empty if nothing is to be published, or
	 * {@code null}
	 */
	default @Nullable RoomHandler<Optional<Payload>> publish(String room) {
		return null;
	}

	/**
	 * Return whether clients can call anything.
	 * @return {@code true} if there is a method
	 */
	default boolean hasRpc() {
		return false;
	}

	/**
	 * Find what answers calls.
	 * @param method the name by which clients call it
	 * @return the method, or {@code null}
	 */
	default @Nullable CallHandler rpc(String method) {
		return null;
	}

	/**
	 * Return what takes messages that need no answer.
	 * @return the method, or {@code null}
	 */
	default @Nullable CallHandler send() {
		return null;
	}

}
