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

package dev.realtime.websocket.tomcat;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import dev.realtime.websocket.EndpointServer;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;

import org.springframework.web.socket.handler.AbstractWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

class TomcatTuningTests {

	@Test
	void raisesTheLimits() throws Exception {
		try (EndpointServer server = start(new TomcatTuning(true, true)::apply)) {
			assertThat(protocol(server).getMaxConnections()).isEqualTo(100_000);
			assertThat(protocol(server).getAcceptCount()).isEqualTo(1_000);
		}
	}

	@Test
	void whenAnotherCustomizerComesLaterRaisesTheLimits() throws Exception {
		Consumer<Connector> tuning = new TomcatTuning(true, true)::apply;
		try (EndpointServer server = start(
				tuning.andThen((connector) -> connector.setProperty("maxConnections", "8192")))) {
			assertThat(protocol(server).getMaxConnections()).isEqualTo(100_000);
		}
	}

	@Test
	void whenTheLimitsAreTheUsersLeavesThem() throws Exception {
		Consumer<Connector> tuning = new TomcatTuning(false, false)::apply;
		try (EndpointServer server = start(tuning.andThen((connector) -> {
			connector.setProperty("maxConnections", "77");
			connector.setProperty("acceptCount", "11");
		}))) {
			assertThat(protocol(server).getMaxConnections()).isEqualTo(77);
			assertThat(protocol(server).getAcceptCount()).isEqualTo(11);
		}
	}

	@Test
	void whenConnectionsAreUnlimitedLeavesThem() throws Exception {
		Consumer<Connector> tuning = new TomcatTuning(true, true)::apply;
		try (EndpointServer server = start(
				tuning.andThen((connector) -> connector.setProperty("maxConnections", "-1")))) {
			assertThat(protocol(server).getMaxConnections()).isEqualTo(-1);
		}
	}

	@Test
	void wrapsTheExecutorThatTomcatMakes() throws Exception {
		Consumer<Connector> tuning = new TomcatTuning(true, true)::apply;
		try (EndpointServer server = start(tuning.andThen((connector) -> {
			connector.setProperty("maxThreads", "23");
			connector.setProperty("minSpareThreads", "3");
		}))) {
			CompletionExecutor executor = (CompletionExecutor) protocol(server).getExecutor();
			assertThat(executor.getMaxThreads()).isEqualTo(23);
			assertThat(executor.getPoolSize()).isEqualTo(3);
		}
	}

	@Test
	void survivesThatTheConnectorIsStoppedAndStarted() throws Exception {
		Consumer<Connector> tuning = new TomcatTuning(true, true)::apply;
		try (EndpointServer server = start(tuning.andThen((connector) -> connector.setProperty("maxThreads", "23")))) {
			CompletionExecutor first = (CompletionExecutor) protocol(server).getExecutor();
			server.connector().stop();
			assertThat(protocol(server).getExecutor()).isNull();
			assertThat(first.getPoolSize()).isZero();
			server.connector().start();
			CompletionExecutor second = (CompletionExecutor) protocol(server).getExecutor();
			assertThat(second).isNotSameAs(first);
			assertThat(second.getMaxThreads()).isEqualTo(23);
		}
	}

	@Test
	void whenTheExecutorIsTheUsersItIsWrappedAndNotShutDown() throws Exception {
		ExecutorService users = Executors.newCachedThreadPool();
		Consumer<Connector> tuning = new TomcatTuning(true, true)::apply;
		try (EndpointServer server = start(tuning.andThen((connector) -> setExecutor(connector, users)))) {
			assertThat(protocol(server).getExecutor()).isInstanceOf(CompletionExecutor.class);
			server.connector().stop();
			assertThat(protocol(server).getExecutor()).isSameAs(users);
			assertThat(users.isShutdown()).isFalse();
			server.connector().start();
			assertThat(protocol(server).getExecutor()).isInstanceOf(CompletionExecutor.class);
		}
		finally {
			users.shutdownNow();
		}
	}

	private static void setExecutor(Connector connector, Executor executor) {
		((AbstractProtocol<?>) connector.getProtocolHandler()).setExecutor(executor);
	}

	private static EndpointServer start(Consumer<Connector> customizer) throws Exception {
		return new EndpointServer(new AbstractWebSocketHandler() {
		}, List.of(), customizer);
	}

	private static AbstractProtocol<?> protocol(EndpointServer server) {
		return (AbstractProtocol<?>) server.connector().getProtocolHandler();
	}

}
