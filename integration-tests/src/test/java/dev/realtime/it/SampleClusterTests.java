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

import java.util.Map;

import dev.realtime.sample.ChatApplication;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.cluster.RealtimeTestCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static dev.realtime.test.RealtimeAssertions.assertThat;

/**
 * Tests the sample on two nodes whose connection can be cut, as an application would.
 */
class SampleClusterTests {

	private static RealtimeTestCluster cluster;

	@BeforeAll
	static void start() {
		cluster = RealtimeTestCluster.of(ChatApplication.class)
			.nodes(2)
			.properties("spring.datasource.generate-unique-name=true")
			.start();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void messagesAndPresenceReachTheOtherNode() {
		RealtimeTestClient ann = cluster.node(0).connect("ann");
		RealtimeTestClient ben = cluster.node(1).connect("ben");
		assertThat(ann.subscribe("chat:lobby")).isSuccessful();
		assertThat(ben.subscribe("chat:lobby")).isSuccessful();
		assertThat(ann.publish("chat:lobby", Map.of("text", "hello"))).isSuccessful();
		assertThat(ben).received("chat:lobby").hasNoHoles().hasSize(1);
		assertThat(ann.publish("chat:lobby", Map.of("text", ""))).hasError(400);
	}

	@Test
	void whatWasMissedDuringACutArrivesInOrder() {
		RealtimeTestClient ann = cluster.node(0).connect("ann");
		RealtimeTestClient ben = cluster.node(1).connect("ben");
		assertThat(ann.subscribe("chat:help")).isSuccessful();
		assertThat(ben.subscribe("chat:help")).isSuccessful();
		cluster.relay().cut(1);
		for (int i = 0; i < 3; i++) {
			assertThat(ann.publish("chat:help", Map.of("text", "message " + i))).isSuccessful();
		}
		assertThat(ben.publish("chat:help", Map.of("text", "lost?"))).hasError(100);
		cluster.relay().heal(1);
		assertThat(ben).received("chat:help").hasNoHoles().hasSize(3);
	}

}
