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

package dev.realtime.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import org.jspecify.annotations.Nullable;

/**
 * The subscription to one room, which outlives the connections that it is made on and,
 * for a moment, its subscriber. After a connection was lost, and when a message is not
 * the next one, messages are held back until it is known what is missing. Its lock makes
 * handing over in order; the subscriber only puts messages into an inbox.
 */
final class RoomChannel {

	/** What is held back; more counts as missing. */
	private static final int MAX_HELD = 1_000;

	private final String room;

	private final RoomSettings settings;

	private final List<CompletableFuture<Void>> waiting = new ArrayList<>(1);

	private @Nullable RelaySubscriber subscriber;

	private @Nullable StreamPosition position;

	/** The id of the publication at the position, if it came through here. */
	private @Nullable String id;

	private @Nullable List<RelayMessage> held;

	/** The message that came too early, unless somebody made it up. */
	private @Nullable RelayMessage suspect;

	private boolean subscribed;

	private long vacantSince;

	RoomChannel(String room, RoomSettings settings) {
		this.room = room;
		this.settings = settings;
	}

	String room() {
		return this.room;
	}

	RoomSettings settings() {
		return this.settings;
	}

	/**
	 * Let a subscriber in.
	 * @return a stage that completes when messages arrive
	 */
	synchronized CompletionStage<Void> occupy(RelaySubscriber subscriber) {
		this.subscriber = subscriber;
		CompletableFuture<Void> ready = new CompletableFuture<>();
		if (this.subscribed && this.held == null) {
			ready.complete(null);
		}
		else {
			this.waiting.add(ready);
		}
		return ready;
	}

	/**
	 * Let the subscriber out.
	 * @return {@code false} if it is not in
	 */
	synchronized boolean vacate(RelaySubscriber subscriber, long now) {
		if (this.subscriber != subscriber) {
			return false;
		}
		this.subscriber = null;
		this.vacantSince = now;
		return true;
	}

	/**
	 * Return whether nobody has been in for some time, and it is known that messages
	 * arrive, so that the end of the subscription cannot be taken for its beginning.
	 */
	synchronized boolean isVacant(long now, long nanos) {
		return this.subscriber == null && this.subscribed && now - this.vacantSince >= nanos;
	}

	/**
	 * Return whether nobody is in.
	 */
	synchronized boolean isVacant() {
		return this.subscriber == null;
	}

	/**
	 * Note where the room stands.
	 */
	synchronized void at(StreamPosition top) {
		if (!isSeen(top)) {
			moveTo(top, null);
		}
	}

	private boolean isSeen(StreamPosition top) {
		StreamPosition last = this.position;
		return last != null && last.epoch().equals(top.epoch()) && last.offset() >= top.offset();
	}

	/**
	 * The connection is lost.
	 */
	synchronized void disconnected() {
		this.subscribed = false;
		this.suspect = null;
		if (this.held == null) {
			this.held = new ArrayList<>();
		}
	}

	/**
	 * Messages arrive from now on.
	 * @return whether it has to be found out what is missing
	 */
	boolean subscribed() {
		List<CompletableFuture<Void>> ready;
		synchronized (this) {
			this.subscribed = true;
			if (this.held != null && this.position != null) {
				return true;
			}
			List<RelayMessage> messages = this.held;
			this.held = null;
			if (messages != null) {
				messages.forEach(this::hand);
			}
			ready = takeWaiting();
		}
		ready.forEach((stage) -> stage.complete(null));
		return false;
	}

	private List<CompletableFuture<Void>> takeWaiting() {
		List<CompletableFuture<Void>> ready = List.copyOf(this.waiting);
		this.waiting.clear();
		return ready;
	}

	/**
	 * Take a message.
	 * @return whether something before it is missing that has to be found, although the
	 * connection is fine
	 */
	boolean take(RelayMessage message) {
		RelaySubscriber present;
		synchronized (this) {
			if (this.held != null) {
				if (this.held.size() <= MAX_HELD) {
					this.held.add(message);
				}
				return false;
			}
			if (isAfterHole(message)) {
				this.held = new ArrayList<>(List.of(message));
				this.suspect = message;
				return true;
			}
			hand(message);
			present = this.subscriber;
		}
		if (present != null) {
			present.flush(false);
		}
		return false;
	}

	/** Where nothing is kept nothing can be found: the room tells its members then. */
	private boolean isAfterHole(RelayMessage message) {
		StreamPosition last = this.position;
		return last != null && message.offset() > last.offset() + 1 && this.settings.hasHistory()
				&& message.epoch().equals(last.epoch());
	}

	private void hand(RelayMessage message) {
		if (message.type() == RelayMessage.Type.PUBLICATION) {
			StreamPosition next = new StreamPosition(message.offset(), message.epoch());
			if (isSeen(next)) {
				return;
			}
			moveTo(next, message.id());
		}
		if (this.subscriber != null) {
			this.subscriber.offer(message);
		}
	}

	/**
	 * Return where the messages end that have been handed over.
	 */
	synchronized Known known() {
		return new Known(this.room, this.settings, this.position, this.id);
	}

	/**
	 * Go on after it has been found out what is missing.
	 * @param top where the stream stands
	 * @param found what was found, or {@code null} if it could not be found
	 * @return whether more is missing that has to be found
	 */
	boolean resume(StreamPosition top, @Nullable List<RelayMessage> found) {
		List<CompletableFuture<Void>> ready;
		RelaySubscriber present;
		boolean again;
		synchronized (this) {
			List<RelayMessage> later = this.held;
			if (later == null || !this.subscribed) {
				return false;
			}
			if (!fill(top, found) || later.size() > MAX_HELD) {
				skip(top, later);
			}
			this.held = null;
			again = handAll(later);
			ready = again ? List.of() : takeWaiting();
			present = this.subscriber;
		}
		if (present != null) {
			present.flush(false);
		}
		ready.forEach((stage) -> stage.complete(null));
		return again;
	}

	/**
	 * Hand over what was held, up to the next hole. What came before the stream was read
	 * and is not in it has not been published.
	 */
	private boolean handAll(List<RelayMessage> messages) {
		RelayMessage doubtful = this.suspect;
		this.suspect = null;
		for (RelayMessage message : messages) {
			if (this.held != null) {
				this.held.add(message);
			}
			else if (!isAfterHole(message)) {
				hand(message);
			}
			else if (message != doubtful) {
				this.held = new ArrayList<>(List.of(message));
				this.suspect = message;
			}
		}
		return this.held != null;
	}

	/** Hand over what was found; return false if that is not all that was missing. */
	private boolean fill(StreamPosition top, @Nullable List<RelayMessage> found) {
		StreamPosition last = this.position;
		if (last == null || isSeen(top)) {
			return true;
		}
		long next = last.offset();
		for (RelayMessage message : (found != null) ? found : List.<RelayMessage>of()) {
			if (message.offset() != ++next) {
				return false;
			}
		}
		if (found == null || next < top.offset() || !last.epoch().equals(top.epoch())) {
			return false;
		}
		found.forEach(this::hand);
		return true;
	}

	private void moveTo(StreamPosition next, @Nullable String id) {
		this.position = next;
		this.id = id;
	}

	private void skip(StreamPosition top, List<RelayMessage> later) {
		moveTo(top, null);
		if (this.subscriber != null) {
			this.subscriber.missed(top);
		}
		if (later.size() > MAX_HELD) {
			later.clear();
		}
	}

	/**
	 * Let those fail that have been waiting.
	 */
	void fail(Throwable failure) {
		List<CompletableFuture<Void>> late;
		synchronized (this) {
			late = takeWaiting();
		}
		late.forEach((stage) -> stage.completeExceptionally(failure));
	}

	/**
	 * What is known of a room.
	 *
	 * @param room the name of the room
	 * @param settings how it is kept
	 * @param position where the messages end that have been handed over
	 * @param id the id of the last of them
	 */
	record Known(String room, RoomSettings settings, @Nullable StreamPosition position, @Nullable String id) {

	}

}
