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

package dev.realtime.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A guest who speaks the protocol, and keeps what comes.
 */
final class Guest implements WebSocket.Listener, AutoCloseable {

	private static final JsonMapper MAPPER = new JsonMapper();

	private final List<JsonNode> received = new CopyOnWriteArrayList<>();

	private final StringBuilder frame = new StringBuilder();

	private final WebSocket socket;

	private int lastId;

	Guest(int port, String name) {
		URI uri = URI.create("ws://localhost:" + port + "/realtime");
		this.socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(uri, this).join();
		call("connect", "{'data':{'name':'" + name + "'}}");
	}

	/**
	 * Send a command and return its answer.
	 * @param method the command
	 * @param parameters JSON, with single quotes for double ones
	 */
	JsonNode call(String method, String parameters) {
		int id = ++this.lastId;
		ObjectNode command = MAPPER.createObjectNode().put("id", id);
		send(command.set(method, MAPPER.readTree(parameters.replace('\'', '"'))));
		return first((message) -> message.path("id").asInt() == id);
	}

	/**
	 * Send a message that has no answer.
	 * @param data JSON, with single quotes for double ones
	 */
	void send(String data) {
		JsonNode send = MAPPER.createObjectNode().set("data", MAPPER.readTree(data.replace('\'', '"')));
		send(MAPPER.createObjectNode().set("send", send));
	}

	private void send(JsonNode command) {
		this.socket.sendText(command.toString(), true).join();
	}

	/**
	 * Return what has been published in rooms whose name begins with something.
	 */
	List<JsonNode> publications(String prefix) {
		return this.received.stream()
			.filter((message) -> message.at("/push/channel").asString().startsWith(prefix)
					&& message.at("/push").has("pub"))
			.map((message) -> message.at("/push/pub/data"))
			.toList();
	}

	/**
	 * Wait for the first publication in rooms whose name begins with something.
	 */
	JsonNode publication(String prefix) {
		Awaitility.await().until(() -> !publications(prefix).isEmpty());
		return publications(prefix).get(0);
	}

	/**
	 * Return the name of the inbox into which the server has put this guest.
	 */
	String inbox() {
		JsonNode connected = first((message) -> message.has("connect"));
		return connected.at("/connect/subs").propertyNames().iterator().next();
	}

	private JsonNode first(Predicate<JsonNode> condition) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> this.received.stream().filter(condition).findFirst().orElse(null), Objects::nonNull);
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.frame.append(data);
		if (last) {
			Arrays.stream(this.frame.toString().trim().split("\n")).map(MAPPER::readTree).forEach(this.received::add);
			this.frame.setLength(0);
		}
		webSocket.request(1);
		return null;
	}

	@Override
	public void close() {
		this.socket.abort();
	}

}
