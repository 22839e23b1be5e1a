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
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Publication;
import dev.realtime.StreamPosition;

/**
 * A subscriber that keeps what it is offered.
 */
final class RecordingSubscriber implements RelaySubscriber {

	private final List<RelayMessage> messages = new ArrayList<>();

	private final List<StreamPosition> misses = new ArrayList<>();

	private final AtomicInteger unflushed = new AtomicInteger();

	@Override
	public synchronized void offer(RelayMessage message) {
		this.messages.add(message);
		this.unflushed.incrementAndGet();
	}

	@Override
	public void flush(boolean here) {
		this.unflushed.set(0);
	}

	@Override
	public synchronized void missed(StreamPosition top) {
		this.misses.add(top);
	}

	/**
	 * Return the positions to which it had to skip.
	 */
	synchronized List<StreamPosition> misses() {
		return List.copyOf(this.misses);
	}

	synchronized List<RelayMessage> messages() {
		return List.copyOf(this.messages);
	}

	List<String> texts() {
		return publications().stream().map((publication) -> publication.data().text()).toList();
	}

	List<Publication> publications() {
		return messages().stream()
			.filter((message) -> message.type() == RelayMessage.Type.PUBLICATION)
			.map(RelayMessage::publication)
			.toList();
	}

	List<Long> offsets() {
		return messages().stream().map(RelayMessage::offset).toList();
	}

	boolean isFlushed() {
		return this.unflushed.get() == 0;
	}

}
