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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.DisconnectReason;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlMessage;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomSettings;
import dev.realtime.presence.Arrival;
import dev.realtime.relay.RecordingSubscriber;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests with a user of Redis that may do what {@code docs/redis.md} says, and no more.
 */
class RedisAccessTests {

	private static final Path PAGE = Path.of("../docs/redis.md");

	private static final RoomSettings SETTINGS = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, true, 0, 5,
			Duration.ofHours(1), true);

	@Test
	void documentedRulesAreEnough() throws Exception {
		try (RedisServer server = server(rules()); RedisConnector connector = connector(server, "secret")) {
			RedisRoomRelay relay = new RedisRoomRelay(connector, settings("rt:chat:", "chat"), RelayObserver.NONE);
			RedisPresenceStore presence = new RedisPresenceStore(relay);
			relay.start();
			assertThat(relay.state()).isEqualTo(RelayState.LIVE);
			RecordingSubscriber subscriber = new RecordingSubscriber();
			get(relay.subscribe("chat:a", SETTINGS, subscriber));
			for (String id : new String[] { "first", "second", "first" }) {
				get(relay.publish(message(id), SETTINGS));
				get(relay.publishAgain(message("~" + id), SETTINGS));
			}
			await().until(() -> subscriber.messages().size() == 4);
			assertThat(get(relay.history("chat:a", SETTINGS, HistoryQuery.newest(10))).publications()).hasSize(4);
			get(presence.add("chat:a", new Member("ann", "1")));
			assertThat(get(presence.members("chat:a"))).hasSize(1);
			get(presence.remove("chat:a", "1"));
			comeBack(presence);
			get(relay.removeHistory("chat:a", SETTINGS));
			ban(relay.controlBus());
			relay.unsubscribe("chat:a", subscriber);
			assertThat(relay.state()).isEqualTo(RelayState.LIVE);
			relay.stop();
			assertThat(server.cli("ACL", "LOG")).isEmpty();
		}
	}

	private static void comeBack(RedisPresenceStore presence) throws Exception {
		get(presence.add("chat:a", new Member("ann", "1")));
		presence.expect("chat:a", new Member("ann", "1"), Duration.ofMinutes(1));
		assertThat(get(presence.members("chat:a"))).hasSize(1);
		assertThat(get(presence.arrive("chat:a", new Member("ann", "2")))).isEqualTo(new Arrival(1, true));
		get(presence.remove("chat:a", "1"));
		get(presence.remove("chat:a", "2"));
		assertThat(get(presence.occupy("chat:a", true))).isEqualTo(1);
		assertThat(get(presence.occupy("chat:a", false))).isEqualTo(1);
	}

	private static void ban(ControlBus bus) throws Exception {
		get(bus.broadcast(new ControlMessage.DisconnectUser("ann", DisconnectReason.FORCE_DISCONNECT)));
		get(bus.broadcast(new ControlMessage.Ban("ann", Duration.ofMinutes(1))));
		get(bus.bans().put(new ControlMessage.Ban("bob", null)));
		get(bus.bans().remove("bob"));
		get(bus.bans().restore(List.of(new ControlMessage.Ban("cat", null))));
		assertThat(get(bus.bans().all())).extracting(ControlMessage.Verdict::user)
			.containsExactlyInAnyOrder("ann", "cat", "bob");
	}

	@ParameterizedTest
	@ValueSource(strings = { " +evalsha", " +subscribe", " +hset", " +setnx", " &rt:chat:*" })
	void whenSomethingIsMissingTheRelayDoesNotStart(String rule) throws Exception {
		try (RedisServer server = server(rules().replace(rule, ""));
				RedisConnector connector = connector(server, "secret")) {
			RedisRoomRelay relay = new RedisRoomRelay(connector, settings("rt:chat:", "chat"), RelayObserver.NONE);
			assertThatExceptionOfType(RedisRelayException.class).isThrownBy(relay::start)
				.withMessageMatching("(?s).*(NOPERM|The user executing the script).*");
		}
	}

	@Test
	void whenThePasswordIsWrongTheRelayDoesNotStart() throws Exception {
		try (RedisServer server = server(rules()); RedisConnector connector = connector(server, "guess")) {
			RedisRoomRelay relay = new RedisRoomRelay(connector, settings("rt:chat:", "chat"), RelayObserver.NONE);
			assertThatExceptionOfType(RedisRelayException.class).isThrownBy(relay::start)
				.withMessageContaining("WRONGPASS");
		}
	}

	@Test
	void whenThePrefixIsAnotherApplicationsTheRelayDoesNotStart() throws Exception {
		try (RedisServer server = server(rules()); RedisConnector connector = connector(server, "secret")) {
			RedisRoomRelay first = new RedisRoomRelay(connector, settings("rt:chat:", "chat"), RelayObserver.NONE);
			first.start();
			RedisRoomRelay other = new RedisRoomRelay(connector, settings("rt:chat:", "shop"), RelayObserver.NONE);
			assertThatExceptionOfType(RedisRelayException.class).isThrownBy(other::start)
				.withMessageContaining("belongs to the application 'chat'");
			first.stop();
		}
	}

	/**
	 * Return the rules for a user that the documentation names.
	 */
	static String rules() throws IOException {
		return rules("user (realtime .*?)");
	}

	/**
	 * Return the rules that a cluster needs as well.
	 */
	static String clusterRules() throws IOException {
		return rules("(  \\+cluster.*?)");
	}

	private static String rules(String pattern) throws IOException {
		Matcher matcher = Pattern.compile("```\\n" + pattern + "```", Pattern.DOTALL).matcher(Files.readString(PAGE));
		assertThat(matcher.find()).isTrue();
		return matcher.group(1).replaceAll("\\s+", " ").trim();
	}

	private static RedisServer server(String rules) {
		return RedisServer.create(new RedisServerOptions().user(rules)).start();
	}

	private static RedisConnector connector(RedisServer server, String password) {
		RedisURI uri = RedisURI.Builder.redis("127.0.0.1", server.port())
			.withAuthentication("realtime", password)
			.withTimeout(Duration.ofSeconds(2))
			.build();
		RedisClient client = RedisClient.create();
		client.setOptions(ClientOptions.builder().autoReconnect(false).build());
		return new RedisConnector(client, uri);
	}

	private static RedisRelaySettings settings(String prefix, String application) {
		return new RedisRelaySettings(prefix, 0, 4, application, application, Duration.ofSeconds(2),
				Duration.ofSeconds(5), true);
	}

	private static RelayMessage message(String id) {
		return RelayMessage.publication("chat:a", new Publication(Payload.ofJson("1"), 0, null, Map.of(), 0), id,
				Set.of(), null);
	}

	private static <T> T get(CompletionStage<T> stage) throws Exception {
		return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
	}

}
