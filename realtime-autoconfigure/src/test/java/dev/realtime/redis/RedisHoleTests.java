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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelaySubscriber;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for messages that do not arrive although the connection is fine. What another
 * node publishes that takes the database for a different one gets into the streams, but
 * not onto the channels of this one.
 */
@Timeout(60)
class RedisHoleTests {

	private static final String ROOM = "chat:a";

	private final RedisServer server = RedisServer.create().start();

	private final List<RedisConnector> connectors = new ArrayList<>();

	private final Subscriber subscriber = new Subscriber();

	private RedisRoomRelay relay;

	private RedisRoomRelay unheard;

	@BeforeEach
	void start() {
		this.relay = start("a", 0);
		this.unheard = start("b", 1);
	}

	private RedisRoomRelay start(String node, int database) {
		RedisURI uri = RedisURI.create(this.server.uri());
		RedisClient client = RedisClient.create(uri);
		client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		RedisConnector connector = new RedisConnector(client, uri);
		this.connectors.add(connector);
		RedisRoomRelay started = new RedisRoomRelay(connector, new RedisRelaySettings("realtime", database, 64, "app",
				node, Duration.ofSeconds(2), Duration.ofSeconds(5), true), RelayObserver.NONE);
		started.start();
		return started;
	}

	@AfterEach
	void stop() {
		this.relay.stop();
		this.unheard.stop();
		this.connectors.forEach(RedisConnector::close);
		this.server.close();
	}

	@Test
	void whatDoesNotArriveIsTakenFromTheHistory() throws Exception {
		subscribe(history(100));
		publish(this.relay, history(100), 1);
		publish(this.unheard, history(100), 2);
		publish(this.unheard, history(100), 3);
		publish(this.relay, history(100), 4);
		await().until(() -> this.subscriber.messages.size() == 4);
		publish(this.relay, history(100), 5);
		await().until(() -> this.subscriber.messages.size() == 5);
		assertThat(this.subscriber.messages).containsExactly(1, 2, 3, 4, 5);
		assertThat(this.subscriber.gaps).isEmpty();
	}

	@Test
	void underLoadNothingIsMissingDoubledOrOutOfOrder() throws Exception {
		subscribe(history(2_000));
		for (int i = 1; i <= 1_000; i++) {
			publish((i % 7 == 3) ? this.unheard : this.relay, history(2_000), i);
		}
		await().until(() -> this.subscriber.messages.size() >= 1_000);
		assertThat(this.subscriber.messages).isEqualTo(IntStream.rangeClosed(1, 1_000).boxed().toList());
		assertThat(this.subscriber.gaps).isEmpty();
	}

	@Test
	void whatIsNotInTheHistoryAnyMoreIsToldToBeMissing() throws Exception {
		subscribe(history(2));
		publish(this.relay, history(2), 1);
		for (int i = 2; i <= 5; i++) {
			publish(this.unheard, history(2), i);
		}
		StreamPosition last = publish(this.relay, history(2), 6);
		await().until(() -> !this.subscriber.gaps.isEmpty());
		publish(this.relay, history(2), 7);
		await().until(() -> this.subscriber.messages.contains(7));
		assertThat(this.subscriber.gaps).containsExactly(last);
		assertThat(this.subscriber.messages).containsExactly(1, 7);
	}

	@Test
	void whereNothingIsKeptTheRoomSeesTheHole() throws Exception {
		subscribe(history(0));
		publish(this.relay, history(0), 1);
		publish(this.unheard, history(0), 2);
		publish(this.relay, history(0), 3);
		await().until(() -> this.subscriber.messages.contains(3));
		assertThat(this.subscriber.messages).containsExactly(1, 3);
	}

	@Test
	void anOffsetThatSomebodyMadeUpDoesNotStopTheRoom() throws Exception {
		subscribe(history(100));
		StreamPosition first = publish(this.relay, history(100), 1);
		forge("1" + first.epoch() + " 1000 ", 99);
		publish(this.unheard, history(100), 2);
		publish(this.relay, history(100), 3);
		await().until(() -> this.subscriber.messages.contains(3));
		assertThat(this.subscriber.messages).containsExactly(1, 2, 3);
	}

	private void forge(String head, int number) throws Exception {
		Publication publication = new Publication(Payload.ofJson(String.valueOf(number)), 0, null, Map.of(), 0);
		byte[] body = EnvelopeCodec.encode(RelayMessage.publication(ROOM, publication, null, Set.of(), null), "x", 1);
		String channel = this.server.cli("PUBSUB", "CHANNELS", "*}:c0:*").lines().findFirst().orElseThrow();
		try (StatefulRedisConnection<byte[], byte[]> stranger = this.connectors.get(0)
			.connect()
			.toCompletableFuture()
			.get(5, TimeUnit.SECONDS)) {
			byte[] message = Arrays.copyOf(RedisKeys.bytes(head), head.length() + body.length);
			System.arraycopy(body, 0, message, head.length(), body.length);
			RedisFuture<Long> heard = stranger.async().publish(RedisKeys.bytes(channel), message);
			stranger.flushCommands();
			assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo(1);
		}
	}

	private void subscribe(RoomSettings settings) throws Exception {
		this.relay.subscribe(ROOM, settings, this.subscriber).toCompletableFuture().get(5, TimeUnit.SECONDS);
	}

	private static RoomSettings history(int size) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, size, Duration.ofHours(1), size > 0);
	}

	private static StreamPosition publish(RedisRoomRelay relay, RoomSettings settings, int number) throws Exception {
		Publication publication = new Publication(Payload.ofJson(String.valueOf(number)), 0, null, Map.of(), 0);
		return relay.publish(RelayMessage.publication(ROOM, publication, null, Set.of(), null), settings)
			.toCompletableFuture()
			.get(5, TimeUnit.SECONDS);
	}

	private static final class Subscriber implements RelaySubscriber {

		private final List<Integer> messages = new CopyOnWriteArrayList<>();

		private final List<StreamPosition> gaps = new CopyOnWriteArrayList<>();

		@Override
		public void offer(RelayMessage message) {
			this.messages.add(Integer.valueOf(message.publication().data().text()));
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
