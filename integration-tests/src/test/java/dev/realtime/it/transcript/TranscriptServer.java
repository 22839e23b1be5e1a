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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import org.awaitility.Awaitility;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A server that transcripts talk to, and what its application does in them.
 */
final class TranscriptServer implements AutoCloseable {

	private static final List<String> SETTINGS = List.of("--spring.config.name=transcripts",
			"--spring.main.banner-mode=off", "--server.port=0", "--realtime.namespaces.chat.subscribe=anyone",
			"--realtime.namespaces.chat.publish=subscribers", "--realtime.namespaces.chat.presence=true",
			"--realtime.namespaces.chat.history.size=200", "--realtime.namespaces.plain.subscribe=anyone",
			"--realtime.namespaces.plain.publish=anyone", "--realtime.namespaces.closed.subscribe=authenticated",
			"--realtime.namespaces.closed.publish=nobody", "--realtime.namespaces.closed.presence=true",
			"--realtime.namespaces.closed.presence-limit=2", "--realtime.namespaces.closed.history.size=3");

	/** The strict one is impatient and knows no guests; the doomed one is shut down. */
	private static final Map<String, List<String>> SPECIAL = Map.of("main",
			List.of("--realtime.security.allow-anonymous=true", "--realtime.session.max-rooms=3"), "strict",
			List.of("--realtime.session.ping-interval=2s", "--realtime.session.pong-timeout=1s",
					"--realtime.session.connect-timeout=1s", "--realtime.session.max-sessions-per-user=1"),
			"doomed", List.of("--realtime.security.allow-anonymous=true"));

	private final ConfigurableApplicationContext context;

	private final RealtimeOperations operations;

	private TranscriptServer(ConfigurableApplicationContext context) {
		this.context = context;
		this.operations = context.getBean(RealtimeOperations.class);
	}

	static TranscriptServer start(String name) {
		List<String> settings = new ArrayList<>(SETTINGS);
		settings.addAll(SPECIAL.getOrDefault(name, List.of()));
		return new TranscriptServer(
				new SpringApplicationBuilder(TranscriptApplication.class).run(settings.toArray(String[]::new)));
	}

	int port() {
		return Integer.parseInt(this.context.getEnvironment().getRequiredProperty("local.server.port"));
	}

	boolean isRunning() {
		return this.context.isRunning();
	}

	/**
	 * Wait until all sessions are gone.
	 */
	void awaitQuiet() {
		Awaitility.await()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(() -> !isRunning() || this.context.getBean(TranscriptApplication.Sessions.class).count() == 0);
	}

	/**
	 * Let the application act.
	 * @param action what it does, as it stands in a transcript
	 */
	void act(String action) {
		String[] words = action.split(" ", 3);
		switch (words[0]) {
			case "publish" -> publish(words[1], words[2]);
			case "publishText" ->
				this.operations.publish(words[1], Payload.ofBytes(words[2].getBytes(StandardCharsets.UTF_8)));
			case "sendToUser" -> this.operations.sendToUser(words[1], Payload.ofJson(words[2]));
			case "subscribe" -> this.operations.subscribe(words[1], words[2]);
			case "unsubscribe" -> this.operations.unsubscribe(words[1], words[2]);
			case "disconnect" -> this.operations.disconnect(words[1], reason(words[2]));
			case "shutdown" -> this.context.close();
			default -> throw new IllegalArgumentException("the application cannot " + action);
		}
	}

	private void publish(String room, String text) {
		PublishOptions options = PublishOptions.NONE;
		String[] parts = text.split(" (?=tag |except )");
		for (int i = 1; i < parts.length; i++) {
			String[] words = parts[i].split("[ =]");
			options = words[0].equals("tag") ? options.tag(words[1], words[2]) : options.exclude(words[1]);
		}
		this.operations.publish(room, Payload.ofJson(parts[0].replace("\\n", "\n")), options);
	}

	private static DisconnectReason reason(String text) {
		String[] words = text.split(" ", 2);
		return new DisconnectReason(Integer.parseInt(words[0]), words[1]);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
