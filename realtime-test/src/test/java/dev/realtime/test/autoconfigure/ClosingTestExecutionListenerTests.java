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

package dev.realtime.test.autoconfigure;

import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.app.TestApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(classes = TestApplication.class)
@AutoConfigureRealtimeTestClient
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClosingTestExecutionListenerTests {

	private static RealtimeTestClient client;

	@Autowired
	private RealtimeTestClients clients;

	@BeforeAll
	@AfterAll
	static void forget() {
		client = null;
	}

	@Test
	@Order(1)
	void clientIsConnectedWithinATest() {
		client = this.clients.connect("anna");
		assertThat(client).isConnected();
	}

	@Test
	@Order(2)
	void afterTheTestItIsDisconnected() {
		assertThat(client.isConnected()).isFalse();
		assertThat(client).isDisconnectedWith(1000);
	}

}
