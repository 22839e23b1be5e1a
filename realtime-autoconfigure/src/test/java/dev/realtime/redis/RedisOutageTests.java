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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what the relay says while Redis is away, and what becomes of publications
 * when it stops.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RedisOutageTests {

	private static final RoomSettings SETTINGS = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 100,
			Duration.ofHours(1), true);

	private final RedisServer server = RedisServer.create().start();

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
	void whatGoesOnIsToldOnceAndAgainAfterItWasOver(CapturedOutput output) {
		this.server.kill();
		await().until(() -> unusable(output) == 1);
		await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(5)).until(() -> unusable(output) == 1);
		this.server.start();
		await().until(() -> this.relay.state() == RelayState.LIVE);
		this.server.kill();
		await().until(() -> unusable(output) == 2);
	}

	private static long unusable(CapturedOutput output) {
		return output.toString()
			.lines()
			.filter((line) -> line.contains("Redis is not usable: Connection refused"))
			.count();
	}

	@Test
	void whenItStopsNoPublicationStaysOpen() {
		this.server.pause();
		List<CompletableFuture<StreamPosition>> stages = IntStream.range(0, 200).mapToObj(this::publish).toList();
		this.relay.stop();
		assertThat(stages).allSatisfy(
				(stage) -> assertThatExceptionOfType(Exception.class).isThrownBy(() -> stage.get(1, TimeUnit.SECONDS))
					.withCauseInstanceOf(RelayUnavailableException.class)
					.withMessageContaining("stopped"));
		this.server.resume();
	}

	@Test
	void whatRedisAnswersWhileItStopsIsConfirmed() throws Exception {
		for (int i = 0; i < 20; i++) {
			CompletableFuture<StreamPosition> stage = publish(i);
			this.relay.stop();
			assertThat(stage.get(1, TimeUnit.SECONDS).offset()).isEqualTo(i + 1);
			this.relay.start();
		}
	}

	private CompletableFuture<StreamPosition> publish(int number) {
		Publication publication = new Publication(Payload.ofJson(String.valueOf(number)), 0, null, Map.of(), 0);
		return this.relay.publish(RelayMessage.publication("chat:a", publication, null, Set.of(), null), SETTINGS)
			.toCompletableFuture();
	}

}
