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

package dev.realtime.core;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.core.EngineHarness.TestSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for commands that are well formed and mean harm: names that are patterns
 * somewhere else, positions that nobody was given, and fields that are the server's.
 */
@Timeout(60)
class HostileCommandsTests {

	private final EngineHarness harness = new EngineHarness();

	@AfterEach
	void stop() {
		this.harness.close();
	}

	static Stream<String> names() {
		return Stream.of("*", "chat:*", "chat:room*", "chat:?", "chat:[a]", "chat:{x}", "chat:a}{b", "chat:a b",
				"chat:\\r\\nPUBLISH x y", "chat:\\u0000", "chat:a\\n", "chat:\\\\", "chat:\ud83d\ude00",
				"chat:caf\u00e9", "chat:cafe\u0301", "chat:%2e", "chat:<x>", "chat:" + "x".repeat(251),
				"chat:" + "x".repeat(60_000));
	}

	@ParameterizedTest
	@MethodSource("names")
	void aNameThatIsNoneIsRefusedByEveryCommand(String name) {
		assertEveryCommandFails(name, 107);
	}

	/** Each is a name, but of no namespace: not even the library's own channels are. */
	@ParameterizedTest
	@ValueSource(strings = { "../../etc/passwd", "__keyspace@0__:x", "rt:other:m:1", ":user:YW5u", "rooms", ":", "::",
			"chat", "/chat:1" })
	void aNameWithoutANamespaceIsRefusedByEveryCommand(String name) {
		assertEveryCommandFails(name, 102);
	}

	private void assertEveryCommandFails(String name, int code) {
		TestSession session = this.harness.connect();
		List<String> commands = List.of("subscribe", "publish", "presence", "presence_stats", "history", "sub_refresh");
		for (int i = 0; i < commands.size(); i++) {
			session.command("\"" + commands.get(i) + "\":{\"channel\":\"" + name + "\",\"data\":1,\"token\":\"t\"}");
			assertThat(session.message(i + 1)).contains("\"error\":{\"code\":" + code + ",");
		}
		assertThat(this.harness.engine().roomCount()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"offset\":9223372036854775807", "\"offset\":18446744073709551615", "\"offset\":1000000",
			"\"offset\":1,\"epoch\":\"AAAAAAAA\"", "\"offset\":0,\"epoch\":\"\\u0000\"" })
	void aPositionThatNobodyWasGivenRecoversNothing(String position) {
		TestSession publisher = this.harness.connect();
		publisher.subscribe("chat:1");
		IntStream.range(0, 5).forEach((i) -> publisher.publish("chat:1", "\"secret\""));
		await().until(() -> publisher.messages().size() >= 12);
		TestSession session = this.harness.connect();
		session.command("\"subscribe\":{\"channel\":\"chat:1\",\"recover\":true," + position + "}");
		assertThat(session.message(1)).contains("\"was_recovering\":true")
			.doesNotContain("\"recovered\":true")
			.doesNotContain("secret");
	}

	@Test
	void theEpochOfAnotherRoomRecoversNothing() {
		TestSession session = this.harness.connect();
		session.subscribe("chat:1");
		String epoch = session.message(1).replaceAll(".*\"epoch\":\"([^\"]*)\".*", "$1");
		session.publish("chat:1", "\"one\"");
		TestSession other = this.harness.connect();
		other.command(
				"\"subscribe\":{\"channel\":\"chat:2\",\"recover\":true,\"offset\":1,\"epoch\":\"" + epoch + "\"}");
		assertThat(other.message(1)).contains("\"was_recovering\":true").doesNotContain("\"recovered\":true");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1.5", "\"1\"", "18446744073709551616", "1e3" })
	void whatIsNoOffsetEndsTheSession(String offset) {
		TestSession session = this.harness.connect();
		session.command("\"subscribe\":{\"channel\":\"chat:1\",\"recover\":true,\"offset\":" + offset + "}");
		await().until(() -> DisconnectReason.BAD_REQUEST.equals(session.transport.closed()));
	}

	@Test
	void whoRecoversTenThousandRoomsGetsAsManyAsThereMayBe() {
		TestSession session = this.harness.connect();
		for (int i = 0; i < 10_000; i++) {
			session.command(
					"\"subscribe\":{\"channel\":\"chat:" + i + "\",\"recover\":true,\"offset\":1,\"epoch\":\"e\"}");
		}
		await().atMost(Duration.ofSeconds(30))
			.until(() -> session.transport.frames().size() > 0 && session.messages().size() == 10_001);
		assertThat(session.messages().stream().filter((message) -> message.contains("\"subscribe\":{"))).hasSize(256);
		assertThat(session.messages().stream().filter((message) -> message.contains("\"code\":106"))).hasSize(9_744);
		session.close();
		await().until(() -> this.harness.engine().roomCount() == 0);
	}

	/** Who it is, when it was and which it is the server says. */
	@Test
	void whatTheServerSaysNoClientCanSay() {
		this.harness.authenticators.add((request) -> Identity.of(request.token()));
		TestSession ann = connect("ann");
		TestSession eve = connect("eve");
		ann.subscribe("plain:1");
		eve.command(
				"\"publish\":{\"channel\":\"plain:1\",\"data\":{\"from\":\"ann\"},\"info\":{\"user\":\"ann\",\"client\":\"x\"},"
						+ "\"user\":\"ann\",\"client\":\"x\",\"from\":\"ann\",\"userId\":\"ann\",\"time\":1,\"offset\":99,"
						+ "\"tags\":{\"id\":\"forged\"},\"epoch\":\"forged\"}");
		assertThat(ann.message(2)).contains("\"user\":\"eve\"")
			.contains("\"data\":{\"from\":\"ann\"}")
			.doesNotContain("\"user\":\"ann\"", "forged", "\"offset\":99", "\"time\":1,", "\"client\":\"x\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pub", "join", "leave", "push", "message", "disconnect" })
	void noClientCanSendWhatOnlyServersSend(String type) {
		TestSession ann = this.harness.connect();
		ann.subscribe("plain:1");
		ann.message(1);
		TestSession eve = this.harness.connect();
		eve.command("\"" + type + "\":{\"channel\":\"plain:1\",\"data\":1,\"info\":{\"user\":\"ann\"}}");
		await().until(() -> DisconnectReason.BAD_REQUEST.equals(eve.transport.closed()));
		assertThat(ann.messages()).hasSize(2);
	}

	private TestSession connect(String user) {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\"}}");
		session.message(0);
		return session;
	}

}
