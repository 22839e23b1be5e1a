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

import dev.realtime.test.app.TestApplication;
import dev.realtime.test.autoconfigure.AutoConfigureRealtimeTestClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest(classes = TestApplication.class)
@AutoConfigureRealtimeTestClient
class InMemoryClientTests extends ClientContract {

	@Autowired
	private RealtimeTestClient client;

	@Autowired
	private RealtimeTestClient other;

	@Test
	void injectedClientsAreTheTestsOwn() {
		assertThat(this.client.connect()).isSuccessful();
		assertThat(this.other).isDisconnected();
	}

	@Test
	void withoutWebServerThereAreNoHttpHeaders(@Autowired RealtimeTestClients clients) {
		RealtimeTestClientBuilder builder = clients.client().httpHeader("Cookie", "a=b");
		assertThatIllegalStateException().isThrownBy(builder::connect).withMessageContaining("no web server");
	}

}
