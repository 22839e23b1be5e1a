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

package dev.realtime.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.realtime.RealtimeOperations;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.it.JavaSdkClient.Room;
import dev.realtime.redis.RedisServer;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two nodes of the sample on one Redis. Who publishes is on the first, who listens on the
 * second.
 */
class RedisNodesTests {

	private static final AtomicInteger NUMBERS = new AtomicInteger();

	@TempDir
	private static Path directory;

	private static RedisServer server;

	private static Sample first;

	private static Sample second;

	private final List<AutoCloseable> opened = new ArrayList<>();

	private final String name = "open:nodes-" + NUMBERS.incrementAndGet();

	@BeforeAll
	static void startNodes() {
		server = RedisServer.create().start();
		first = node("first");
		second = node("second");
	}

	private static Sample node(String name) {
		return Sample.start("--spring.profiles.active=redis", "--spring.data.redis.url=" + server.uri(),
				"--realtime.outbox.path=" + directory.resolve(name));
	}

	@AfterAll
	static void stopNodes() {
		second.close();
		first.close();
		server.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void publicationsOfAClientReachClientsOfTheOtherNodeInOrder() {
		Room writer = connect(first, "Ann").enter(this.name);
		Room reader = connect(second, "Ben").enter(this.name);
		List<String> texts = IntStream.rangeClosed(1, 50).mapToObj((i) -> "{\"text\":\"message " + i + "\"}").toList();
		texts.forEach(writer::publish);
		JavaSdkClient.await(reader.publications(), 50);
		JavaSdkClient.await(writer.publications(), 50);
		assertThat(reader.texts()).isEqualTo(texts);
		assertThat(writer.texts()).isEqualTo(texts);
		assertThat(reader.publications()).extracting(PublicationEvent::getOffset)
			.isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
		PublicationEvent publication = reader.publications().get(0);
		assertThat(publication.getInfo().getUser()).isEqualTo("Ann");
		assertThat(publication.getInfo().getConnInfo()).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"name\":\"Ann\"}");
	}

	@Test
	void bothNodesWriteIntoTheSameStream() {
		Room here = connect(first, "Ann").enter(this.name);
		Room there = connect(second, "Ben").enter(this.name);
		for (int i = 0; i < 10; i++) {
			here.publish("\"here\"");
			there.publish("\"there\"");
		}
		JavaSdkClient.await(here.publications(), 20);
		JavaSdkClient.await(there.publications(), 20);
		assertThat(here.texts()).isEqualTo(there.texts());
		assertThat(there.publications()).extracting(PublicationEvent::getOffset)
			.isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
	}

	@Test
	void historyIsTheSameOnBothNodes() {
		Room writer = connect(first, "Ann").enter(this.name);
		IntStream.rangeClosed(1, 10).forEach((i) -> writer.publish("\"m" + i + "\""));
		Room reader = connect(second, "Ben").enter(this.name);
		HistoryOptions all = new HistoryOptions.Builder().withLimit(-1).build();
		HistoryResult history = reader.history(all);
		assertThat(history.getOffset()).isEqualTo(10);
		assertThat(history.getEpoch()).isEqualTo(writer.history(all).getEpoch());
		assertThat(history.getPublications())
			.extracting((publication) -> new String(publication.getData(), StandardCharsets.UTF_8))
			.isEqualTo(IntStream.rangeClosed(1, 10).mapToObj((i) -> "\"m" + i + "\"").toList());
	}

	@Test
	void whatWasMissedIsRecoveredOnTheOtherNode() {
		FaultProxy proxy = open(new FaultProxy(first.port()));
		JavaSdkClient client = open(JavaSdkClient.connect(proxy.port(), "Ann"));
		Room room = client.enter(this.name);
		operations(first).publish(this.name, "before");
		JavaSdkClient.await(room.publications(), 1);
		proxy.cut();
		assertThat(JavaSdkClient.await(client.connecting(), 2).getCode()).isEqualTo(1);
		List.of("missed 1", "missed 2", "missed 3").forEach((text) -> operations(first).publish(this.name, text));
		proxy.redirect(second.port());
		proxy.restore();
		SubscribedEvent again = JavaSdkClient.await(room.subscribed(), 2);
		assertThat(again.wasRecovering()).isTrue();
		assertThat(again.getRecovered()).isTrue();
		operations(first).publish(this.name, "after");
		JavaSdkClient.await(room.publications(), 5);
		assertThat(room.texts()).containsExactly("\"before\"", "\"missed 1\"", "\"missed 2\"", "\"missed 3\"",
				"\"after\"");
		assertThat(room.publications()).extracting(PublicationEvent::getOffset).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(second.bean(RealtimeEngine.class).sessionCount()).isPositive();
	}

	@Test
	void handlerOfOneNodeSpeaksToMembersOnTheOther() {
		String chat = "chat:nodes-" + NUMBERS.incrementAndGet();
		Room reader = connect(second, "Ben").enter(chat);
		connect(first, "Ann").enter(chat).publish("{\"text\":\"hello\"}");
		PublicationEvent publication = JavaSdkClient.await(reader.publications(), 1);
		assertThat(reader.texts().get(0)).contains("\"text\":\"hello\"").contains("\"from\":\"Ann\"");
		assertThat(publication.getOffset()).isEqualTo(1);
	}

	@Test
	void whatIsSentOverHttpToOneNodeArrivesAtTheOther() throws Exception {
		String chat = "nodes-" + NUMBERS.incrementAndGet();
		Room reader = connect(second, "Ben").enter("chat:" + chat);
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + first.port() + "/api/rooms/" + chat + "/messages"))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"from outside\"}"))
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.body()).contains("\"offset\":1");
		JavaSdkClient.await(reader.publications(), 1);
		assertThat(reader.texts().get(0)).contains("from outside");
	}

	@Test
	void messageToOnePersonReachesThemOnTheOtherNode() {
		String user = "user-" + NUMBERS.incrementAndGet();
		JavaSdkClient reader = connect(second, user);
		JavaSdkClient.await(reader.serverSubscribed(), 1);
		connect(first, "Ann").rpc("messages.private", "{\"to\":\"" + user + "\",\"text\":\"psst\"}");
		JavaSdkClient.await(reader.serverPublications(), 1);
		assertThat(reader.serverPublications().get(0)).contains("psst");
	}

	@TestFactory
	@RequiresCommands({ "node", "npm" })
	Stream<DynamicTest> javaScriptSdk() throws IOException {
		NodeProject project = NodeProject.install("js");
		try (Sample third = Sample.start();
				ControlServer control = new ControlServer().on("/restart", third::restart)) {
			return project.runTests("centrifuge.test.mjs",
					Map.of("SERVER_PORT", String.valueOf(first.port()), "OTHER_PORT", String.valueOf(second.port()),
							"SECOND_PORT", String.valueOf(third.port()), "CONTROL_PORT",
							String.valueOf(control.port())));
		}
	}

	private JavaSdkClient connect(Sample sample, String user) {
		return open(JavaSdkClient.connect(sample.port(), user));
	}

	private <T extends AutoCloseable> T open(T closeable) {
		this.opened.add(closeable);
		return closeable;
	}

	private static RealtimeOperations operations(Sample sample) {
		return sample.bean(RealtimeOperations.class);
	}

}
