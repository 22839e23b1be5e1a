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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.RealtimeSession;
import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Joining, leaving, closing, publishing and being taken out, all at once on a few rooms:
 * what each client was told, in the order it was told, is where it is in the end.
 */
@Tag("fault")
class RegistryModelTests {

	private static final int ACTORS = 12;

	private static final int ROOMS = 3;

	private static final int BATCH = 8;

	private static final int KICKERS = 3;

	/** What a client is told that is taken out while it joins. */
	private static final int PERMISSION_DENIED = 103;

	private static final int ALREADY_SUBSCRIBED = 105;

	/** What a client is told whose user is taken out of something while it is checked. */
	private static final int TEMPORARY = 100;

	/** The same while it connects. */
	private static final int FORCE_RECONNECT = 3011;

	@Test
	void hundredThousandOperationsAgreeWithTheModel() throws Exception {
		try (FaultNode node = new FaultNode()) {
			run(100_000, node, node);
		}
	}

	@Test
	void operationsWithRedisAgreeWithTheModel() throws Exception {
		withRedis(20_000);
	}

	@Test
	@Tag("long")
	void millionOperationsAgreeWithTheModel() throws Exception {
		try (FaultNode node = new FaultNode()) {
			run(1_000_000, node, node);
		}
	}

	@Test
	@Tag("long")
	void millionOperationsWithRedisAgreeWithTheModel() throws Exception {
		withRedis(1_000_000);
	}

	private static void withRedis(int operations) throws Exception {
		try (RedisServer server = RedisServer.create().start();
				FaultNode node = RedisRun.node(server.port());
				FaultNode other = RedisRun.node(server.port())) {
			run(operations, node, other);
		}
	}

	/** The clients are on one node, and what is done to them is done on the other. */
	private static void run(int operations, FaultNode node, FaultNode other) throws Exception {
		AtomicInteger left = new AtomicInteger(operations);
		AtomicBoolean running = new AtomicBoolean(true);
		ExecutorService threads = Executors.newFixedThreadPool(KICKERS);
		try (Sockets sockets = new Sockets(node.port())) {
			List<Actor> actors = new ArrayList<>();
			for (int i = 0; i < ACTORS; i++) {
				actors.add(new Actor(i, left));
			}
			actors.forEach((actor) -> actor.enter(sockets));
			List<Future<?>> kickers = new ArrayList<>();
			for (int i = 0; i < KICKERS; i++) {
				int number = i;
				kickers.add(threads.submit(() -> kick(other, number, running)));
			}
			await().atMost(Duration.ofMinutes(5)).until(() -> actors.stream().allMatch((actor) -> actor.done));
			running.set(false);
			for (Future<?> kicker : kickers) {
				kicker.get(10, TimeUnit.SECONDS);
			}
			for (Actor actor : actors) {
				assertThat(actor.faults).as("user %s", actor.user).isEmpty();
			}
			await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> check(node, actors));
			for (Actor actor : actors) {
				assertThat(actor.faults).as("user %s", actor.user).isEmpty();
				actor.client.close();
			}
			node.awaitEmpty(Duration.ofSeconds(10));
		}
		finally {
			running.set(false);
			threads.shutdownNow();
		}
	}

	/** Compare what the clients were told with rooms, presence and events. */
	private static void check(FaultNode node, List<Actor> actors) {
		Set<String> members = new TreeSet<>();
		for (Actor actor : actors) {
			actor.rooms.forEach((room) -> members.add(actor.session + " " + room));
			List<RealtimeSession> sessions = node.operations().localSessions(actor.user);
			assertThat(sessions).extracting(RealtimeSession::id).containsExactly(actor.session);
			assertThat(sessions.get(0).rooms()).as("rooms of %s", actor.user)
				.containsExactlyInAnyOrderElementsOf(actor.rooms);
		}
		Set<String> present = new TreeSet<>();
		for (int room = 0; room < ROOMS; room++) {
			String name = "chat:" + room;
			node.operations().members(name).stream().map(Member::session).forEach((id) -> present.add(id + " " + name));
		}
		assertThat(present).as("presence").isEqualTo(members);
		assertThat(node.recorder().members()).as("events").containsExactlyInAnyOrderElementsOf(members);
		assertThat(node.recorder().faults()).isEmpty();
		assertThat(node.engine().sessionCount()).isEqualTo(ACTORS);
		assertThat(node.engine().roomCount()).isEqualTo(
				(int) members.stream().map((member) -> member.substring(member.indexOf(' '))).distinct().count());
	}

	private static void kick(FaultNode node, int number, AtomicBoolean running) {
		Random random = new Random(number);
		while (running.get()) {
			String room = "chat:" + random.nextInt(ROOMS);
			if (random.nextInt(3) == 0) {
				node.operations().publish(room, Payload.ofJson("0"));
			}
			else {
				// All kickers meet at the same few users
				node.operations().unsubscribe("u" + random.nextInt(ACTORS / 3), room);
			}
			LockSupport.parkNanos(20_000);
		}
	}

	/**
	 * One user with one session at a time, and what that was told.
	 */
	private static final class Actor implements FaultClient.Listener {

		private final Queue<String> faults = new ConcurrentLinkedQueue<>();

		private final Map<Integer, String> pending = new HashMap<>();

		private final Set<String> rooms = ConcurrentHashMap.newKeySet();

		/** Rooms that it has been in without being taken out by the server since. */
		private final Set<String> unended = new HashSet<>();

		private final String user;

		private final Random random;

		private final AtomicInteger left;

		private volatile boolean done;

		private volatile FaultClient client;

		private volatile String session = "";

		private Sockets sockets;

		private int lastId;

		private Actor(int number, AtomicInteger left) {
			this.user = "u" + number;
			this.random = new Random(number);
			this.left = left;
		}

		private void enter(Sockets sockets) {
			this.sockets = sockets;
			this.rooms.clear();
			this.unended.clear();
			this.pending.clear();
			FaultClient opened = sockets.open(this, 0).connect(this.user);
			this.client = opened;
			this.lastId = 1;
			opened.closed().whenComplete((code, failure) -> {
				if (opened == this.client && code == FORCE_RECONNECT) {
					enter(sockets);
				}
			});
		}

		@Override
		public void message(FaultClient client, String message) {
			if (client != this.client) {
				return;
			}
			JsonNode node = FaultClient.parse(message);
			int id = node.path("id").asInt(0);
			if (id == 0) {
				push(node.path("push"));
				return;
			}
			if (id == 1) {
				this.session = node.path("connect").path("client").asString();
			}
			else {
				reply(node, this.pending.remove(id));
			}
			if (this.pending.isEmpty()) {
				act();
			}
		}

		private void push(JsonNode push) {
			String room = push.path("channel").asString();
			if (push.has("unsubscribe")) {
				this.rooms.remove(room);
				expect(this.unended.remove(room) || this.pending.containsValue("subscribe " + room),
						"taken out again: " + push);
			}
			else if (push.has("pub")) {
				expect(this.rooms.contains(room), "publication without membership: " + push);
			}
		}

		private void reply(JsonNode reply, String command) {
			String room = command.substring(command.indexOf(' ') + 1);
			if (command.startsWith("subscribe")) {
				int error = reply.path("error").path("code").asInt(0);
				expect(error == 0 || error == TEMPORARY || error == ALREADY_SUBSCRIBED || error == PERMISSION_DENIED,
						command + ": " + reply);
				if (error == 0) {
					this.unended.add(room);
					expect(this.rooms.add(room), "joined twice: " + reply);
				}
			}
			else if (command.startsWith("unsubscribe")) {
				expect(reply.has("unsubscribe"), command + ": " + reply);
				this.rooms.remove(room);
			}
			else {
				expect(reply.has("publish"), command + ": " + reply);
			}
		}

		private void expect(boolean condition, String fault) {
			if (!condition && this.faults.size() < 10) {
				this.faults.add(fault);
			}
		}

		private void act() {
			if (this.left.addAndGet(-BATCH) < 0) {
				this.done = true;
				return;
			}
			if (this.random.nextInt(200) == 0) {
				again();
				return;
			}
			StringBuilder frame = new StringBuilder();
			for (int i = 0; i < BATCH; i++) {
				String room = "chat:" + this.random.nextInt(ROOMS);
				int kind = this.random.nextInt(10);
				String command = (kind < 4) ? "subscribe" : (kind < 7) ? "unsubscribe" : "publish";
				String data = command.equals("publish") ? ",'data':1" : "";
				this.pending.put(++this.lastId, command + " " + room);
				frame.append("{'id':" + this.lastId + ",'" + command + "':{'channel':'" + room + "'" + data + "}}\n");
			}
			this.client.send(frame.toString());
		}

		private void again() {
			switch (this.random.nextInt(3)) {
				case 0 -> this.client.closeFrame();
				case 1 -> this.client.reset();
				default -> {
					// Commands that nobody waits for
					this.client.send("{'id':9999999,'subscribe':{'channel':'chat:0'}}");
					this.client.close();
				}
			}
			enter(this.sockets);
		}

	}

}
