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

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Publication;
import dev.realtime.StreamPosition;

/**
 * A subscriber that keeps what it is offered. Thread-safe.
 */
public final class RecordingSubscriber implements RelaySubscriber {

	private final List<RelayMessage> messages = new ArrayList<>();

	private final List<StreamPosition> misses = new ArrayList<>();

	private int flushed;

	private boolean flushedHere;

	@Override
	public synchronized void offer(RelayMessage message) {
		this.messages.add(message);
	}

	@Override
	public synchronized void flush(boolean here) {
		this.flushed = this.messages.size();
		this.flushedHere |= here;
	}

	@Override
	public synchronized void missed(StreamPosition top) {
		this.misses.add(top);
	}

	/**
	 * Return the positions to which it had to skip.
	 * @return a copy
	 */
	public synchronized List<StreamPosition> misses() {
		return List.copyOf(this.misses);
	}

	/**
	 * Return everything so far.
	 * @return a copy
	 */
	public synchronized List<RelayMessage> messages() {
		return List.copyOf(this.messages);
	}

	/**
	 * Return how many messages came so far.
	 * @return the number
	 */
	public synchronized int count() {
		return this.messages.size();
	}

	/**
	 * Return the payloads of the publications so far.
	 * @return the payloads as text
	 */
	public List<String> texts() {
		return publications().stream().map((publication) -> publication.data().text()).toList();
	}

	/**
	 * Return the publications so far.
	 * @return a copy
	 */
	public List<Publication> publications() {
		return messages().stream()
			.filter((message) -> message.type() == RelayMessage.Type.PUBLICATION)
			.map(RelayMessage::publication)
			.toList();
	}

	/**
	 * Return the offsets of the messages so far; they are there in rooms without history,
	 * too.
	 * @return the offsets, 0 for those that are not publications
	 */
	public List<Long> offsets() {
		return messages().stream().map(RelayMessage::offset).toList();
	}

	/**
	 * Return whether everything that was offered has been flushed.
	 * @return {@code true} if nothing was offered since the last flush
	 */
	public synchronized boolean isFlushed() {
		return this.flushed == this.messages.size();
	}

	/**
	 * Return whether a flush allowed work on the thread that called it.
	 * @return {@code true} if one did
	 */
	public synchronized boolean isFlushedHere() {
		return this.flushedHere;
	}

}
