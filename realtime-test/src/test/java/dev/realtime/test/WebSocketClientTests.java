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

import java.net.URI;

import dev.realtime.test.app.TestApplication;
import dev.realtime.test.autoconfigure.AutoConfigureRealtimeTestClient;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest(classes = TestApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRealtimeTestClient(timeout = "20s")
class WebSocketClientTests extends ClientContract {

	@LocalServerPort
	private int port;

	@Autowired
	private ApplicationContext context;

	@Autowired
	private RealtimeTestClient client;

	@Test
	void injectedClientIsNotConnectedYet() {
		assertThat(this.client.isConnected()).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> this.client.subscribe("chat:lobby"));
		assertThat(this.client.connect()).isSuccessful();
		assertThat(this.client.options().timeout()).hasSeconds(20);
	}

	@Test
	void whenHandshakeIsRefusedTheStatusIsTold() {
		assertThatExceptionOfType(RealtimeTestException.class)
			.isThrownBy(() -> RealtimeTestClient.bindToApplicationContext(this.context)
				.httpHeader("Origin", "https://evil.example")
				.connect())
			.withMessageContaining("HTTP status 403")
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(403));
	}

	@Test
	void anyServerCanBeDialled() {
		URI uri = URI.create("ws://localhost:" + this.port + "/shop/rooms");
		try (RealtimeTestClient dialled = RealtimeTestClient.bindToServer(uri).token("anna").connect()) {
			assertThat(dialled.subscribe("chat:lobby")).isSuccessful();
		}
		assertThatIllegalStateException().isThrownBy(() -> RealtimeTestClient.bindToServer(uri).user("anna").connect())
			.withMessageContaining("@AutoConfigureRealtimeTestClient");
		assertThatExceptionOfType(RealtimeTestException.class)
			.isThrownBy(() -> RealtimeTestClient.bindToServer(URI.create("ws://localhost:1/")).connect())
			.withMessageContaining("No connection to ws://localhost:1/");
	}

}
