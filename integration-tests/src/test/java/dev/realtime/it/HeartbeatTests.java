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

package dev.realtime.it;

import java.time.Duration;

import dev.realtime.it.RawClient.Close;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pings, and what becomes of a client that does not answer or never connects.
 */
class HeartbeatTests {

	private static Sample sample;

	@BeforeAll
	static void startSample() {
		sample = Sample.start("--realtime.session.ping-interval=1s", "--realtime.session.pong-timeout=500ms",
				"--realtime.session.connect-timeout=1s");
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@Test
	void clientThatAnswersStays() {
		try (RawClient client = RawClient.open(sample.port())) {
			JsonNode reply = client.ask("{'id':1,'connect':{}}").path("connect");
			assertThat(reply.path("ping").asInt()).isEqualTo(1);
			assertThat(reply.path("pong").asBoolean()).isTrue();
			for (int i = 0; i < 4; i++) {
				assertThat(client.next().toString()).isEqualTo("{}");
				client.send("{}");
			}
		}
	}

	@Test
	void clientThatDoesNotAnswerIsClosed() {
		try (RawClient client = RawClient.connect(sample.port())) {
			assertThat(client.next().toString()).isEqualTo("{}");
			assertThat(client.closed()).isEqualTo(new Close(3012, "no pong"));
		}
	}

	@Test
	void clientThatNeverConnectsIsClosed() {
		try (RawClient client = RawClient.open(sample.port())) {
			assertThat(client.closed()).isEqualTo(new Close(3502, "stale"));
		}
	}

	@Test
	void clientThatAsksForItIsSentNativePings() {
		try (RawClient client = RawClient.openWithNativePings(sample.port())) {
			JsonNode reply = client.ask("{'id':1,'connect':{}}").path("connect");
			assertThat(reply.has("ping")).isFalse();
			assertThat(reply.has("pong")).isFalse();
			Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> client.pings() >= 3);
			assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:lobby'}}").has("subscribe")).isTrue();
		}
	}

}
