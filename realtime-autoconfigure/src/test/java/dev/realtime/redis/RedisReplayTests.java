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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RecordingSubscriber;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what is published again long after it has been, when the room's stream has
 * forgotten its id: with a history that is too short for it, and without one.
 */
class RedisReplayTests {

	private static final String ROOM = "chat:a";

	private final RedisServer server = RedisServer.create().start();

	private final RecordingSubscriber subscriber = new RecordingSubscriber();

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

	@ParameterizedTest
	@ValueSource(ints = { 0, 100, 1_500 })
	void whatHasBeenReplayedIsNotPublishedAgainHoweverMuchCameInBetween(int history) throws Exception {
		RoomSettings settings = settings(history);
		get(this.relay.subscribe(ROOM, settings, this.subscriber));
		RelayMessage replayed = message("~replayed");
		StreamPosition first = get(this.relay.publishAgain(replayed, settings));
		publishMany(settings, 2_000);
		assertThat(get(this.relay.publishAgain(replayed, settings))).isEqualTo(first);
		assertReceived(2_001);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 100 })
	void whatWasFoundToBePublishedIsRememberedAsWell(int history) throws Exception {
		RoomSettings settings = settings(history);
		get(this.relay.subscribe(ROOM, settings, this.subscriber));
		RelayMessage doubtful = message("~doubtful");
		StreamPosition first = get(this.relay.publish(doubtful, settings));
		assertThat(get(this.relay.publishAgain(doubtful, settings))).isEqualTo(first);
		publishMany(settings, 2_000);
		assertThat(get(this.relay.publishAgain(doubtful, settings))).isEqualTo(first);
		assertReceived(2_001);
	}

	private void publishMany(RoomSettings settings, int number) throws Exception {
		List<CompletableFuture<StreamPosition>> published = new ArrayList<>();
		IntStream.range(0, number)
			.forEach((i) -> published.add(this.relay.publish(message("~" + i), settings).toCompletableFuture()));
		get(CompletableFuture.allOf(published.toArray(CompletableFuture[]::new)));
	}

	private void assertReceived(int number) {
		await().until(() -> this.subscriber.messages().size() >= number);
		assertThat(this.subscriber.messages()).extracting(RelayMessage::offset)
			.isEqualTo(LongStream.rangeClosed(1, number).boxed().toList());
	}

	private static RelayMessage message(String id) {
		Publication publication = new Publication(Payload.ofJson("1"), 0, null, Map.of(), 0);
		return RelayMessage.publication(ROOM, publication, id, Set.of(), null);
	}

	private static RoomSettings settings(int history) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, history, Duration.ofHours(1), true);
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
	}

}
