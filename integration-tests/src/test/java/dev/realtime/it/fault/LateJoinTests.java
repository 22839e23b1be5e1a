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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that join while another node publishes: between what a client recovers and what
 * comes then there is no hole, and nothing comes twice.
 */
@Tag("fault")
class LateJoinTests {

	private static final int CLIENTS = 12;

	private static final int ROOMS = 24;

	private static final int LIVE = 3;

	@Test
	void aThousandSeamsHaveNoHoleAndNothingTwice() throws Exception {
		join(1_000);
	}

	@Test
	@Tag("long")
	void tenThousandSeamsHaveNoHoleAndNothingTwice() throws Exception {
		join(10_000);
	}

	private static void join(int times) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS + 1);
		AtomicBoolean running = new AtomicBoolean(true);
		try (RedisServer server = RedisServer.create().start();
				FaultNode publishing = RedisRun.node(server.port());
				FaultNode listening = RedisRun.node(server.port());
				Sockets sockets = new Sockets(listening.port())) {
			Future<?> publisher = threads.submit(() -> publish(publishing, running));
			List<Future<?>> joins = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				int number = i;
				joins.add(threads.submit(() -> join(sockets, number, times / CLIENTS)));
			}
			for (Future<?> some : joins) {
				some.get(10, TimeUnit.MINUTES);
			}
			running.set(false);
			publisher.get(10, TimeUnit.SECONDS);
		}
		finally {
			running.set(false);
			threads.shutdownNow();
		}
	}

	private static void publish(FaultNode node, AtomicBoolean running) {
		Random random = new Random(16);
		while (running.get()) {
			// Two at once join the same call
			String room = "chat:late-" + random.nextInt(ROOMS);
			for (int i = random.nextInt(3); i >= 0; i--) {
				node.operations().publishAsync(room, Payload.ofJson("1"), PublishOptions.NONE);
			}
			LockSupport.parkNanos(1_000_000);
		}
	}

	private static void join(Sockets sockets, int number, int times) {
		Random random = new Random(number);
		for (int i = 0; i < times; i++) {
			// Nobody else is there, so that the room is new to the node or was just left
			String room = "chat:late-" + (number + ((i % 2 == 0) ? 0 : CLIENTS));
			try (FaultClient client = sockets.open().connect("u" + number)) {
				assertThat(client.next().has("connect")).isTrue();
				JsonNode left = client.ask("{'id':2,'subscribe':{'channel':'" + room + "'}}").path("subscribe");
				long offset = follow(client, left.path("offset").asLong(0), random.nextInt(LIVE));
				offset = leave(client, room, offset);
				LockSupport.parkNanos(random.nextInt(20_000_000));
				JsonNode reply = client
					.ask("{'id':4,'subscribe':{'channel':'" + room + "','recover':true,'offset':" + offset
							+ ",'epoch':'" + left.path("epoch").asString() + "'}}")
					.path("subscribe");
				assertThat(reply.path("recovered").asBoolean()).as(reply.toString()).isTrue();
				assertThat(reply.path("offset").asLong()).isEqualTo(offset);
				for (JsonNode publication : reply.path("publications")) {
					assertThat(publication.path("offset").asLong()).isEqualTo(++offset);
				}
				follow(client, offset, LIVE);
			}
		}
	}

	private static long follow(FaultClient client, long offset, int count) {
		long next = offset;
		for (int i = 0; i < count; i++) {
			assertThat(client.nextPublication().path("offset").asLong()).isEqualTo(++next);
		}
		return next;
	}

	private static long leave(FaultClient client, String room, long offset) {
		long last = offset;
		client.send("{'id':3,'unsubscribe':{'channel':'" + room + "'}}");
		JsonNode next = client.next();
		while (next.path("id").asInt(0) != 3) {
			assertThat(next.path("push").path("pub").path("offset").asLong()).isEqualTo(++last);
			next = client.next();
		}
		return last;
	}

}
