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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RelaySubscriber;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for a Redis that comes back without what it acknowledged last, as after a
 * failover to a replica that lagged behind: offsets are given again.
 */
class RedisRewindTests {

	private static final String ROOM = "chat:a";

	private static final RoomSettings SETTINGS = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 100,
			Duration.ofHours(1), true);

	private final RedisServer server = RedisServer.create().start();

	private final Subscriber subscriber = new Subscriber();

	private RedisConnector connector;

	private RedisRoomRelay relay;

	@BeforeEach
	void start() {
		RedisURI uri = RedisURI.create(this.server.uri());
		RedisClient client = RedisClient.create(uri);
		client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		this.connector = new RedisConnector(client, uri);
		this.relay = new RedisRoomRelay(this.connector, new RedisRelaySettings("realtime", 0, 64, "app", "node",
				Duration.ofSeconds(2), Duration.ofSeconds(5), true), RelayObserver.NONE);
		this.relay.start();
	}

	@AfterEach
	void stop() {
		this.relay.stop();
		this.connector.close();
		this.server.close();
	}

	@Test
	void memberIsToldAndGetsWhatIsNew() throws Exception {
		this.relay.subscribe(ROOM, SETTINGS, this.subscriber).toCompletableFuture().get(5, TimeUnit.SECONDS);
		for (int i = 1; i <= 3; i++) {
			publish(i);
		}
		this.server.cli("SAVE");
		String epoch = publish(4).epoch();
		publish(5);
		await().until(() -> this.subscriber.messages.size() == 5);
		this.server.kill();
		await().until(() -> this.relay.state() == RelayState.DOWN);
		this.server.start();
		await().until(() -> !this.subscriber.gaps.isEmpty());
		StreamPosition position = publish(6);
		assertThat(position.offset()).isEqualTo(4);
		assertThat(position.epoch()).isNotEqualTo(epoch);
		await().until(() -> this.subscriber.messages.size() == 6);
		assertThat(this.subscriber.messages).containsExactly("1", "2", "3", "4", "5", "6");
		assertThat(this.subscriber.gaps).containsExactly(new StreamPosition(3, position.epoch()));
	}

	@Test
	void streamThatHasNotGoneBackStaysAsItIs() throws Exception {
		this.relay.subscribe(ROOM, SETTINGS, this.subscriber).toCompletableFuture().get(5, TimeUnit.SECONDS);
		publish(1);
		StreamPosition before = publish(2);
		this.server.cli("SAVE");
		this.server.kill();
		await().until(() -> this.relay.state() == RelayState.DOWN);
		this.server.start();
		await().until(() -> this.relay.state() == RelayState.LIVE);
		assertThat(publish(3)).isEqualTo(new StreamPosition(3, before.epoch()));
		await().until(() -> this.subscriber.messages.size() == 3);
		assertThat(this.subscriber.gaps).isEmpty();
	}

	@Test
	void whatWasAcceptedAndLostIsNoticedByWhoPublishes() throws Exception {
		publish(1);
		this.server.cli("SAVE");
		publish(2);
		String epoch = publish(3).epoch();
		this.server.kill();
		await().until(() -> this.relay.state() == RelayState.DOWN);
		this.server.start();
		await().until(() -> this.relay.state() == RelayState.LIVE);
		StreamPosition position = publish(4);
		assertThat(position.offset()).isEqualTo(2);
		assertThat(position.epoch()).isNotEqualTo(epoch);
		assertThat(publish(5)).isEqualTo(new StreamPosition(3, position.epoch()));
	}

	@ParameterizedTest
	@ValueSource(ints = { 100, 2_000 })
	void anotherPublicationAtTheSameOffsetIsNoticed(int size) throws Exception {
		RoomSettings settings = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, size,
				Duration.ofHours(1), true);
		publish("first", settings);
		StreamPosition second = publish("second", settings);
		StreamPosition third = publish("third", settings);
		assertThat(check(settings, third, "third")).isEqualTo(third);
		assertThat(check(settings, second, "second")).isEqualTo(third);
		assertThat(check(settings, second, null)).isEqualTo(third);
		assertThat(check(settings, new StreamPosition(2, "other"), "other")).isEqualTo(third);
		StreamPosition anew = check(settings, second, "other");
		assertThat(anew.offset()).isEqualTo(3);
		assertThat(anew.epoch()).isNotEqualTo(third.epoch());
		assertThat(publish("fourth", settings)).isEqualTo(new StreamPosition(4, anew.epoch()));
	}

	private StreamPosition check(RoomSettings settings, StreamPosition position, String id) throws Exception {
		return this.relay.running()
			.streams()
			.check(List.of(new RoomChannel.Known(ROOM, settings, position, id)))
			.toCompletableFuture()
			.get(5, TimeUnit.SECONDS)
			.get(ROOM);
	}

	private StreamPosition publish(String id, RoomSettings settings) throws Exception {
		Publication publication = new Publication(Payload.ofJson("1"), 0, null, Map.of(), 0);
		return this.relay.publish(RelayMessage.publication(ROOM, publication, id, Set.of(), null), settings)
			.toCompletableFuture()
			.get(5, TimeUnit.SECONDS);
	}

	private StreamPosition publish(int number) throws Exception {
		Publication publication = new Publication(Payload.ofJson(String.valueOf(number)), 0, null, Map.of(), 0);
		return this.relay.publish(RelayMessage.publication(ROOM, publication, null, Set.of(), null), SETTINGS)
			.toCompletableFuture()
			.get(5, TimeUnit.SECONDS);
	}

	private static final class Subscriber implements RelaySubscriber {

		private final List<String> messages = new CopyOnWriteArrayList<>();

		private final List<StreamPosition> gaps = new CopyOnWriteArrayList<>();

		@Override
		public void offer(RelayMessage message) {
			this.messages.add(message.publication().data().text());
		}

		@Override
		public void missed(StreamPosition top) {
			this.gaps.add(top);
		}

		@Override
		public void flush(boolean here) {
		}

	}

}
