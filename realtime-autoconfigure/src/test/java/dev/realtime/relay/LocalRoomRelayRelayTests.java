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

import java.time.Clock;

import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how {@link LocalRoomRelay} passes things on.
 */
class LocalRoomRelayRelayTests extends RelayContract {

	private final LocalRoomRelay relay = new LocalRoomRelay(Clock.systemUTC());

	@Override
	protected RoomRelay relay() {
		return this.relay;
	}

	@Test
	void everyStageIsComplete() {
		RelayFixture room = new RelayFixture(this.relay);
		RoomSettings settings = RelayFixture.WITHOUT_HISTORY;
		assertThat(this.relay.subscribe(room.room(), settings, new RecordingSubscriber())).isCompleted();
		assertThat(room.publishLater("1", settings)).isCompleted();
	}

	@Test
	void subscriberIsOfferedMessagesBeforeThePublisherReturnsAndFlushedByItsThread() {
		RelayFixture room = new RelayFixture(this.relay);
		RecordingSubscriber subscriber = new RecordingSubscriber();
		StreamPosition start = room.subscribe(subscriber, RelayFixture.WITHOUT_HISTORY);
		room.publish("1", RelayFixture.WITHOUT_HISTORY);
		assertThat(subscriber.offsets()).containsExactly(start.offset() + 1);
		assertThat(subscriber.isFlushed()).isTrue();
	}

	@Test
	void payloadsAreTheSameObjects() {
		RelayFixture room = new RelayFixture(this.relay);
		RecordingSubscriber subscriber = new RecordingSubscriber();
		Payload payload = Payload.ofJson("1");
		room.subscribe(subscriber, RelayFixture.WITHOUT_HISTORY);
		room.publish(room.message(payload), RelayFixture.WITHOUT_HISTORY);
		assertThat(subscriber.publications().get(0).data()).isSameAs(payload);
		assertThat(payload.isJson()).isTrue();
	}

}
