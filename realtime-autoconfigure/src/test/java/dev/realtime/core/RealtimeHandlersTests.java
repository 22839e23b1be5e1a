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

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomDecision;
import dev.realtime.annotation.OnConnect;
import dev.realtime.annotation.OnDisconnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.OnUnsubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimeExceptionHandler;
import dev.realtime.annotation.Room;
import dev.realtime.annotation.RoomVariable;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.handler.HandlerMethods;
import dev.realtime.handler.RealtimeHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for methods of {@link RealtimeController} beans, called by clients through the
 * engine.
 */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeHandlersTests {

	private final EngineHarness harness = new EngineHarness();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Chat.class);

	private final Chat chat = this.context.getBean(Chat.class);

	@BeforeEach
	void setUp() {
		this.harness.authenticators.add((request) -> request.token().isEmpty() ? null : Identity.of(request.token()));
		this.harness.methods = HandlerMethods.find(this.context, new JsonPayloadConverter(JsonMapper.builder().build()),
				new NoShouting(), new DefaultFormattingConversionService(), List.of());
		this.harness.connectHandlers.addAll(this.harness.methods.connectHandlers());
		this.harness.listeners.addAll(this.harness.methods.listeners());
	}

	@AfterEach
	void tearDown() {
		this.harness.close();
		this.context.close();
	}

	@Test
	void connectReturnsData() {
		TestSession session = connect("ann");
		assertThat(session.message(0)).contains("\"data\":{\"welcome\":\"ann\",\"agent\":\"test\"}");
	}

	@Test
	void connectRefuses() {
		assertThat(connect("nobody").message(0)).contains("\"error\":{\"code\":401,\"message\":\"go away\"}");
	}

	@Test
	void subscribeReturnsInitialState() {
		TestSession session = connect("ann");
		assertThat(reply(session, session.subscribe("plain:7"))).contains("\"data\":{\"topic\":\"plain:7 7\"}");
	}

	@Test
	void subscribeRefuses() {
		TestSession session = connect("ann");
		assertThat(reply(session, session.subscribe("plain:13"))).contains("\"error\":{\"code\":103");
		assertThat(reply(session, session.subscribe("plain:no:13"))).contains("\"error\":{\"code\":103");
	}

	@Test
	void subscribeToRoomWhoseVariableIsNone() {
		TestSession session = connect("ann");
		assertThat(reply(session, session.subscribe("plain:x"))).contains("\"error\":{\"code\":102");
	}

	@Test
	void publishRewrites() {
		TestSession session = connect("ann");
		reply(session, session.subscribe("chat:a"));
		assertThat(reply(session, session.publish("chat:a", "{\"text\":\"hello\"}"))).contains("\"publish\":{}");
		await().untilAsserted(() -> assertThat(session.messages())
			.anyMatch((message) -> message.contains("\"data\":{\"from\":\"ann\",\"text\":\"hello\"}")));
	}

	@Test
	void publishOfNothingAnswersOnly() {
		TestSession session = connect("ann");
		reply(session, session.subscribe("chat:a"));
		assertThat(reply(session, session.publish("chat:a", "{\"text\":\"\"}"))).contains("\"publish\":{}");
		assertThat(session.messages()).noneMatch((message) -> message.contains("\"pub\":"));
	}

	@Test
	void publishPassesAsItIsThroughVoid() {
		TestSession session = connect("ann");
		assertThat(reply(session, session.publish("plain:log", "[1, 2]"))).contains("\"publish\":{}");
		assertThat(this.chat.events).contains("log");
	}

	@Test
	void invalidPayloadNamesFieldsAndNoClasses() {
		TestSession session = connect("ann");
		reply(session, session.subscribe("chat:a"));
		assertThat(reply(session, session.publish("chat:a", "{\"text\":\"HELLO\"}")))
			.contains("\"error\":{\"code\":400,\"message\":\"text: no shouting\"}");
		assertThat(reply(session, session.publish("chat:a", "{\"text\":{}}")))
			.contains("\"error\":{\"code\":400,\"message\":\"invalid payload: text\"}");
		assertThat(reply(session, session.publish("chat:a", "7"))).contains("\"code\":400").doesNotContain("dev.");
	}

	@Test
	void stagesThatOvertakeKeepTheOrderOfPublications() {
		TestSession session = connect("ann");
		reply(session, session.subscribe("plain:7"));
		int first = session.publish("plain:slow", "1");
		int second = session.publish("plain:slow", "2");
		await().until(() -> this.chat.slow.size() == 1);
		this.chat.slow.get(0).complete("a");
		reply(session, first);
		await().until(() -> this.chat.slow.size() == 2);
		this.chat.slow.get(1).complete("b");
		assertThat(reply(session, second)).contains("\"publish\":{}");
	}

	@Test
	void rpcAnswers() {
		TestSession session = connect("ann");
		assertThat(rpc(session, "sum", "[1,2,3]")).contains("\"rpc\":{\"data\":6}");
		assertThat(rpc(session, "later", "\"x\"")).contains("\"rpc\":{\"data\":\"x!\"}");
		assertThat(rpc(session, "nothing", "1")).contains("\"rpc\":{}");
		assertThat(rpc(session, "nil", "1")).contains("\"rpc\":{\"data\":null}");
		assertThat(rpc(session, "unknown", "1")).contains("\"error\":{\"code\":104");
	}

	@Test
	void withoutMethodsRpcIsNotAvailable() {
		this.harness.methods = RealtimeHandlers.NONE;
		TestSession session = connect("ann");
		assertThat(rpc(session, "sum", "[1]")).contains("\"error\":{\"code\":108");
	}

	@Test
	void failureIsAnsweredWithACorrelationIdOnly(CapturedOutput output) {
		TestSession session = connect("ann");
		String reply = rpc(session, "fail", "1");
		assertThat(reply).contains("\"code\":100").doesNotContain("secret").doesNotContain("Exception");
		String id = reply.replaceAll(".*\\((.*)\\).*", "$1");
		assertThat(output).contains(id).contains("secret");
	}

	@Test
	void failureIsMapped() {
		TestSession session = connect("ann");
		assertThat(rpc(session, "mapped", "1")).contains("\"error\":{\"code\":444,\"message\":\"mapped ann\"}");
		assertThat(rpc(session, "mappedLater", "1")).contains("\"error\":{\"code\":444,\"message\":\"mapped ann\"}");
	}

	@Test
	void failureCanEndTheSession() {
		TestSession session = connect("ann");
		session.command("\"rpc\":{\"method\":\"end\",\"data\":1}");
		await()
			.untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.FORCE_DISCONNECT));
	}

	@Test
	void errorEndsThatSessionOnly() {
		TestSession session = connect("ann");
		TestSession other = connect("bob");
		session.command("\"rpc\":{\"method\":\"overflow\",\"data\":1}");
		await().untilAsserted(() -> assertThat(session.transport.closed()).isEqualTo(DisconnectReason.INTERNAL));
		assertThat(rpc(other, "sum", "[1]")).contains("\"data\":1");
	}

	@Test
	void resultThatCannotBeWrittenIsAnError() {
		TestSession session = connect("ann");
		assertThat(rpc(session, "unwritable", "1")).contains("\"code\":100");
		assertThat(rpc(session, "sum", "[1]")).contains("\"data\":1");
	}

	@Test
	void methodThatBlocksKeepsNobodyElseWaiting() {
		TestSession session = connect("ann");
		TestSession other = connect("bob");
		session.command("\"rpc\":{\"method\":\"block\",\"data\":1}");
		assertThat(rpc(other, "sum", "[2]")).contains("\"data\":2");
		this.chat.release.countDown();
	}

	@Test
	void sendIsReceived() {
		TestSession session = connect("ann");
		session.send("{\"send\":{\"data\":{\"text\":\"typing\"}}}");
		await().untilAsserted(() -> assertThat(this.chat.events).contains("ann sends typing"));
		session.send("{\"send\":{\"data\":{\"text\":\"BAD\"}}}");
		assertThat(rpc(session, "sum", "[2]")).contains("\"data\":2");
		assertThat(session.messages()).noneMatch((message) -> message.contains("\"error\""));
	}

	@Test
	void leavingIsTold() {
		TestSession session = connect("ann");
		reply(session, session.subscribe("plain:7"));
		reply(session, session.unsubscribe("plain:7"));
		session.close();
		await().untilAsserted(() -> assertThat(this.chat.events).containsSubsequence("left 7", "bye ann"));
	}

	private TestSession connect(String user) {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + user + "\",\"headers\":{\"agent\":\"test\"}}}");
		session.message(0);
		return session;
	}

	private String rpc(TestSession session, String method, String data) {
		return reply(session, session.command("\"rpc\":{\"method\":\"" + method + "\",\"data\":" + data + "}"));
	}

	private String reply(TestSession session, int id) {
		String start = "{\"id\":" + id + ",";
		await().until(() -> session.messages().stream().anyMatch((message) -> message.startsWith(start)));
		return session.messages().stream().filter((message) -> message.startsWith(start)).findFirst().orElseThrow();
	}

	record NewMessage(String text) {

	}

	record Message(String from, String text) {

	}

	/**
	 * What an application would write.
	 */
	@RealtimeController
	static class Chat {

		final List<String> events = new CopyOnWriteArrayList<>();

		final List<CompletableFuture<String>> slow = new CopyOnWriteArrayList<>();

		final CountDownLatch release = new CountDownLatch(1);

		@OnConnect
		Map<String, String> connect(Principal user, @Header("agent") String agent) {
			if (user.getName().equals("nobody")) {
				throw new RealtimeException(401, "go away");
			}
			Map<String, String> data = new LinkedHashMap<>();
			data.put("welcome", user.getName());
			data.put("agent", agent);
			return data;
		}

		@OnSubscribe("plain:{number}")
		Map<String, String> subscribe(@RoomVariable int number, @Room String room) {
			if (number == 13) {
				throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
			}
			return Map.of("topic", room + " " + number);
		}

		@OnSubscribe("plain:no:{number}")
		RoomDecision refuse() {
			return RoomDecision.DENIED;
		}

		@OnPublish("chat:{room}")
		Message say(@Validated @Payload NewMessage message, Principal user) {
			return message.text().isEmpty() ? null : new Message(user.getName(), message.text());
		}

		@OnPublish("plain:{room}")
		void pass(@RoomVariable("room") String name, dev.realtime.Payload data) {
			this.events.add(name);
		}

		@OnPublish("plain:slow")
		CompletionStage<String> passSlowly(int number) {
			CompletableFuture<String> stage = new CompletableFuture<>();
			this.slow.add(stage);
			return stage;
		}

		@OnRpc("sum")
		int sum(List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

		@OnRpc("later")
		CompletionStage<String> later(String text) {
			return CompletableFuture.supplyAsync(() -> text + "!");
		}

		@OnRpc("nothing")
		void nothing() {
		}

		@OnRpc("nil")
		String nil() {
			return null;
		}

		@OnRpc("fail")
		String fail() throws Exception {
			throw new Exception("secret");
		}

		@OnRpc("mapped")
		String mapped() {
			throw new IllegalStateException("secret");
		}

		@OnRpc("mappedLater")
		CompletionStage<String> mappedLater() {
			return CompletableFuture.failedFuture(new IllegalStateException("secret"));
		}

		@OnRpc("end")
		String endSession() {
			throw new UnsupportedOperationException();
		}

		@OnRpc("overflow")
		int overflow(int depth) {
			return overflow(depth + 1) + 1;
		}

		@OnRpc("unwritable")
		Object unwritable() {
			Map<String, Object> loop = new LinkedHashMap<>();
			loop.put("self", loop);
			return loop;
		}

		@OnRpc("block")
		boolean block() throws InterruptedException {
			return this.release.await(10, TimeUnit.SECONDS);
		}

		@OnSend
		void receive(@Validated NewMessage message, RealtimeSession session) {
			this.events.add(session.user() + " sends " + message.text());
		}

		@OnUnsubscribe("plain:{number}")
		void left(@RoomVariable int number) {
			this.events.add("left " + number);
		}

		@OnDisconnect
		void gone(RealtimeSession session, DisconnectReason reason) {
			this.events.add("bye " + session.user());
		}

		@RealtimeExceptionHandler
		RealtimeException map(IllegalStateException failure, Principal user) {
			return new RealtimeException(444, "mapped " + user.getName());
		}

		@RealtimeExceptionHandler(UnsupportedOperationException.class)
		DisconnectReason end() {
			return DisconnectReason.FORCE_DISCONNECT;
		}

	}

	/**
	 * Refuses capital letters.
	 */
	static final class NoShouting implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return type == NewMessage.class;
		}

		@Override
		public void validate(Object target, Errors errors) {
			String text = ((NewMessage) target).text();
			if (!text.isEmpty() && text.equals(text.toUpperCase(Locale.ROOT))) {
				errors.rejectValue("text", "shouting", "no shouting");
			}
		}

	}

}
