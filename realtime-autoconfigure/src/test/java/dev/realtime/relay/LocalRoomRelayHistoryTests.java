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
import java.util.List;

import dev.realtime.Publication;
import dev.realtime.naming.RoomSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the histories of {@link LocalRoomRelay}.
 */
class LocalRoomRelayHistoryTests extends HistoryContract {

	private static final RoomSettings SETTINGS = RelayFixture.WITH_HISTORY;

	private final ManualClock clock = new ManualClock();

	private final LocalRoomRelay relay = new LocalRoomRelay(this.clock);

	private final RelayFixture room = new RelayFixture(this.relay);

	@Override
	protected RoomRelay relay() {
		return this.relay;
	}

	@Override
	protected void elapse(Duration time) {
		this.clock.advance(time);
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

	private List<Publication> all() {
		return this.room.history(RelayFixture.ALL, SETTINGS).publications();
	}

}
