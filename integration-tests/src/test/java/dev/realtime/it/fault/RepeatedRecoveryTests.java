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
import java.util.stream.IntStream;

import dev.realtime.Payload;
import dev.realtime.redis.RedisServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One client that recovers again and again.
 */
@Tag("fault")
class RepeatedRecoveryTests {

	private static final String ROOM = "chat:recovery";

	private final List<Integer> received = new ArrayList<>();

	private long offset;

	private String epoch = "";

	@Test
	void everyMessageComesOnceInFiftyRecoveries() {
		recover(50);
	}

	@Test
	void everyMessageComesOnceInFiftyRecoveriesOnChangingNodes() {
		recoverWithRedis(50);
	}

	@Test
	@Tag("long")
	void everyMessageComesOnceInFiveThousandRecoveries() {
		recover(5_000);
	}

	@Test
	@Tag("long")
	void everyMessageComesOnceInFiveThousandRecoveriesOnChangingNodes() {
		recoverWithRedis(5_000);
	}

	private void recover(int times) {
		try (FaultNode node = new FaultNode(); Sockets sockets = new Sockets(node.port())) {
			recover(times, node, sockets);
		}
	}

	private void recoverWithRedis(int times) {
		try (RedisServer server = RedisServer.create().start();
				FaultNode here = RedisRun.node(server.port());
				FaultNode there = RedisRun.node(server.port());
				Sockets socketsHere = new Sockets(here.port());
				Sockets socketsThere = new Sockets(there.port())) {
			recover(times, here, socketsHere, socketsThere);
		}
	}

	private void recover(int times, FaultNode node, Sockets... nodes) {
		Random random = new Random(17);
		int published = 0;
		for (int i = 0; i <= times; i++) {
			try (FaultClient client = nodes[i % nodes.length].open().connect("u")) {
				assertThat(client.next().has("connect")).isTrue();
				JsonNode reply = client
					.ask((i == 0) ? "{'id':2,'subscribe':{'channel':'" + ROOM + "'}}"
							: "{'id':2,'subscribe':{'channel':'" + ROOM + "','recover':true,'offset':" + this.offset
									+ ",'epoch':'" + this.epoch + "'}}")
					.path("subscribe");
				subscribed(reply, i > 0);
				assertThat(this.received).as("after recovery %d", i).hasSize(published);
				published = publish(node, published, random.nextInt(4));
				while (this.received.size() < published) {
					take(client.nextPublication());
				}
				end(client, i);
			}
			published = publish(node, published, random.nextInt(4));
		}
		assertThat(this.received).isEqualTo(IntStream.rangeClosed(1, this.received.size()).boxed().toList());
	}

	private void subscribed(JsonNode reply, boolean again) {
		assertThat(reply.path("recovered").asBoolean(false)).as(reply.toString()).isEqualTo(again);
		assertThat(reply.path("was_recovering").asBoolean(false)).as(reply.toString()).isEqualTo(again);
		assertThat(reply.path("offset").asLong(0)).isEqualTo(this.offset);
		assertThat(this.epoch.isEmpty() || this.epoch.equals(reply.path("epoch").asString())).isTrue();
		this.epoch = reply.path("epoch").asString();
		reply.path("publications").forEach(this::take);
	}

	private void take(JsonNode publication) {
		assertThat(publication.path("offset").asLong()).isEqualTo(++this.offset);
		this.received.add(publication.path("data").asInt());
	}

	private static int publish(FaultNode node, int before, int count) {
		for (int i = 1; i <= count; i++) {
			node.operations().publish(ROOM, Payload.ofJson(Integer.toString(before + i)));
		}
		return before + count;
	}

	private static void end(FaultClient client, int way) {
		switch (way % 3) {
			case 0 -> client.closeFrame();
			case 1 -> client.finish();
			default -> client.reset();
		}
	}

}
