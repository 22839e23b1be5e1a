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

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

import static org.awaitility.Awaitility.await;

/**
 * Tests that the contracts fit a relay whose stages complete later and whose time cannot
 * be stopped.
 */
class JoinedRelaysTests {

	private final JoinedRelays relays = new JoinedRelays();

	@AfterEach
	void close() {
		this.relays.close();
	}

	@Nested
	class RelayTests extends RelayContract {

		@Override
		protected RoomRelay relay() {
			return JoinedRelaysTests.this.relays.node(0);
		}

	}

	@Nested
	class StreamTests extends StreamContract {

		@Override
		protected RoomRelay relay() {
			return JoinedRelaysTests.this.relays.node(0);
		}

	}

	@Nested
	class HistoryTests extends HistoryContract {

		@Override
		protected RoomRelay relay() {
			return JoinedRelaysTests.this.relays.node(0);
		}

		@Override
		protected void elapse(Duration time) {
			await().pollDelay(time).until(() -> true);
		}

	}

	@Nested
	class NodesTests extends NodesContract {

		@Override
		protected RoomRelay node(int index) {
			return JoinedRelaysTests.this.relays.node(index);
		}

	}

}
