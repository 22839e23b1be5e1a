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

package dev.realtime.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.realtime.DisconnectReason;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.protocol.JsonWireCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of sessions that end with a login of the web application, on two nodes.
 */
@Timeout(60)
class LoginEndTests {

	private static final int RACES = 1_000;

	private final JoinedControlBuses buses = new JoinedControlBuses();

	private final EngineHarness here = new EngineHarness();

	private final EngineHarness there = new EngineHarness();

	@BeforeEach
	void start() {
		this.here.bus = this.buses.add();
		this.there.bus = this.buses.add();
		this.here.engine();
		this.there.engine();
	}

	@AfterEach
	void stop() {
		this.here.close();
		this.there.close();
		this.buses.close();
	}

	@Test
	void sessionsEndWithTheirLoginOnAllNodes() {
		TestSession one = open(this.here, "one");
		TestSession two = open(this.there, "one");
		TestSession other = open(this.there, "two");
		end("one");
		assertEnded(one);
		assertEnded(two);
		assertThat(other.inbound.session().isEnding()).isFalse();
	}

	@Test
	void aHandshakeThatComesAfterTheEndIsTooLate() {
		open(this.there, "two");
		end("one");
		assertEnded(open(this.here, "one"));
		assertEnded(open(this.there, "one"));
	}

	@Test
	void sessionsRaceWithTheEndOfTheirLogin() throws Exception {
		for (int i = 0; i < RACES; i++) {
			String login = "login" + i;
			CompletableFuture<TestSession> opened = CompletableFuture.supplyAsync(() -> open(this.here, login));
			this.here.engine().gateway().endLogin(login);
			assertEnded(opened.get(10, TimeUnit.SECONDS));
		}
	}

	@Test
	void aNodeThatGoesDownLetsLoginsEndOnlyHere() {
		TestSession one = open(this.here, "one");
		TestSession two = open(this.there, "one");
		this.here.engine().drain(() -> {
		});
		end("one");
		assertThat(one.inbound.session().isEnding()).isTrue();
		assertThat(two.inbound.session().isEnding()).isFalse();
	}

	private void end(String login) {
		this.here.engine().gateway().endLogin(login).toCompletableFuture().join();
	}

	private static TestSession open(EngineHarness node, String login) {
		FakeTransport transport = new FakeTransport();
		return new TestSession(transport,
				node.engine().gateway().open(transport, new JsonWireCodec(), () -> "ann", false, login));
	}

	private static void assertEnded(TestSession session) {
		assertThat(session.inbound.session().isEnding()).isTrue();
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> DisconnectReason.SESSION_ENDED.equals(session.transport.closed()));
	}

}
