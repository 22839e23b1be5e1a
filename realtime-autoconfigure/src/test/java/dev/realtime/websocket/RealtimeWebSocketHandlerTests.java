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

package dev.realtime.websocket;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.realtime.control.InMemoryBanStore;
import dev.realtime.control.LocalControlBus;
import dev.realtime.core.ApplicationCode;
import dev.realtime.core.EngineSettings;
import dev.realtime.core.JsonPayloadConverter;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.Namespaces;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.session.OutboundLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The handler between a real Tomcat and a real engine.
 */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeWebSocketHandlerTests {

	private static final int LIMIT = 10_000;

	private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

	private final RealtimeEngine engine = engine();

	private TransportFactory transports = (session, binary) -> new StandardTransport(session, binary, Runnable::run);

	private EndpointServer server;

	@BeforeEach
	void start() throws Exception {
		this.engine.start();
		this.engine.accept();
		this.server = new EndpointServer(
				new RealtimeWebSocketHandler(this.engine.gateway(),
						(session, binary) -> this.transports.create(session, binary), LIMIT),
				List.of(), (connector) -> {
				});
	}

	@AfterEach
	void stop() throws Exception {
		this.server.close();
		this.engine.close();
	}

	@Test
	void handsOverWhatComesIn() throws Exception {
		TestClient client = connect("");
		client.socket().sendText(CONNECT, true).join();
		assertThat(client.next()).contains("\"id\":1").contains("\"ping\":25");
	}

	@Test
	void joinsFragments() throws Exception {
		TestClient client = connect("");
		for (int i = 0; i < CONNECT.length(); i++) {
			client.socket().sendText(CONNECT.substring(i, i + 1), i == CONNECT.length() - 1).join();
		}
		assertThat(client.next()).contains("\"id\":1");
	}

	@Test
	void takesMessagesThatAreLargerThanTheContainersBuffer() throws Exception {
		TestClient client = connect("");
		client.socket().sendText("{\"id\":1,\"connect\":{\"name\":\"" + "x".repeat(9_900) + "\"}}", true).join();
		assertThat(client.next()).contains("\"id\":1");
	}

	@Test
	void whenClientsWantNativePingsSendsNoOthers() throws Exception {
		TestClient client = connect("?a=b&cf_ws_frame_ping_pong=true");
		client.socket().sendText(CONNECT, true).join();
		assertThat(client.next()).contains("\"id\":1").doesNotContain("ping");
	}

	@Test
	void whenAMessageIsTooLargeCloses() throws Exception {
		TestClient client = connect("");
		client.socket().sendText("x".repeat(LIMIT + 1), true).join();
		assertThat(client.ending()).startsWith("1009 ");
		awaitNoSession();
	}

	@Test
	void whenThereAreTooManyFragmentsCloses() throws Exception {
		TestClient client = connect("");
		for (int i = 0; i <= MessageAssembler.MAX_PARTS; i++) {
			client.socket().sendText("", false).join();
		}
		assertThat(client.ending()).startsWith("1009 ");
	}

	@Test
	void whenTheFrameIsBinaryCloses() throws Exception {
		TestClient client = connect("");
		client.socket().sendBinary(ByteBuffer.allocate(3), true).join();
		assertThat(client.ending()).isEqualTo("3501 bad request");
		awaitNoSession();
	}

	@Test
	void whenTheClientClosesEndsTheSession() {
		TestClient client = connect("");
		await().until(() -> this.engine.sessionCount() == 1);
		client.socket().sendClose(1000, "").join();
		awaitNoSession();
	}

	@Test
	void whenTheConnectionIsLostEndsTheSession() {
		TestClient client = connect("");
		await().until(() -> this.engine.sessionCount() == 1);
		client.socket().abort();
		awaitNoSession();
	}

	@Test
	void whenTheEngineRefusesTheSessionEndsIt() throws Exception {
		this.engine.drain(() -> {
		});
		TestClient client = connect("");
		assertThat(client.ending()).isEqualTo("3001 shutdown");
		awaitNoSession();
	}

	@Test
	void whenTheSessionCannotBeOpenedClosesTheSocket(CapturedOutput output) throws Exception {
		this.transports = (session, binary) -> {
			throw new IllegalStateException("expected");
		};
		TestClient client = connect("");
		assertThat(client.ending()).startsWith("1011 ");
		assertThat(output).contains("A session failed and is closed");
	}

	private TestClient connect(String suffix) {
		return new TestClient(this.server.uri("ws", suffix));
	}

	private void awaitNoSession() {
		await().until(() -> this.engine.sessionCount() == 0);
	}

	private static RealtimeEngine engine() {
		EngineSettings settings = new EngineSettings(Duration.ofSeconds(10), Duration.ofSeconds(25),
				Duration.ofSeconds(8), true, 256, 0, 0, 64, 65536, 300, Duration.ofSeconds(2),
				new OutboundLimits(1 << 20, 10_000, 60_000, Duration.ofSeconds(15).toNanos()), 0, 100,
				Duration.ofMillis(100), Duration.ofSeconds(5));
		return new RealtimeEngine(settings, new Namespaces(Map.of()), new LocalRoomRelay(Clock.systemUTC()),
				new InMemoryPresenceStore(),
				new ApplicationCode(List.of(), List.of(), List.of(), List.of(), RealtimeHandlers.NONE), Runnable::run,
				new JsonPayloadConverter(JsonMapper.builder().build()), PublishGuarantees.NONE,
				new LocalControlBus(new InMemoryBanStore(System::nanoTime)));
	}

}
