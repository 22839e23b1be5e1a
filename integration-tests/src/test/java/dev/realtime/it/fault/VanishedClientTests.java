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

package dev.realtime.it.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.DisconnectReason;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients that vanish without a word, with their sockets left open.
 */
@Tag("fault")
class VanishedClientTests {

	private static final int CLIENTS = 100;

	private static final int VANISHED = 40;

	@Test
	void vanishedClientsAreGoneWithinPingAndPong() {
		vanish("1s", "500ms", Duration.ofSeconds(1));
	}

	@Test
	@Tag("long")
	void vanishedClientsAreGoneWithinTheDefaultPingAndPong() {
		vanish("25s", "8s", Duration.ofSeconds(33));
	}

	private static void vanish(String ping, String pong, Duration limit) {
		try (FaultNode node = new FaultNode("--realtime.session.ping-interval=" + ping,
				"--realtime.session.pong-timeout=" + pong); Sockets sockets = new Sockets(node.port())) {
			List<FaultClient> clients = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				FaultClient client = sockets.open().connect("u" + i);
				assertThat(client.next().has("connect")).isTrue();
				assertThat(client.ask("{'id':2,'subscribe':{'channel':'chat:here'}}").has("subscribe")).isTrue();
				clients.add(client);
			}
			assertThat(node.operations().members("chat:here")).hasSize(CLIENTS);
			for (int i = 0; i < VANISHED; i++) {
				// Half of them read no more either: not even the close frame
				clients.get(i).silence();
				if (i % 2 == 0) {
					clients.get(i).stall();
				}
			}
			await().atMost(limit.plusSeconds(10)).untilAsserted(() -> {
				assertThat(node.engine().sessionCount()).isEqualTo(CLIENTS - VANISHED);
				assertThat(node.operations().members("chat:here")).hasSize(CLIENTS - VANISHED);
				assertThat(node.recorder().disconnected()).isEqualTo(VANISHED);
			});
			assertThat(node.recorder().reasons()).containsOnly(DisconnectReason.NO_PONG);
			clients.subList(VANISHED, CLIENTS).forEach((client) -> assertThat(client.closed()).isNotDone());
			clients.forEach(FaultClient::close);
			node.awaitEmpty(Duration.ofSeconds(10));
			assertThat(node.operations().members("chat:here")).isEmpty();
		}
	}

}
