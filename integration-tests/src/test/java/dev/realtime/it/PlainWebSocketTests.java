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
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;

import dev.realtime.it.RawClient.Close;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets without a library: the plain client of the README, and what nobody should send.
 * After each test a bystander, who was in a room all the time, still gets its messages.
 */
class PlainWebSocketTests {

	private static final Close BAD_REQUEST = new Close(3501, "bad request");

	private static Sample sample;

	private RawClient bystander;

	@BeforeAll
	static void startSample() {
		sample = Sample.start();
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@BeforeEach
	void enterRoom() {
		this.bystander = RawClient.connect(sample.port());
		assertThat(this.bystander.error("{'id':2,'subscribe':{'channel':'chat:bystander'}}")).isZero();
	}

	@AfterEach
	void checkBystander() {
		try (RawClient client = this.bystander) {
			JsonNode first = client.ask("{'id':3,'publish':{'channel':'chat:bystander','data':{'text':'still here'}}}");
			JsonNode second = client.next();
			JsonNode push = first.has("push") ? first : second;
			assertThat(push.at("/push/pub/data/text").asString()).isEqualTo("still here");
			assertThat((push == first) ? second.has("publish") : first.has("publish")).isTrue();
		}
	}

	@Test
	@RequiresCommands({ "node", "npm" })
	void plainClientOfTheReadmeTalks(@TempDir Path directory) throws IOException {
		String script = new Readme().first("js", "new WebSocket(");
		assertThat(script.lines()).hasSize(8);
		String here = script.replaceAll("wss?://[^/]+/", "ws://127.0.0.1:" + sample.port() + "/");
		Path file = Files.writeString(directory.resolve("plain.js"), here);
		NodeProject project = NodeProject.install("js");
		String printed = project.run(Map.of(), "readme.mjs", file.toString());
		JsonNode lines = new JsonMapper().readTree(printed);
		assertThat(lines).hasSize(1);
		assertThat(lines.at("/0/0").asString()).isEqualTo("log");
		assertThat(lines.at("/0/1").asString()).isEqualTo("chat:lobby");
		assertThat(lines.at("/0/2/text").asString()).isEqualTo("hello from the README");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{", "hello", "[]", "1", "{'id':9,'rpc':{'method':'a'}", "{'id':9,'subscribe':[]}", "",
			"{'id':9,'publish':{'channel':'chat:a','data':{]}}", "{'id':'x','rpc':{}}" })
	void malformedFrameEndsTheConnection(String frame) {
		try (RawClient client = RawClient.connect(sample.port())) {
			client.send(frame);
			assertThat(client.closed()).isEqualTo(BAD_REQUEST);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "{'id':9,'frobnicate':{}}", "{'id':9}", "{'id':1,'connect':{}}", "{'id':9,'subscribe':{}}" })
	void commandThatMakesNoSenseEndsTheConnection(String command) {
		try (RawClient client = RawClient.connect(sample.port())) {
			client.send(command);
			assertThat(client.closed()).isEqualTo(BAD_REQUEST);
		}
	}

	@Test
	void commandBeforeConnectEndsTheConnection() {
		try (RawClient client = RawClient.open(sample.port())) {
			client.send("{'id':1,'subscribe':{'channel':'chat:lobby'}}");
			assertThat(client.closed()).isEqualTo(BAD_REQUEST);
		}
	}

	@Test
	void messageThatIsTooBigEndsTheConnection() {
		try (RawClient client = RawClient.connect(sample.port())) {
			client.send("{'id':9,'publish':{'channel':'chat:lobby','data':'" + "x".repeat(70_000) + "'}}");
			assertThat(client.closed().code()).isEqualTo(1009);
		}
	}

	@Test
	void messageOfWhichTheApplicationMakesNothingIsIgnored() {
		try (RawClient client = RawClient.connect(sample.port())) {
			client.send("{'send':{'data':{}}}");
			client.send("{'send':{'data':[1]}}");
			client.send("{'send':{'data':{'room':'never entered'}}}");
			assertThat(client.error("{'id':2,'rpc':{'method':'rooms.list'}}")).isZero();
		}
	}

	@Test
	void tokenThatNobodyKnowsEndsTheConnection() {
		try (RawClient client = RawClient.open(sample.port())) {
			client.send("{'id':1,'connect':{'token':'who knows'}}");
			assertThat(client.closed()).isEqualTo(new Close(3500, "invalid token"));
		}
	}

	@Test
	void refusedSubscriptionsAreAnsweredWithTheReason() {
		try (RawClient client = RawClient.connect(sample.port())) {
			assertThat(client.error("{'id':2,'subscribe':{'channel':'chat:not a room'}}")).isEqualTo(107);
			assertThat(client.error("{'id':3,'subscribe':{'channel':'chat:" + "x".repeat(300) + "'}}")).isEqualTo(107);
			assertThat(client.error("{'id':4,'subscribe':{'channel':'nowhere:1'}}")).isEqualTo(102);
			assertThat(client.error("{'id':5,'subscribe':{'channel':'lobby'}}")).isEqualTo(102);
			assertThat(client.error("{'id':6,'subscribe':{'channel':'closed:1'}}")).isEqualTo(103);
			assertThat(client.error("{'id':7,'subscribe':{'channel':'chat:twice'}}")).isZero();
			assertThat(client.error("{'id':8,'subscribe':{'channel':'chat:twice'}}")).isEqualTo(105);
		}
	}

	@Test
	void refusedCommandsAreAnsweredWithTheReason() {
		try (RawClient client = RawClient.connect(sample.port())) {
			assertThat(client.error("{'id':2,'rpc':{'method':'anything','data':{}}}")).isEqualTo(104);
			assertThat(client.error("{'id':3,'publish':{'channel':'chat:other','data':{}}}")).isEqualTo(103);
			assertThat(client.error("{'id':4,'publish':{'channel':'nowhere:1','data':{}}}")).isEqualTo(102);
			assertThat(client.error("{'id':5,'history':{'channel':'chat:other'}}")).isEqualTo(103);
			assertThat(client.error("{'id':6,'presence':{'channel':'chat:other'}}")).isEqualTo(103);
		}
	}

	@Test
	void unsubscribeIsNeverRefused() {
		try (RawClient client = RawClient.connect(sample.port())) {
			JsonNode reply = client.ask("{'id':2,'unsubscribe':{'channel':'chat:never'}}");
			assertThat(reply.toString()).isEqualTo("{\"id\":2,\"unsubscribe\":{}}");
		}
	}

	@Test
	void commandsOfOneFrameRunInOrder() {
		try (RawClient client = RawClient.open(sample.port())) {
			client.send("""
					{'id':7,'connect':{}}
					{'id':3,'subscribe':{'channel':'chat:frame'}}
					{'id':5,'unsubscribe':{'channel':'chat:frame'}}
					""");
			assertThat(client.next().path("connect").path("ping").asInt()).isPositive();
			assertThat(client.next().has("subscribe")).isTrue();
			assertThat(client.next().path("id").asInt()).isEqualTo(5);
		}
	}

	@Test
	void plainRequestIsToldToUpgrade() {
		HttpResponse<String> response = get("/realtime");
		assertThat(response.statusCode()).isEqualTo(426);
		assertThat(response.headers().firstValue("upgrade")).hasValue("websocket");
		assertThat(response.body()).isNotBlank();
	}

	@Test
	void foreignOriginIsRefused() {
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> RawClient.open(sample.port(), "Origin", "https://evil.example"))
			.havingCause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(403));
	}

	@Test
	void ownOriginIsAccepted() {
		String origin = "http://127.0.0.1:" + sample.port();
		try (RawClient client = RawClient.open(sample.port(), "Origin", origin)) {
			assertThat(client.ask("{'id':1,'connect':{}}").has("connect")).isTrue();
		}
	}

	private static HttpResponse<String> get(String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sample.port() + path)).build();
		return HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString()).join();
	}

}
