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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.realtime.Member;
import dev.realtime.presence.PresenceListener;
import dev.realtime.relay.RelayObserver;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;

import org.springframework.test.util.ReflectionTestUtils;

import static org.awaitility.Awaitility.await;

/**
 * A node of a test, with a relay for its members alone.
 */
final class PresenceNode implements AutoCloseable {

	/** Quicker than in real life. */
	static final NodeTimes TIMES = new NodeTimes(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofMillis(500));

	static final int PARTITIONS = 4;

	final List<String> gone = new CopyOnWriteArrayList<>();

	final List<String> lost = new CopyOnWriteArrayList<>();

	/** Rooms that are occupied again after a plus, vacated elsewhere after a minus. */
	final List<String> occupancy = new CopyOnWriteArrayList<>();

	private final RedisConnector connector;

	private final RedisRoomRelay relay;

	private final RedisPresenceStore store;

	private CompletableFuture<Void> freeze = new CompletableFuture<>();

	PresenceNode(RedisServer server, String name) {
		RedisURI uri = RedisURI.create(server.uri());
		RedisClient client = RedisClient.create();
		client.setOptions(ClientOptions.builder()
			.autoReconnect(false)
			.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
			.build());
		this.connector = new RedisConnector(client, uri);
		RedisRelaySettings settings = new RedisRelaySettings("rt:test:", 0, PARTITIONS, "test", name,
				Duration.ofSeconds(2), Duration.ofSeconds(5), false);
		this.relay = new RedisRoomRelay(this.connector, settings, RelayObserver.NONE, TIMES);
		this.store = new RedisPresenceStore(this.relay);
		this.store.listen(new Recorder());
	}

	PresenceNode start() {
		this.relay.start();
		return this;
	}

	void stop() {
		this.relay.stop();
	}

	RedisPresenceStore store() {
		return this.store;
	}

	NodeRegistry registry() {
		return node().presence().registry();
	}

	private RedisNode node() {
		return (RedisNode) ReflectionTestUtils.getField(this.relay, "node");
	}

	int add(String room, String session) {
		return this.store.add(room, new Member("user", session))
			.toCompletableFuture()
			.orTimeout(5, TimeUnit.SECONDS)
			.join();
	}

	int remove(String room, String session) {
		return this.store.remove(room, session).toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
	}

	List<String> members(String room) {
		return this.store.members(room)
			.toCompletableFuture()
			.orTimeout(5, TimeUnit.SECONDS)
			.join()
			.stream()
			.map(Member::session)
			.toList();
	}

	/**
	 * Wait until Redis has been there for so long that the node cleans up after others.
	 */
	void awaitTrust() {
		await().until(() -> registry().isTrusted());
	}

	/** End as a process does that is killed. */
	void kill() {
		this.connector.close();
		worker().shutdownNow();
	}

	/** Do nothing more until {@link #thaw()}. */
	void freeze() {
		this.freeze = new CompletableFuture<>();
		CompletableFuture<Void> frozen = new CompletableFuture<>();
		worker().execute(() -> {
			frozen.complete(null);
			this.freeze.join();
		});
		frozen.join();
	}

	void thaw() {
		this.freeze.complete(null);
	}

	private ScheduledExecutorService worker() {
		return (ScheduledExecutorService) ReflectionTestUtils.getField(node(), "worker");
	}

	@Override
	public void close() {
		thaw();
		this.relay.stop();
		this.connector.close();
	}

	private final class Recorder implements PresenceListener {

		@Override
		public void gone(String room, Member member, int occupancy) {
			PresenceNode.this.gone.add(room + " " + member.session() + " " + occupancy);
		}

		@Override
		public void lost(String room, String session) {
			PresenceNode.this.lost.add(room + " " + session);
		}

		@Override
		public void occupied(String room) {
			PresenceNode.this.occupancy.add("+" + room);
		}

		@Override
		public void vacated(String room) {
			PresenceNode.this.occupancy.add("-" + room);
		}

	}

}
