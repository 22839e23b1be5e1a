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

import dev.realtime.HistoryQuery;
import dev.realtime.Publication;
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
	RoomRelay relay() {
		return this.relay;
	}

	@Override
	void elapse(Duration time) {
		this.clock.advance(time);
	}

	@Test
	void idIsForgottenAfterFiveMinutes() {
		StreamPosition first = this.room.publish("1", "id", SETTINGS);
		elapse(Duration.ofMinutes(5));
		assertThat(this.room.publish("1", "id", SETTINGS)).isEqualTo(first);
		elapse(Duration.ofMillis(1));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(2);
		elapse(Duration.ofMinutes(5));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(2);
	}

	@Test
	void idIsForgottenAfterAThousandOthers() {
		this.room.publish("1", "id", SETTINGS);
		IntStream.range(0, 1000).forEach((i) -> this.room.publish("1", "id" + i, SETTINGS));
		assertThat(this.room.publish("1", "id", SETTINGS).offset()).isEqualTo(1002);
	}

	@Test
	void whenExactlyAsOldAsAllowedPublicationsAreKept() {
		this.room.publish("1", SETTINGS);
		elapse(RelayFixture.TIME_TO_LIVE);
		assertThat(all()).extracting(Publication::offset).containsExactly(1L);
		elapse(Duration.ofMillis(1));
		assertThat(all()).isEmpty();
	}

	@Test
	void timeIsTheClocks() {
		this.room.publish("1", SETTINGS);
		assertThat(all()).extracting(Publication::time).containsExactly(this.clock.millis());
	}

	@Test
	void whenUnusedForLongStreamIsForgotten() {
		StreamPosition position = this.room.publish("1", SETTINGS);
		elapse(RelayFixture.TIME_TO_LIVE.plusMillis(1));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS).epoch()).isNotEqualTo(position.epoch());
	}

	@Test
	void whenUnusedForAShortTimeStreamIsRemembered() {
		StreamPosition position = this.room.publish("1", SETTINGS);
		elapse(RelayFixture.TIME_TO_LIVE);
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(2, position.epoch()));
	}

	@Test
	void whenSubscribedStreamIsRemembered() {
		StreamPosition position = this.room.subscribe(new RecordingSubscriber(), SETTINGS);
		elapse(Duration.ofDays(1));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, position.epoch()));
	}

	@Test
	void whenUnsubscribedStreamIsRememberedFromThenOn() {
		RecordingSubscriber subscriber = new RecordingSubscriber();
		StreamPosition position = this.room.subscribe(subscriber, SETTINGS);
		elapse(Duration.ofDays(1));
		this.relay.unsubscribe(this.room.room(), subscriber);
		elapse(Duration.ofMinutes(5));
		createStreams(1000);
		assertThat(this.room.publish("1", SETTINGS)).isEqualTo(new StreamPosition(1, position.epoch()));
	}

	private void createStreams(int count) {
		IntStream.range(0, count).forEach((i) -> new RelayFixture(this.relay).publish("1", SETTINGS));
	}

	private Iterable<Publication> all() {
		return RelayFixture.get(this.relay.history(this.room.room(), SETTINGS, new HistoryQuery(-1, null, false)))
			.publications();
	}

}
