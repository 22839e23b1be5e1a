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
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.BanStoreContract;
import dev.realtime.control.ControlCodec;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import dev.realtime.relay.RelayObserver;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the control bus of two nodes on one Redis.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class RedisControlTests {

	private static final ControlMessage KICK = new ControlMessage.DisconnectUser("ann", DisconnectReason.INTERNAL);

	private static final NodeTimes TIMES = new NodeTimes(Duration.ofMillis(100), Duration.ofMillis(1_500),
			Duration.ofMillis(300));

	private final List<Node> nodes = new ArrayList<>();

	private RedisServer server;

	private RedisClient client;

	private StatefulRedisConnection<byte[], byte[]> stranger;

	private Node here;

	private Node there;

	@BeforeAll
	void start() {
		this.server = RedisServer.create().start();
		this.client = RedisClient.create(this.server.uri());
		this.here = add("a");
		this.there = add("b");
		awaitNodes(this.here, "b");
		awaitNodes(this.there, "a");
	}

	private static void awaitNodes(Node node, String... others) {
		await().until(() -> node.relay.running().nodes().others().equals(Set.of(others)));
	}

	private Node add(String name) {
		Node node = new Node(this.server.uri(), name);
		this.nodes.add(node);
		return node;
	}

	@AfterAll
	void stop() {
		this.nodes.forEach(Node::close);
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
		this.server.close();
	}

	@BeforeEach
	void connect() {
		this.stranger = this.client.connect(ByteArrayCodec.INSTANCE);
	}

	@AfterEach
	void reset() {
		this.stranger.close();
		this.there.answer = CompletableFuture.completedFuture(null);
		this.nodes.forEach((node) -> node.heard.clear());
	}

	@Test
	void whatIsBroadcastIsDoneByTheOthersWhenTheStageCompletes() throws Exception {
		long start = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			ControlMessage message = new ControlMessage.Refresh("user" + i);
			broadcast(this.here, message).get(2, TimeUnit.SECONDS);
			assertThat(this.there.heard).last().isEqualTo(message);
		}
		assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
		assertThat(this.there.heard).hasSize(100);
		assertThat(this.here.heard).isEmpty();
	}

	@Test
	void messagesKeepTheirOrder() {
		List<ControlMessage> messages = IntStream.range(0, 1_000)
			.<ControlMessage>mapToObj((i) -> new ControlMessage.SendToUser("ann", Payload.ofJson("" + i)))
			.toList();
		messages.forEach(this.here.relay.controlBus()::send);
		await().untilAsserted(() -> assertThat(this.there.heard).hasSize(1_000));
		assertThat(this.there.heard).containsExactlyElementsOf(messages);
	}

	@Test
	void whenANodeDoesNotAnswerFailsInTimeAndNamesIt() {
		this.there.answer = new CompletableFuture<>();
		assertFails(broadcast(this.here, KICK), "1 of 1 other nodes have not confirmed it in time: [b]");
		assertThat(this.there.heard).containsExactly(KICK);
	}

	@Test
	void whenANodeDoesNotUnderstandItDoesNotConfirm() {
		this.there.answer = CompletableFuture.failedFuture(new IllegalStateException());
		assertFails(broadcast(this.here, KICK), "[b]");
	}

	@Test
	void whenANodeIsNotAliveAnyMoreNobodyWaitsForIt() throws Exception {
		Node third = add("c");
		awaitNodes(this.here, "b", "c");
		third.answer = new CompletableFuture<>();
		CompletableFuture<?> stage = broadcast(this.here, KICK);
		await().until(() -> !third.heard.isEmpty());
		this.nodes.remove(third);
		third.close();
		stage.get(1500, TimeUnit.MILLISECONDS);
		awaitNodes(this.here, "b");
	}

	@Test
	void whenRedisIsEmptyAfterwardsTheOthersAreStillWaitedFor() throws Exception {
		this.server.restart();
		await().untilAsserted(() -> broadcast(this.here, KICK).get(3, TimeUnit.SECONDS));
		this.there.answer = new CompletableFuture<>();
		assertFails(broadcast(this.here, KICK), "[b]");
	}

	@Test
	void whenANodeIsJustReconnectingItHearsItAllTheSame() throws Exception {
		for (int i = 0; i < 5; i++) {
			this.server.cli("CLIENT", "KILL", "TYPE", "pubsub");
			broadcast(this.here, KICK).get(3, TimeUnit.SECONDS);
			assertThat(this.there.heard).containsExactly(KICK);
			this.there.heard.clear();
		}
	}

	@Test
	void whenRedisHangsFailsInTime() {
		this.server.pause();
		try {
			assertFails(broadcast(this.here, KICK), "Redis has not accepted it in time");
		}
		finally {
			this.server.resume();
		}
		awaitLive();
	}

	@Test
	void whenRedisIsAReplicaNothingIsLostSilently() {
		this.server.cli("REPLICAOF", "127.0.0.1", "1");
		try {
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> broadcast(this.here, KICK).get(3, TimeUnit.SECONDS))
				.havingRootCause()
				.withMessageContaining("READONLY");
		}
		finally {
			this.server.cli("REPLICAOF", "NO", "ONE");
		}
		awaitLive();
	}

	@Test
	void bansAreKeptInTheSameStep() throws Exception {
		broadcast(this.here, new ControlMessage.Ban("ann", Duration.ofMinutes(1))).get(2, TimeUnit.SECONDS);
		String key = "rt:{0}:b:banned";
		long now = Long.parseLong(this.server.cli("TIME").lines().findFirst().orElseThrow());
		assertThat(Double.parseDouble(this.server.cli("ZSCORE", key, "ann")) / 1000).isBetween(now + 50.0, now + 61.0);
		broadcast(this.there, new ControlMessage.Unban("ann")).get(2, TimeUnit.SECONDS);
		assertThat(this.server.cli("ZCARD", key)).isEqualTo("0");
		assertThat(this.server.cli("ZCARD", "rt:{0}:b:lifted")).isNotEqualTo("0");
	}

	@Test
	void whenRedisIsDownFailsAndAfterwardsNodesAreToldToLoad() {
		this.here.resumed = 0;
		this.there.resumed = 0;
		this.server.kill();
		try {
			assertFails(broadcast(this.here, KICK), "Redis has not accepted it");
			await().untilAsserted(() -> assertFails(broadcast(this.here, KICK), "There is no Redis"));
			assertFails(this.here.relay.controlBus().bans().all().toCompletableFuture(), "There is no Redis");
		}
		finally {
			this.server.start();
		}
		await().until(() -> this.here.resumed > 0 && this.there.resumed > 0);
		awaitLive();
	}

	@Test
	void garbageAndWhatOthersHaveForgedIsIgnoredWithFewLines(CapturedOutput output) throws Exception {
		RedisKeys keys = new RedisKeys(this.here.settings);
		byte[] good = sealed("app", "c#1", ControlCodec.encode(KICK));
		List<byte[]> bad = new ArrayList<>(List.of(new byte[0], RedisKeys.bytes("kick ann"), new byte[1 << 20],
				sealed("other", "c#1", ControlCodec.encode(KICK)), sealed("app", "", ControlCodec.encode(KICK)),
				sealed("app", "x".repeat(1025), ControlCodec.encode(KICK)), sealed("app", "c#1", RedisKeys.bytes("?")),
				sealed("app", "c#1", new byte[] { 8, 99 }), sealed("app", "a", new byte[0]), version2(good),
				ControlCodec.encode(KICK)));
		bad.addAll(mutations(good, 2_000));
		List<String> answers = this.server.cli("PUBSUB", "CHANNELS", "rt:*:a0:*").lines().toList();
		assertThat(answers).hasSize(2);
		for (byte[] message : bad) {
			this.stranger.sync().publish(RedisKeys.bytes(keys.controlChannel()), message);
			answers.forEach((channel) -> this.stranger.sync().publish(RedisKeys.bytes(channel), message));
		}
		this.there.answer = new CompletableFuture<>();
		CompletableFuture<?> stage = broadcast(this.here, KICK);
		await().untilAsserted(() -> assertThat(this.there.heard).containsExactly(KICK));
		answers.forEach((channel) -> this.stranger.sync().publish(RedisKeys.bytes(channel), good));
		assertFails(stage, "[b]");
		assertThat(this.here.heard).isEmpty();
		assertThat(count(output, "channel")).isBetween(2, 30);
	}

	@Test
	void whatIsSentTwiceIsDoneOnce() {
		RedisKeys keys = new RedisKeys(this.here.settings);
		byte[] message = sealed("app", "c#1", ControlCodec.encode(KICK));
		for (int i = 0; i < 10; i++) {
			this.stranger.sync().publish(RedisKeys.bytes(keys.controlChannel()), message);
		}
		ControlMessage last = new ControlMessage.Refresh("ann");
		broadcast(this.here, last).join();
		assertThat(this.there.heard).containsExactly(KICK, last);
	}

	private static int count(CapturedOutput output, String text) {
		return (int) output.toString().lines().filter((line) -> line.contains(text)).count();
	}

	private byte[] sealed(String application, String sender, byte[] body) {
		ControlSeal seal = new ControlSeal(new RedisKeys(this.here.settings).controlChannel() + " " + application,
				null);
		return seal
			.close(new ControlEnvelope(UUID.randomUUID().toString(), sender, true, Payload.ofBytes(body)).encode());
	}

	private static byte[] version2(byte[] message) {
		byte[] result = message.clone();
		result[0] = '2';
		return result;
	}

	private static List<byte[]> mutations(byte[] message, int count) {
		Random random = new Random(20260101);
		return IntStream.range(0, count).mapToObj((i) -> {
			byte[] result = message.clone();
			result[random.nextInt(result.length)] ^= (byte) (1 + random.nextInt(255));
			return result;
		}).toList();
	}

	private static CompletableFuture<?> broadcast(Node node, ControlMessage message) {
		return node.relay.controlBus().broadcast(message).toCompletableFuture();
	}

	private static void assertFails(CompletableFuture<?> stage, String message) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> stage.get(2500, TimeUnit.MILLISECONDS))
			.havingCause()
			.isInstanceOf(RelayUnavailableException.class)
			.withMessageContaining(message);
	}

	private void awaitLive() {
		await().untilAsserted(() -> broadcast(this.here, KICK).get(1, TimeUnit.SECONDS));
		await().untilAsserted(() -> broadcast(this.there, KICK).get(1, TimeUnit.SECONDS));
	}

	@Nested
	class BanStoreTests extends BanStoreContract {

		@Override
		protected BanStore store() {
			return RedisControlTests.this.here.relay.controlBus().bans();
		}

	}

	/**
	 * A node that writes down what it hears.
	 */
	private static final class Node implements ControlListener, AutoCloseable {

		private final List<ControlMessage> heard = new CopyOnWriteArrayList<>();

		private final RedisConnector connector;

		private final RedisRelaySettings settings;

		private final RedisRoomRelay relay;

		private volatile CompletionStage<Void> answer = CompletableFuture.completedFuture(null);

		private volatile int resumed;

		Node(String address, String name) {
			RedisURI uri = RedisURI.create(address);
			RedisClient client = RedisClient.create(uri);
			client.setOptions(ClientOptions.builder().autoReconnect(false).build());
			this.connector = new RedisConnector(client, uri);
			this.settings = new RedisRelaySettings("rt:", 0, 64, "app", name, Duration.ofSeconds(2),
					Duration.ofSeconds(5), true);
			this.relay = new RedisRoomRelay(this.connector, this.settings, RelayObserver.NONE, TIMES);
			this.relay.controlBus().listen(this);
			this.relay.start();
		}

		@Override
		public CompletionStage<Void> handle(ControlMessage message) {
			this.heard.add(message);
			return this.answer;
		}

		@Override
		public void resumed() {
			this.resumed++;
		}

		@Override
		public void close() {
			this.relay.stop();
			this.connector.close();
		}

	}

}
