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

import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a room.
 *
 * @param type what it is
 * @param room the name of the room
 * @param id the idempotency key, or {@code null}
 * @param epoch the stream, empty before it has been accepted
 * @param offset the place in the stream, or 0 before it has been accepted and for other
 * types than publications; the wire shows it only in rooms with history
 * @param publication the publication, with an empty payload for other types
 * @param member who came or left, or {@code null} for a publication
 * @param exclude ids of sessions that do not get it
 * @param conflationKey what it replaces where publications are conflated, or {@code null}
 * @since 0.1.0
 */
public record RelayMessage(Type type, String room, @Nullable String id, String epoch, long offset,
		Publication publication, @Nullable Member member, Set<String> exclude, @Nullable String conflationKey) {

	private static final String MADE_UP = "~";

	private static final Publication NONE = new Publication(Payload.EMPTY, 0, null, Map.of(), 0);

	/**
	 * Make up an id for a publication that has none, so that it is recognized when it is
	 * published again.
	 * @return the id
	 */
	public static String madeUpId() {
		return MADE_UP + UUID.randomUUID();
	}

	/**
	 * Return whether the id is one of the application's own, by which the room delivers a
	 * publication once whoever publishes it.
	 * @return {@code true} if it is
	 */
	public boolean hasKey() {
		return this.id != null && !this.id.startsWith(MADE_UP);
	}

	/**
	 * Create a publication that has not been accepted yet.
	 * @param room the name of the room
	 * @param publication what is published
	 * @param id the idempotency key, or {@code null}
	 * @param exclude ids of sessions that do not get it
	 * @param conflationKey what it replaces where publications are conflated, or
	 * {@code null}
	 * @return the message
	 */
	public static RelayMessage publication(String room, Publication publication, @Nullable String id,
			Set<String> exclude, @Nullable String conflationKey) {
		return new RelayMessage(Type.PUBLICATION, room, id, "", 0, publication, null, exclude, conflationKey);
	}

	/**
	 * Create the news that somebody came.
	 * @param room the name of the room
	 * @param member who came
	 * @return the message
	 */
	public static RelayMessage joined(String room, Member member) {
		return new RelayMessage(Type.JOIN, room, null, "", 0, NONE, member, Set.of(), null);
	}

	/**
	 * Create the news that somebody left.
	 * @param room the name of the room
	 * @param member who left
	 * @return the message
	 */
	public static RelayMessage left(String room, Member member) {
		return new RelayMessage(Type.LEAVE, room, null, "", 0, NONE, member, Set.of(), null);
	}

	/**
	 * Return the same message with its place in the stream.
	 * @param epoch the stream
	 * @param offset the offset
	 * @param visible whether clients see the offset
	 * @param time when it was accepted, in milliseconds since 1970
	 * @return the accepted message
	 */
	public RelayMessage accepted(String epoch, long offset, boolean visible, long time) {
		Publication placed = new Publication(this.publication.data(), visible ? offset : 0, this.publication.info(),
				this.publication.tags(), time);
		return new RelayMessage(this.type, this.room, this.id, epoch, offset, placed, this.member, this.exclude,
				this.conflationKey);
	}

	/**
	 * What can happen in a room.
	 */
	public enum Type {

		/** Somebody published. */
		PUBLICATION,

		/** Somebody came. */
		JOIN,

		/** Somebody left. */
		LEAVE

	}

}
