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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.presence.PresenceStore;
import dev.realtime.presence.PresenceStoreContract;
import dev.realtime.relay.HistoryContract;
import dev.realtime.relay.NodesContract;
import dev.realtime.relay.RelayContract;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RoomRelay;
import dev.realtime.relay.StreamContract;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;

import static org.awaitility.Awaitility.await;

/**
 * Tests that {@link RedisRoomRelay} and {@link RedisPresenceStore} keep the contracts,
 * with two nodes on one Redis, whatever that is made of.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisRelayContract {

	private final List<RedisConnector> connectors = new ArrayList<>();

	private final List<RedisRoomRelay> relays = new ArrayList<>();

	/**
	 * Start Redis, once, and return a connector.
	 */
	abstract RedisConnector connector();

	static RedisClient client() {
		RedisClient client = RedisClient.create();
		client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		return client;
	}

	@BeforeAll
	void start() {
		for (int i = 0; i < 2; i++) {
			RedisConnector connector = connector();
			this.connectors.add(connector);
			RedisRelaySettings settings = new RedisRelaySettings("realtime", 0, 64, "app", "node" + i,
					Duration.ofSeconds(2), Duration.ofSeconds(5), true);
			RedisRoomRelay relay = new RedisRoomRelay(connector, settings, RelayObserver.NONE);
			relay.start();
			this.relays.add(relay);
		}
	}

	@AfterAll
	void stop() {
		this.relays.forEach(RedisRoomRelay::stop);
		this.connectors.forEach(RedisConnector::close);
	}

	@Nested
	class RelayTests extends RelayContract {

		@Override
		protected RoomRelay relay() {
			return RedisRelayContract.this.relays.get(0);
		}

	}

	@Nested
	class StreamTests extends StreamContract {

		@Override
		protected RoomRelay relay() {
			return RedisRelayContract.this.relays.get(0);
		}

	}

	@Nested
	class HistoryTests extends HistoryContract {

		@Override
		protected RoomRelay relay() {
			return RedisRelayContract.this.relays.get(0);
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
			return RedisRelayContract.this.relays.get(index);
		}

	}

	@Nested
	class PresenceTests extends PresenceStoreContract {

		@Override
		protected PresenceStore store() {
			return new RedisPresenceStore(RedisRelayContract.this.relays.get(0));
		}

		@Override
		protected PresenceStore other() {
			return new RedisPresenceStore(RedisRelayContract.this.relays.get(1));
		}

	}

}
