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

import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.RelayUnavailableException;
import dev.realtime.control.ControlCodec;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import dev.realtime.relay.RelayObserver;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for control messages that are sealed with a secret, and for somebody who has
 * redis-cli and knows everything but that.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RedisControlSecretTests {

	private static final String SECRET = "correct horse battery staple";

	private static final ControlMessage KICK = new ControlMessage.DisconnectUser("ann", DisconnectReason.INTERNAL);

	private final RedisServer server = RedisServer.create().start();

	private final List<Node> nodes = new ArrayList<>();

	@AfterEach
	void stop() {
		this.nodes.forEach(Node::close);
		this.server.close();
	}

	private Node add(String name, @Nullable String secret) {
		Node node = new Node(this.server.uri(), name, secret);
		this.nodes.add(node);
		return node;
	}

	private void awaitNodes() {
		await().until(() -> this.nodes.stream()
			.allMatch((node) -> node.relay.running().nodes().others().size() == this.nodes.size() - 1));
	}

	@Test
	void whatIsForgedIsDoneWithoutASecretAndIgnoredWithOne(CapturedOutput output) throws Exception {
		Node open = add("a", null);
		Node closed = add("b", SECRET);
		byte[] forged = forge(open.settings);
		assertThat(publish(forged)).isEqualTo("2");
		await().until(() -> open.heard.equals(List.of(KICK)));
		for (int i = 0; i < 50; i++) {
			publish(forge(open.settings));
		}
		await().until(() -> open.heard.size() == 51);
		Node friend = add("c", SECRET);
		friend.relay.controlBus().send(new ControlMessage.Refresh("bob"));
		await().until(() -> !closed.heard.isEmpty());
		assertThat(closed.heard).containsExactly(new ControlMessage.Refresh("bob"));
		assertThat(lines(output, "realtime.redis.control-secret")).isBetween(1L, 20L);
		assertThat(output).doesNotContain(SECRET);
	}

	private static long lines(CapturedOutput output, String text) {
		return output.toString().lines().filter((line) -> line.contains(text)).count();
	}

	@Test
	void nodesWithTheSameSecretHearEachOther() throws Exception {
		Node here = add("a", SECRET);
		Node there = add("b", SECRET);
		awaitNodes();
		here.relay.controlBus().broadcast(KICK).toCompletableFuture().get(2, TimeUnit.SECONDS);
		assertThat(there.heard).containsExactly(KICK);
	}

	@Test
	void whoeverKicksIsToldThatANodeWithAnotherSecretDoesNotFollow() {
		Node here = add("a", SECRET);
		Node there = add("b", SECRET + "!");
		awaitNodes();
		CompletableFuture<?> stage = here.relay.controlBus().broadcast(KICK).toCompletableFuture();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> stage.get(3, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(RelayUnavailableException.class)
			.withMessageContaining("[b]");
		assertThat(there.heard).isEmpty();
	}

	@Test
	void secretIsNotShown() {
		assertThat(settings("a", SECRET).toString()).doesNotContain(SECRET).contains("******");
		assertThat(settings("a", null).toString()).doesNotContain("******");
	}

	/** With all that stands in the source code. */
	private static byte[] forge(RedisRelaySettings settings) {
		ControlSeal seal = new ControlSeal(new RedisKeys(settings).controlChannel() + " app", null);
		Payload body = Payload.ofBytes(ControlCodec.encode(KICK));
		return seal.close(new ControlEnvelope(UUID.randomUUID().toString(), "x", false, body).encode());
	}

	private String publish(byte[] message) throws Exception {
		String channel = new RedisKeys(settings("x", null)).controlChannel();
		Process cli = new ProcessBuilder("redis-cli", "-p", String.valueOf(this.server.port()), "-x", "PUBLISH",
				channel)
			.start();
		try (OutputStream input = cli.getOutputStream()) {
			input.write(message);
		}
		assertThat(cli.waitFor(5, TimeUnit.SECONDS)).isTrue();
		return new String(cli.getInputStream().readAllBytes()).trim();
	}

	private static RedisRelaySettings settings(String name, @Nullable String secret) {
		return new RedisRelaySettings("rt:", 0, 64, "app", name, Duration.ofSeconds(2), Duration.ofSeconds(5), true,
				secret);
	}

	/**
	 * A node that writes down what it hears.
	 */
	private static final class Node implements ControlListener, AutoCloseable {

		private final List<ControlMessage> heard = new CopyOnWriteArrayList<>();

		private final RedisConnector connector;

		private final RedisRelaySettings settings;

		private final RedisRoomRelay relay;

		Node(String address, String name, @Nullable String secret) {
			RedisURI uri = RedisURI.create(address);
			RedisClient client = RedisClient.create(uri);
			client.setOptions(ClientOptions.builder().autoReconnect(false).build());
			this.connector = new RedisConnector(client, uri);
			this.settings = settings(name, secret);
			this.relay = new RedisRoomRelay(this.connector, this.settings, RelayObserver.NONE);
			this.relay.controlBus().listen(this);
			this.relay.start();
		}

		@Override
		public CompletionStage<Void> handle(ControlMessage message) {
			this.heard.add(message);
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public void resumed() {
		}

		@Override
		public void close() {
			this.relay.stop();
			this.connector.close();
		}

	}

}
