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

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every rule of the protocol as an exchange that anybody can read, played in both codecs
 * against a running server.
 */
class TranscriptTests {

	private static final Map<String, TranscriptServer> servers = new HashMap<>();

	private static final AtomicInteger runs = new AtomicInteger();

	@AfterAll
	static void stopServers() {
		servers.values().forEach(TranscriptServer::close);
		servers.clear();
	}

	static Stream<Arguments> transcripts() throws URISyntaxException {
		URL readme = Objects.requireNonNull(TranscriptTests.class.getResource("/transcripts/README.md"));
		return Transcript.in(Path.of(readme.toURI()).getParent())
			.stream()
			.flatMap((transcript) -> transcript.codecs().stream().map((codec) -> Arguments.of(transcript, codec)));
	}

	@ParameterizedTest(name = "{0} [{1}]")
	@MethodSource("transcripts")
	void serverSaysWhatTheTranscriptSays(Transcript transcript, Codec codec) {
		try (TranscriptPlayer player = new TranscriptPlayer(transcript, codec, server(transcript.server()),
				Integer.toString(runs.incrementAndGet()))) {
			player.play();
		}
	}

	private static TranscriptServer server(String name) {
		TranscriptServer server = servers.get(name);
		if (server == null || !server.isRunning()) {
			server = TranscriptServer.start(name);
			servers.put(name, server);
		}
		return server;
	}

}
