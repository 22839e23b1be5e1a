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
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;

import dev.realtime.sample.ChatApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page of the demo in Chromium: two nodes and a Redis, which it stops.
 */
@Tag("fault")
@RequiresCommands({ "chromium", "chromedriver" })
class DemoPageTests {

	private static final HttpClient http = HttpClient.newHttpClient();

	@TempDir
	private static Path data;

	private static ConfigurableApplicationContext nodeA;

	private static int port;

	@TempDir
	private Path profile;

	private DemoPage page;

	@BeforeAll
	static void startNodes() throws IOException {
		port = freePort();
		nodeA = new SpringApplicationBuilder(ChatApplication.class).run("--spring.profiles.active=demo",
				"--spring.main.banner-mode=off", "--server.port=" + port, "--demo.node-b-port=" + freePort(),
				"--demo.data=" + data);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@AfterAll
	static void stopNodes() {
		nodeA.close();
	}

	@BeforeEach
	void open() {
		this.page = DemoPage.open(port, ChatPage.WIDE, this.profile);
	}

	@AfterEach
	void close() throws Exception {
		this.page.close();
		post("/demo/api/redis/start", "");
		post("/demo/api/node-b/start", "");
	}

	@Test
	void whatIsSaidWithoutRedisIsDeliveredOnceItIsBack() throws IOException {
		this.page.say("a", "Is anybody there?");
		this.page.say("b", "Yes, on the other node.");
		awaitDelivered(2);
		this.page.screenshot("demo-wide-begin");
		this.page.press("redis-stop");
		this.page.say("a", "And without Redis?", "Still here.");
		this.page.say("b", "It stores what we say.", "We will see it soon.");
		ChatPage.await(() -> this.page.number("acknowledged") == 6 && this.page.number("backlog") == 4);
		this.page.press("rollback");
		ChatPage.await(() -> this.page.number("rolled-back") == 1);
		ChatPage.await(() -> this.page.texts(".waiting small")
			.equals(List.of("stored, waiting", "stored, waiting", "stored, waiting", "stored, waiting")));
		assertThat(this.page.number("delivered")).isEqualTo(2);
		this.page.screenshot("demo-wide-stopped");
		this.page.press("redis-start");
		awaitDelivered(6);
		assertThat(this.page.messages("a")).hasSize(6)
			.containsSubsequence("And without Redis?", "Still here.")
			.containsSubsequence("It stores what we say.", "We will see it soon.");
		assertThat(this.page.messages("b")).isEqualTo(this.page.messages("a"));
		this.page.press("rollback");
		this.page.say("a", "After that");
		awaitDelivered(7);
		assertThat(this.page.number("rolled-back")).isEqualTo(2);
		assertThat(this.page.texts("#rolled-back-seen")).containsExactly("none delivered");
		lookAtIt("demo-back");
	}

	@Test
	void burstOutlivesAStopOfRedis() throws IOException {
		this.page.press("burst");
		awaitDelivered(1_000);
		this.page.begin("burst");
		ChatPage.await(() -> this.page.number("acknowledged") >= 1_200);
		this.page.begin("redis-stop");
		ChatPage.await(() -> this.page.number("backlog") > 100);
		this.page.say("a", "In the midst of it, on A");
		this.page.say("b", "In the midst of it, on B");
		this.page.screenshot("demo-wide-burst");
		ChatPage.await(() -> this.page.number("acknowledged") == 2_002);
		this.page.press("redis-start");
		awaitDelivered(2_002);
		lookAtIt("demo-burst");
	}

	@Test
	void nodeThatIsKilledComesBackAndItsClientsGetWhatTheyMissed() throws IOException {
		this.page.say("a", "one");
		this.page.say("b", "two");
		awaitDelivered(2);
		this.page.press("node-b");
		ChatPage.await(() -> this.page.states().equals(List.of("connected", "node is stopped")));
		this.page.say("a", "three", "four");
		ChatPage.await(() -> this.page.number("acknowledged") == 4);
		this.page.screenshot("demo-wide-killed");
		this.page.press("burst");
		this.page.press("node-b");
		awaitDelivered(1_004);
		assertThat(this.page.texts("#window-b .mark")).containsExactly("back: got 1,002 missed messages");
		this.page.say("b", "five");
		awaitDelivered(1_005);
		lookAtIt("demo-node-b");
	}

	@Test
	void nodeThatIsKilledWithStoredMessagesDeliversThemWhenItIsBack() throws IOException {
		this.page.say("b", "before");
		awaitDelivered(1);
		this.page.press("redis-stop");
		this.page.say("b", "stored one", "stored two");
		ChatPage.await(() -> this.page.number("acknowledged") == 3);
		this.page.press("node-b");
		assertThat(this.page.number("backlog")).isEqualTo(2);
		this.page.press("redis-start");
		this.page.say("a", "from A");
		this.page.press("node-b");
		ChatPage.await(() -> this.page.states().equals(List.of("connected", "connected")));
		this.page.say("b", "after");
		awaitDelivered(5);
		assertThat(this.page.messages("a")).containsSubsequence("stored one", "stored two", "after");
		lookAtIt("demo-stored-on-b");
	}

	@Test
	void whoPublishesFromOutsideIsToldWhetherItIsPublishedOrStored() throws Exception {
		HttpResponse<String> published = post("/api/rooms/outside/messages", "{\"text\":\"one\"}");
		assertThat(published.statusCode()).isEqualTo(201);
		assertThat(published.body()).contains("\"offset\":1,", "\"epoch\":");
		this.page.press("redis-stop");
		assertThat(post("/api/rooms/outside/messages", "{\"text\":\"two\"}").statusCode()).isEqualTo(202);
		ChatPage.await(() -> this.page.number("backlog") == 1);
		this.page.press("redis-start");
		ChatPage.await(() -> this.page.number("backlog") == 0);
		HttpResponse<String> later = post("/api/rooms/outside/messages", "{\"text\":\"three\"}");
		assertThat(later.statusCode()).isEqualTo(201);
		assertThat(later.body()).contains("\"offset\":3,");
	}

	private void awaitDelivered(int messages) {
		ChatPage.await(() -> this.page.number("delivered") == messages);
		ChatPage.await(() -> this.page.number("acknowledged") == messages && this.page.number("backlog") == 0);
		assertThat(this.page.number("lost")).isZero();
		assertThat(this.page.number("doubled")).isZero();
		assertThat(this.page.texts(".events span")).noneMatch((event) -> event.startsWith("Out of order")
				|| event.startsWith("Doubled") || event.contains("told of"));
	}

	private void lookAtIt(String name) throws IOException {
		assertThat(this.page.overflows()).isFalse();
		this.page.screenshot(name + "-wide");
		this.page.dark(true);
		this.page.screenshot(name + "-wide-dark");
		this.page.emulate(ChatPage.NARROW);
		assertThat(this.page.overflows()).isFalse();
		this.page.screenshot(name + "-narrow-dark");
		this.page.dark(false);
		this.page.screenshot(name + "-narrow");
	}

	private static HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body))
			.build();
		return http.send(request, BodyHandlers.ofString());
	}

}
