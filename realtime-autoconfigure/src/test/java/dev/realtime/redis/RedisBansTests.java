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

package dev.realtime.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.core.ApplicationCode;
import dev.realtime.core.EngineSettings;
import dev.realtime.core.JsonPayloadConverter;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.Namespaces;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.relay.RelayObserver;
import dev.realtime.session.LocalSession;
import dev.realtime.session.OutboundLimits;
import dev.realtime.session.Transport;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests what becomes of bans when nodes and Redis come and go.
 */
@Timeout(60)
class RedisBansTests {

	private final List<Node> nodes = new ArrayList<>();

	private RedisServer server;

	private Node here;

	private Node there;

	@BeforeEach
	void start() {
		this.server = RedisServer.create().start();
		this.here = add("a");
		this.there = add("b");
		await().until(() -> this.here.others().equals(Set.of("b")) && this.there.others().equals(Set.of("a")));
	}

	private Node add(String name) {
		Node node = new Node(this.server.uri(), name);
		this.nodes.add(node);
		return node;
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(Node::close);
		this.server.close();
	}

	@Test
	void bannedUsersAreOutOnAllNodesWhenItReturns() {
		LocalSession session = this.there.attach("ann");
		long start = System.nanoTime();
		this.here.operations.ban("ann");
		assertThat(session.isEnding()).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
		assertThat(this.there.attach("ann").isEnding()).isTrue();
		this.there.operations.unban("ann");
		assertThat(this.here.attach("ann").isEnding()).isFalse();
	}

	@Test
	void newNodesKnowBansBeforeTheyAreReady() {
		this.here.operations.ban("ann", Duration.ofHours(1));
		this.here.operations.ban("bob", Duration.ofSeconds(2));
		Node late = add("c");
		assertThat(late.attach("ann").isEnding()).isTrue();
		await().until(() -> !late.attach("bob").isEnding());
	}

	@Test
	void whenRedisIsEmptyAfterwardsBansAreStillThere() {
		this.here.operations.ban("ann");
		this.here.operations.ban("bob", Duration.ofHours(1));
		this.here.operations.ban("carl");
		this.there.operations.unban("carl");
		this.server.restart();
		await().untilAsserted(() -> assertThat(this.server.cli("ZRANGE", "rt:{0}:b:banned", "0", "-1").lines())
			.containsExactly("bob", "ann"));
		Node late = add("c");
		assertThat(late.attach("ann").isEnding()).isTrue();
		assertThat(late.attach("carl").isEnding()).isFalse();
		assertThat(this.there.attach("ann").isEnding()).isTrue();
	}

	@Test
	void whenThereIsNoRedisABanHoldsHereAndIsAnnouncedLater() {
		LocalSession here = this.here.attach("ann");
		LocalSession there = this.there.attach("ann");
		this.server.kill();
		long start = System.nanoTime();
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> this.here.operations.ban("ann"));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2_500));
		assertThat(here.isEnding()).isTrue();
		assertThat(there.isEnding()).isFalse();
		assertThat(this.here.attach("ann").isEnding()).isTrue();
		this.server.start();
		await().until(there::isEnding);
		assertThat(this.there.attach("ann").isEnding()).isTrue();
	}

	@Test
	void disconnectsOnAllNodes() {
		LocalSession session = this.there.attach("ann");
		this.here.operations.disconnect("ann", DisconnectReason.FORCE_DISCONNECT);
		assertThat(session.isEnding()).isTrue();
		LocalSession again = this.there.attach("ann");
		this.here.operations.disconnectSession(again.id(), DisconnectReason.FORCE_DISCONNECT);
		assertThat(again.isEnding()).isTrue();
	}

	/**
	 * A node without sockets.
	 */
	private static final class Node implements AutoCloseable {

		private final RedisConnector connector;

		private final RedisRoomRelay relay;

		private final RealtimeEngine engine;

		private final RealtimeOperations operations;

		Node(String address, String name) {
			RedisURI uri = RedisURI.create(address);
			RedisClient client = RedisClient.create(uri);
			client.setOptions(ClientOptions.builder().autoReconnect(false).build());
			this.connector = new RedisConnector(client, uri);
			this.relay = new RedisRoomRelay(this.connector, new RedisRelaySettings("rt:", 0, 64, "app", name,
					Duration.ofSeconds(2), Duration.ofSeconds(5), true), RelayObserver.NONE, NodeTimes.DEFAULT);
			EngineSettings settings = new EngineSettings(Duration.ofSeconds(10), Duration.ofSeconds(25),
					Duration.ofSeconds(8), true, 256, 0, 0, 64, 65536, 300, Duration.ofSeconds(2),
					new OutboundLimits(1 << 20, 10_000, 60_000, Duration.ofSeconds(15).toNanos()), 0, 100,
					Duration.ofMillis(100), Duration.ofSeconds(5));
			this.engine = new RealtimeEngine(settings, new Namespaces(Map.of()), this.relay,
					new InMemoryPresenceStore(),
					new ApplicationCode(List.of(), List.of(), List.of(), List.of(), RealtimeHandlers.NONE),
					Runnable::run, new JsonPayloadConverter(JsonMapper.builder().build()), PublishGuarantees.NONE,
					this.relay.controlBus());
			this.operations = this.engine.operations();
			this.engine.start();
			this.engine.accept();
		}

		Set<String> others() {
			return this.relay.running().nodes().others();
		}

		LocalSession attach(String user) {
			return this.engine.gateway().attach(new NoTransport(), new JsonWireCodec(), Identity.of(user));
		}

		@Override
		public void close() {
			this.engine.close();
			this.connector.close();
		}

	}

	/**
	 * A socket that leads nowhere.
	 */
	private static final class NoTransport implements Transport {

		@Override
		public void send(byte[] frame, Completion completion) {
			completion.completed(null);
		}

		@Override
		public void ping() {
		}

		@Override
		public void suspend() {
		}

		@Override
		public void resume() {
		}

		@Override
		public void close(DisconnectReason reason) {
		}

		@Override
		public String remoteAddress() {
			return "127.0.0.1";
		}

	}

}
