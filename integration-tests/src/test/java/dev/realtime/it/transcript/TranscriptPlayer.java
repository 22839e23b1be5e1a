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

package dev.realtime.it.transcript;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Plays one transcript in one codec.
 */
final class TranscriptPlayer implements AutoCloseable {

	private static final Duration SOON = Duration.ofSeconds(5);

	private static final Duration NEVER = Duration.ofMillis(300);

	private static final JsonMapper MAPPER = new JsonMapper();

	private final Map<String, TranscriptClient> clients = new LinkedHashMap<>();

	private final Transcript transcript;

	private final Codec codec;

	private final TranscriptServer server;

	private final Variables variables;

	TranscriptPlayer(Transcript transcript, Codec codec, TranscriptServer server, String run) {
		this.transcript = transcript;
		this.codec = codec;
		this.server = server;
		this.variables = new Variables(run);
	}

	void play() {
		List<Line> lines = this.transcript.lines();
		int at = 0;
		while (at < lines.size()) {
			int end = at + 1;
			while (end < lines.size() && belongsTogether(lines.get(at), lines.get(end))) {
				end++;
			}
			play(lines.subList(at, end));
			at = end;
		}
		this.clients.forEach(this::finish);
	}

	/**
	 * Nothing but the reply to one more command may come. Who is not connected is sent
	 * away for it.
	 */
	private void finish(String name, TranscriptClient client) {
		String left = "%s in %s: what is left for client '%s'".formatted(this.transcript, this.codec, name);
		if (client.isClosed()) {
			assertThat(client.next(Duration.ZERO)).as(left).isNull();
			return;
		}
		client.send(List.of("{\"id\":999,\"unsubscribe\":{\"channel\":\"end\"}}"));
		Object last = client.next(SOON);
		while (last instanceof JsonNode ping && ping.isEmpty()) {
			last = client.next(SOON);
		}
		assertThat(String.valueOf(last)).as(left).isIn("{\"id\":999,\"unsubscribe\":{}}", "3501 bad request");
	}

	private static boolean belongsTogether(Line first, Line next) {
		boolean frame = first.sign().equals(">") && next.sign().equals(">+");
		boolean anyOrder = first.sign().equals("<~") && next.sign().equals("<~");
		return (frame || anyOrder) && first.client().equals(next.client());
	}

	private void play(List<Line> lines) {
		Line line = lines.get(0);
		switch (line.sign()) {
			case "@codec", "@server" -> {
			}
			case "@open" -> open(line);
			case "@accepted" -> assertThat(client(line).subProtocol()).as(where(line)).isEqualTo(line.text());
			case "@connect" -> connect(line);
			case ">" -> client(line).send(lines.stream().map((each) -> said(each)).toList());
			case ">raw" -> client(line).sendText(said(line).replace("\\n", "\n"));
			case ">bytes" -> client(line).sendBytes(HexFormat.of().parseHex(line.text().replace(" ", "")));
			case "<", "<~" -> expect(lines);
			case "<close" -> assertThat(next(line)).as(where(line)).isEqualTo(line.text());
			case "<none" -> assertThat(client(line).next(NEVER)).as(where(line)).isNull();
			case "<ping" -> assertThat(client(line).pinged(SOON)).as(where(line)).isTrue();
			case "!" -> this.server.act(said(line));
			default -> throw new IllegalStateException(where(line));
		}
	}

	private String where(Line line) {
		return this.transcript.file() + " in " + this.codec + ", " + line;
	}

	private String said(Line line) {
		return this.variables.resolve(line.text());
	}

	private TranscriptClient client(Line line) {
		return this.clients.computeIfAbsent(line.client(), (name) -> open(this.codec, "", this.codec.subProtocol()));
	}

	private TranscriptClient open(Codec codec, String query, String subProtocol) {
		return TranscriptClient.open(this.server.port(), codec, query, subProtocol);
	}

	/** The options of a client are its codec, its sub-protocol and its query. */
	private void open(Line line) {
		Map<String, String> options = new LinkedHashMap<>();
		Arrays.stream(line.text().split(" ")).map((option) -> option.split("=", 2)).forEach((option) -> {
			if (option.length == 2) {
				options.put(option[0], option[1]);
			}
		});
		Codec spoken = options.containsKey("codec") ? Codec.of(options.get("codec")) : this.codec;
		String subProtocol = options.getOrDefault("protocol", spoken.subProtocol());
		this.clients.put(line.client(),
				open(spoken, options.getOrDefault("query", ""), subProtocol.equals("none") ? "" : subProtocol));
	}

	/** Connect and remember the id of the client under the name of the user. */
	private void connect(Line line) {
		boolean guest = line.text().isEmpty();
		String token = guest ? "" : "\"token\":\"" + line.text() + "\"";
		client(line).send(List.of("{\"id\":1,\"connect\":{" + token + "}}"));
		Object reply = next(line);
		assertThat(reply).as(where(line)).isInstanceOf(JsonNode.class);
		JsonNode id = ((JsonNode) reply).path("connect").path("client");
		JsonNode variable = MAPPER.getNodeFactory().stringNode("$" + (guest ? "guest" : line.text()));
		assertThat(this.variables.match(variable, id)).as(where(line) + " got " + reply).isTrue();
	}

	private Object next(Line line) {
		Object event = client(line).next(SOON);
		assertThat(event).as(where(line) + " within " + SOON).isNotNull();
		return Objects.requireNonNull(event);
	}

	private void expect(List<Line> lines) {
		List<Line> remaining = new ArrayList<>(lines);
		while (!remaining.isEmpty()) {
			Object event = next(remaining.get(0));
			Line found = remaining.stream().filter((line) -> isExpected(line, event)).findFirst().orElse(null);
			assertThat(found).as("%s%nbut got %s", where(remaining.get(0)), event).isNotNull();
			remaining.remove(found);
		}
	}

	private boolean isExpected(Line line, Object event) {
		return event instanceof JsonNode message && this.variables.match(expected(line), message);
	}

	private JsonNode expected(Line line) {
		return MAPPER.readTree(this.variables.expand(line.text()));
	}

	@Override
	public void close() {
		this.clients.values().forEach(TranscriptClient::close);
		this.server.awaitQuiet();
	}

}
