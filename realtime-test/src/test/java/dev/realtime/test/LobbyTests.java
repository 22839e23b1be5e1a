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

package dev.realtime.test;

import java.util.Map;

import dev.realtime.test.app.TestApplication;
import dev.realtime.test.autoconfigure.AutoConfigureRealtimeTestClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

import static dev.realtime.test.RealtimeAssertions.assertThat;

/**
 * The test that the README shows.
 */
@SpringBootTest(classes = TestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRealtimeTestClient
class LobbyTests {

	@Autowired
	RealtimeTestClients clients;

	@Test
	void everybodyGetsWhatIsSaid() {
		RealtimeTestClient ann = this.clients.connect("ann");
		RealtimeTestClient bob = this.clients.connect("bob");
		assertThat(ann.subscribe("chat:lobby")).isSuccessful();
		assertThat(bob.subscribe("chat:lobby")).isSuccessful();
		ann.publish("chat:lobby", Map.of("text", "hello"));
		assertThat(bob).received("chat:lobby").payloads().containsExactly(Map.of("text", "hello"));
	}

}
