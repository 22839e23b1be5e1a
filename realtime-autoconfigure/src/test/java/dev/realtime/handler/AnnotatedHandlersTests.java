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

package dev.realtime.handler;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
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
import dev.realtime.annotation.Room;
import dev.realtime.annotation.RoomVariable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AnnotatedHandlers}: what methods are given, and what becomes of what
 * they return.
 */
@ExtendWith(OutputCaptureExtension.class)
class AnnotatedHandlersTests {

	private HandlerFixture fixture;

	@AfterEach
	void close() {
		this.fixture.close();
	}

	@Test
	void methodsOnConnectAreAskedInTheirOrder() {
		use(FirstConnect.class, SecondConnect.class);
		ConnectReply reply = this.fixture.connect("{\"name\":\"Ann\"}", Map.of("lang", "de", "level", "7"));
		assertThat(FirstConnect.calls).containsExactly("first", "second", "third");
		assertThat(reply.data().text()).isEqualTo("{\"lang\":\"de\",\"level\":7,\"name\":\"Ann\"}");
		assertThat(reply.rooms()).containsOnlyKeys("chat:ann");
	}

	@Test
	void whenAHeaderIsMissingOrWrongTheClientIsToldSo() {
		use(FirstConnect.class);
		assertError(400, "missing header: lang",
				() -> this.fixture.connect("{\"name\":\"Ann\"}", Map.of("level", "7")));
		assertError(400, "invalid header: level",
				() -> this.fixture.connect("{\"name\":\"Ann\"}", Map.of("lang", "de", "level", "x")));
	}

	@Test
	void whenThePayloadIsMissingTheClientIsToldSo() {
		use(Calls.class);
		assertError(400, "Payload value must not be empty", () -> this.fixture.rpc("sum", ""));
		assertThat(this.fixture.rpc("optional", "")).isEqualTo("\"nothing\"");
		assertThat(this.fixture.rpc("optional", "{\"name\":\"Ann\"}")).isEqualTo("\"Ann\"");
	}

	@Test
	void payloadsMayBeGeneric() {
		use(Calls.class);
		assertThat(this.fixture.rpc("names", "[{\"name\":\"Ann\"},{\"name\":\"Bob\"}]")).isEqualTo("\"AnnBob\"");
		assertThat(this.fixture.rpc("sum", "{\"a\":[1,2],\"b\":[3]}")).isEqualTo("6");
		assertError(400, "invalid payload: 1", () -> this.fixture.rpc("names", "[{\"name\":\"Ann\"},7]"));
	}

	@Test
	void payloadsMayBeRaw() {
		use(Calls.class);
		assertThat(this.fixture.rpc("raw", "[1, 2]")).isEqualTo("[1, 2]");
		assertThat(this.fixture.rpc("bytes", "[1, 2]")).isEqualTo("6");
	}

	@Test
	void usersMayBeUnknown() {
		use(Calls.class);
		assertThat(this.fixture.rpc("user", "")).isEqualTo("\"ann\"");
		assertThat(this.fixture.anonymous().rpc("user", "")).isEqualTo("\"nobody\"");
	}

	@Test
	void variablesAreConverted() {
		use(Rooms.class);
		assertThat(this.fixture.subscribe("game:7:RED").data().text()).isEqualTo("\"game:7:RED 8 RED Optional[7]\"");
		assertError(102, "unknown channel", () -> this.fixture.subscribe("game:x:RED"));
		assertError(102, "unknown channel", () -> this.fixture.subscribe("game:7:pink"));
	}

	@Test
	void subscribeAnswersAreUnderstood() {
		use(Rooms.class);
		assertThat(this.fixture.subscribe("room:yes")).isEqualTo(RoomDecision.GRANTED);
		assertThat(this.fixture.subscribe("room:no").granted()).isFalse();
		assertThat(this.fixture.subscribe("room:later").data().text()).isEqualTo("{\"name\":\"later\"}");
		assertThat(this.fixture.subscribe("room:never").granted()).isFalse();
		assertThat(this.fixture.subscribe("room:nothing")).isEqualTo(RoomDecision.GRANTED);
	}

	@Test
	void whenADecisionIsMissingNobodyGetsIn() {
		use(Rooms.class);
		for (String room : List.of("room:null-decision", "room:null-boolean", "room:null-later")) {
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.fixture.subscribe(room))
				.havingCause()
				.isInstanceOf(IllegalStateException.class)
				.withMessageContaining("has not decided");
		}
	}

	@Test
	void publishAnswersAreUnderstood() {
		use(Rooms.class);
		assertThat(this.fixture.publish("room:asis", "[1, 2]")).isEqualTo("[1, 2]");
		assertThat(this.fixture.publish("room:null", "1")).isNull();
		assertThat(this.fixture.publish("room:later", "1")).isEqualTo("2");
		assertThat(this.fixture.publish("room:null-later", "1")).isNull();
		assertThat(this.fixture.handlers().publish("room:later").isAsynchronous()).isTrue();
		assertThat(this.fixture.handlers().publish("room:asis").isAsynchronous()).isFalse();
		assertThat(this.fixture.handlers().publish("room:other")).isNull();
		assertThat(this.fixture.handlers().publish("lobby")).isNull();
	}

	@Test
	void callsMayBeAnsweredLater() {
		use(Calls.class);
		assertThat(this.fixture.rpc("later", "")).isEqualTo("\"later\"");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.fixture.rpc("failLater", ""))
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void messagesMayBeDealtWithLater() {
		use(Others.class);
		this.fixture.send("\"a\"");
		assertThat(this.fixture.bean(Others.class).events).containsExactly("a");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.fixture.send("\"fail\""))
			.withCauseInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void whoLeavesIsTold() {
		use(Others.class);
		this.fixture.listener().left(this.fixture, "room:7");
		this.fixture.listener().left(this.fixture, "other:7");
		this.fixture.listener().disconnected(this.fixture, DisconnectReason.SHUTDOWN);
		assertThat(this.fixture.bean(Others.class).events).containsExactly("left 7", "gone 3001");
	}

	@Test
	void whatFailsLaterWhenSomebodyLeavesIsLogged(CapturedOutput output) {
		use(Others.class);
		this.fixture.listener().left(this.fixture, "room:13");
		this.fixture.listener().disconnected(this.fixture, DisconnectReason.STALE);
		assertThat(output).contains("Others.left() failed").contains("thirteen").contains("Others.gone() failed");
	}

	@Test
	void connectMayBeAnsweredLater() {
		use(LateConnect.class);
		assertThat(this.fixture.connect("", Map.of()).data().text()).isEqualTo("\"ann\"");
		assertError(401, "no guests", () -> this.fixture.anonymous().connect("", Map.of()));
	}

	@Test
	void applicationsMayHaveOwnKindsOfParameters() {
		use(OwnParameters.class, LocaleResolver.class);
		assertThat(this.fixture.rpc("locale", "1")).isEqualTo("\"fr 1\"");
	}

	@Test
	void applicationsMayHaveTheirOwnConverter() {
		use(OwnConverter.class, Shouts.class);
		assertThat(this.fixture.rpc("shout", "hello")).isEqualTo("<HELLO>");
		assertThat(this.fixture.publish("room:a", "hello")).isEqualTo("<HELLO>");
		assertThat(this.fixture.subscribe("room:a").data().text()).isEqualTo("<A>");
		assertThat(this.fixture.connect("hello", Map.of()).data().text()).isEqualTo("<HELLO>");
	}

	private void use(Class<?>... components) {
		this.fixture = new HandlerFixture(components);
	}

	private static void assertError(int code, String message, ThrowingCallable call) {
		assertThatExceptionOfType(Throwable.class).isThrownBy(call)
			.extracting((ex) -> (ex instanceof CompletionException) ? ex.getCause() : ex)
			.isInstanceOfSatisfying(RealtimeException.class, (ex) -> {
				assertThat(ex.code()).isEqualTo(code);
				assertThat(ex).hasMessage(message);
			});
	}

	record Person(String name) {

	}

	enum Color {

		RED, GREEN

	}

	@RealtimeController("zzz")
	static class FirstConnect {

		static final List<String> calls = new ArrayList<>();

		@OnConnect
		@Order(2)
		ConnectReply second(RealtimeSession session, Optional<Principal> user) {
			calls.add("second");
			return ConnectReply.rooms("chat:" + user.orElseThrow().getName());
		}

		@OnConnect
		@Order(1)
		Map<String, Object> first(@Header("lang") String lang, @Header int level, @Headers Map<String, Object> all,
				@Header("none") Optional<String> none, Person person) {
			calls.clear();
			calls.add("first");
			assertThat(all).containsOnlyKeys("lang", "level");
			assertThat(none).isEmpty();
			return new TreeMap<>(Map.of("lang", lang, "level", level, "name", person.name()));
		}

	}

	@RealtimeController("aaa")
	@Order(3)
	static class SecondConnect {

		@OnConnect
		void third(ConnectRequest request) {
			FirstConnect.calls.add("third");
		}

	}

	@RealtimeController
	static class LateConnect {

		@OnConnect
		CompletionStage<String> connect(Principal user) {
			return (user != null) ? CompletableFuture.supplyAsync(user::getName)
					: CompletableFuture.failedFuture(new RealtimeException(401, "no guests"));
		}

	}

	@RealtimeController
	static class Calls {

		@OnRpc("names")
		String names(List<Person> people) {
			return String.join("", people.stream().map(Person::name).toList());
		}

		@OnRpc("sum")
		int sum(Map<String, List<Integer>> numbers) {
			return numbers.values().stream().flatMap(List::stream).mapToInt(Integer::intValue).sum();
		}

		@OnRpc("optional")
		String optional(Optional<Person> person) {
			return person.map(Person::name).orElse("nothing");
		}

		@OnRpc("raw")
		Payload raw(Payload payload) {
			return payload;
		}

		@OnRpc("bytes")
		int bytes(byte[] payload) {
			return payload.length;
		}

		@OnRpc("user")
		String user(Optional<Principal> user) {
			return user.map(Principal::getName).orElse("nobody");
		}

		@OnRpc("later")
		CompletionStage<String> later() {
			return CompletableFuture.supplyAsync(() -> "later").minimalCompletionStage();
		}

		@OnRpc("failLater")
		CompletionStage<String> failLater() {
			return CompletableFuture.supplyAsync(() -> {
				throw new IllegalStateException();
			});
		}

	}

	@RealtimeController
	static class Rooms {

		@OnSubscribe("game:{number}:{color}")
		String join(@Room String room, @RoomVariable int number, @RoomVariable("color") Color hue,
				@RoomVariable("number") Optional<Long> same) {
			return room + " " + (number + 1) + " " + hue + " " + same;
		}

		@OnSubscribe("room:yes")
		boolean yes() {
			return true;
		}

		@OnSubscribe("room:no")
		Boolean no() {
			return false;
		}

		@OnSubscribe("room:later")
		CompletionStage<Person> later() {
			return CompletableFuture.supplyAsync(() -> new Person("later"));
		}

		@OnSubscribe("room:never")
		CompletionStage<Boolean> never() {
			return CompletableFuture.supplyAsync(() -> false);
		}

		@OnSubscribe("room:nothing")
		Person nothing() {
			return null;
		}

		@OnSubscribe("room:null-decision")
		RoomDecision noDecision() {
			return null;
		}

		@OnSubscribe("room:null-boolean")
		Boolean noBoolean() {
			return null;
		}

		@OnSubscribe("room:null-later")
		CompletionStage<RoomDecision> noDecisionLater() {
			return CompletableFuture.completedFuture(null);
		}

		@OnPublish("room:asis")
		void asIs() {
		}

		@OnPublish("room:null")
		Person none() {
			return null;
		}

		@OnPublish("room:later")
		CompletionStage<Integer> publishLater(int number) {
			return CompletableFuture.supplyAsync(() -> number + 1);
		}

		@OnPublish("room:null-later")
		CompletionStage<Integer> publishNothingLater() {
			return CompletableFuture.completedFuture(null);
		}

	}

	@RealtimeController
	static class Others {

		final List<String> events = new ArrayList<>();

		@OnSend
		CompletionStage<Void> receive(String text) {
			this.events.add(text);
			return text.equals("fail") ? CompletableFuture.failedFuture(new IllegalArgumentException())
					: CompletableFuture.completedFuture(null);
		}

		@OnUnsubscribe("room:{number}")
		CompletionStage<Void> left(@RoomVariable int number, Principal user) {
			this.events.add("left " + number);
			return (number == 13) ? CompletableFuture.failedFuture(new IllegalStateException("thirteen"))
					: CompletableFuture.completedFuture(null);
		}

		@OnDisconnect
		CompletionStage<Void> gone(Optional<DisconnectReason> reason) {
			this.events.add("gone " + reason.orElseThrow().code());
			return (reason.get() == DisconnectReason.STALE)
					? CompletableFuture.failedFuture(new IllegalStateException("stale"))
					: CompletableFuture.completedFuture(null);
		}

	}

	@RealtimeController
	static class OwnParameters {

		@OnRpc("locale")
		String locale(Locale locale, int number) {
			return locale.getLanguage() + " " + number;
		}

	}

	static class LocaleResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Locale.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return Locale.FRENCH;
		}

	}

	@RealtimeController
	static class Shouts {

		@OnConnect
		String connect(String text) {
			return text.toUpperCase(Locale.ROOT);
		}

		@OnSubscribe("room:{name}")
		String join(@RoomVariable String name) {
			return name.toUpperCase(Locale.ROOT);
		}

		@OnPublish("room:{name}")
		String say(String text) {
			return text.toUpperCase(Locale.ROOT);
		}

		@OnRpc("shout")
		String shout(String text) {
			return text.toUpperCase(Locale.ROOT);
		}

	}

	static class OwnConverter implements PayloadConverter {

		@Override
		public Payload write(Object payload) {
			return Payload.ofBytes(("<" + payload + ">").getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public Object read(Payload payload, Type type) {
			assertThat(type).isEqualTo(String.class);
			return payload.text();
		}

	}

}
