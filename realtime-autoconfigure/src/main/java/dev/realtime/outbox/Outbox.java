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

package dev.realtime.outbox;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import dev.realtime.OutboxBacklog;
import dev.realtime.ParkedMessage;

/**
 * Keeps publications durably that could not go out, and those of transactions until they
 * have. Several nodes may share one; a room is worked off by one of them at a time.
 * Thread-safe. The methods block.
 *
 * @since 0.1.0
 */
public interface Outbox {

	/**
	 * Return whether the calling thread is in a transaction that storing would be part
	 * of.
	 * @return {@code true} if it is
	 */
	boolean isInTransaction();

	/**
	 * Store messages: in the transaction of the calling thread, if there is one that
	 * reaches the store, else durably before this returns.
	 * @param messages the messages, in their order
	 * @return their rows
	 * @throws OutboxException if they cannot be stored; then none is
	 */
	List<Long> store(List<OutboxMessage> messages);

	/**
	 * Become the one who works a room off, or go on being it, for the time of a lease.
	 * @param room the name of the room
	 * @return {@code false} if somebody else is
	 */
	boolean claim(String room);

	/**
	 * Return for how long a claim lasts. Whoever has not claimed a room for so long must
	 * no longer publish what it has read.
	 * @return the time
	 */
	Duration lease();

	/**
	 * Let others work a room off.
	 * @param room the name of the room
	 */
	void release(String room);

	/**
	 * Read the oldest messages of a room.
	 * @param room the name of the room
	 * @param limit at most so many, fewer if they are large
	 * @return the messages, in the order in which they were stored
	 */
	List<OutboxMessage> read(String room, int limit);

	/**
	 * Remove messages that have gone out without waiting for anything.
	 * @param rows their rows
	 */
	void remove(Collection<Long> rows);

	/**
	 * Remove messages of a claimed room that have gone out.
	 * @param room the name of the room
	 * @param rows their rows
	 * @return {@code false} if the room is no longer claimed; then nothing is removed
	 */
	boolean remove(String room, Collection<Long> rows);

	/**
	 * A message of a claimed room could not go out although others could. After some
	 * attempts it is parked, so that it stops no others.
	 * @param message the message
	 * @param reason why
	 * @return whether it is parked now; {@code false} if the room is no longer claimed
	 */
	boolean fail(OutboxMessage message, String reason);

	/**
	 * Try parked messages again.
	 * @return how many there are
	 */
	int retryParked();

	/**
	 * Try some parked messages again.
	 * @param rows their rows; those that are not parked are left alone
	 * @return how many there are
	 */
	int retryParked(Collection<Long> rows);

	/**
	 * Remove parked messages.
	 * @param rows their rows; those that are not parked are left alone
	 * @return how many there were
	 */
	int discardParked(Collection<Long> rows);

	/**
	 * Return parked messages.
	 * @param limit at most so many
	 * @return those that were stored first
	 */
	List<ParkedMessage> parked(int limit);

	/**
	 * Return the rooms of messages that nobody seems to work off, unless another node
	 * looks after them already.
	 * @param interval the time until this is called again, for which other nodes leave it
	 * to this one; zero to look although another node may do so, as at the start
	 * @return the names of the rooms
	 */
	List<String> sweep(Duration interval);

	/**
	 * Return how much waits.
	 * @return the backlog
	 */
	OutboxBacklog backlog();

}
