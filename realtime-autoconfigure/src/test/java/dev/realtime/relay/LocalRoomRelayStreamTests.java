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
import java.util.stream.IntStream;

import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the streams of {@link LocalRoomRelay}.
 */
class LocalRoomRelayStreamTests extends StreamContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private final ManualClock clock = new ManualClock();

	private final LocalRoomRelay relay = new LocalRoomRelay(this.clock);

	private final RelayFixture room = new RelayFixture(this.relay);

	@Override
	protected RoomRelay relay() {
		return this.relay;
	}

	@Test
	void idIsForgottenAfterFiveMinutes() {
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(this.room.publish("1", "id", SETTINGS)).isEqualTo(first);
		this.clock.advance(Duration.ofMillis(1));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(2);
		this.clock.advance(Duration.ofMinutes(5));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(2);
	}

	@Test
	void idIsForgottenAfterAThousandOthers() {
		this.room.publish("1", "id", SETTINGS);
		IntStream.range(0, 1000).forEach((i) -> this.room.publish("1", "id" + i, SETTINGS));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(1002);
	}

	@Test
	void whenUnusedForLongStreamIsForgotten() {
		StreamPosition position = this.room.publish("1", SETTINGS);
		this.clock.advance(RelayFixture.TIME_TO_LIVE.plusMillis(1));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS).epoch()).isNotEqualTo(position.epoch());
	}

	@Test
	void whenUnusedForAShortTimeStreamIsRemembered() {
		StreamPosition position = this.room.publish("1", SETTINGS);
		this.clock.advance(RelayFixture.TIME_TO_LIVE);
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(2, position.epoch()));
	}

	@Test
	void whenSubscribedStreamIsRemembered() {
		StreamPosition position = this.room.subscribe(new RecordingSubscriber(), SETTINGS);
		this.clock.advance(Duration.ofDays(1));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, position.epoch()));
	}

	@Test
	void whenUnsubscribedStreamIsRememberedFromThenOn() {
		RecordingSubscriber subscriber = new RecordingSubscriber();
		StreamPosition position = this.room.subscribe(subscriber, SETTINGS);
		this.clock.advance(Duration.ofDays(1));
		this.relay.unsubscribe(this.room.room(), subscriber);
		this.clock.advance(Duration.ofMinutes(5));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, position.epoch()));
	}

	private void createStreams(int count) {
		IntStream.range(0, count).forEach((i) -> new RelayFixture(this.relay).publish("1", SETTINGS));
	}

}
