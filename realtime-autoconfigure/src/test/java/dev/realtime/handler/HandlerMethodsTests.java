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

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.annotation.OnConnect;
import dev.realtime.annotation.OnDisconnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimeExceptionHandler;
import dev.realtime.annotation.Room;
import dev.realtime.annotation.RoomVariable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HandlerMethods}: what is found, and what is refused when the
 * application starts.
 */
class HandlerMethodsTests {

	@Test
	void withoutControllersThereIsNothing() {
		try (HandlerFixture fixture = new HandlerFixture(Object.class)) {
			assertThat(fixture.handlers().rooms()).isEmpty();
			assertThat(fixture.handlers().connectHandlers()).isEmpty();
			assertThat(fixture.handlers().listeners()).isEmpty();
			assertThat(fixture.handlers().subscribe("chat:a")).isNull();
			assertThat(fixture.handlers().publish("chat:a")).isNull();
			assertThat(fixture.handlers().hasRpc()).isFalse();
			assertThat(fixture.handlers().rpc("a")).isNull();
			assertThat(fixture.handlers().send()).isNull();
		}
	}

	@Test
	void roomsNameTheirMethods() {
		try (HandlerFixture fixture = new HandlerFixture(Valid.class)) {
			assertThat(fixture.handlers().rooms()).extracting(Object::toString)
				.containsExactlyInAnyOrder(
						"HandledRooms[pattern=chat:{a}, operation=SUBSCRIBE, method=@OnSubscribe " + name("Valid")
								+ ".join()]",
						"HandledRooms[pattern=chat:{a}, operation=PUBLISH, method=@OnPublish " + name("Valid")
								+ ".say()]",
						"HandledRooms[pattern=news:all, operation=PUBLISH, method=@OnPublish " + name("Valid")
								+ ".say()]");
		}
	}

	@Test
	void whenTwoMethodsAreForTheSameRoomsBothAreNamed() {
		assertInvalid(Ambiguous.class).withMessage(
				"Two methods are for the same rooms: %s is @OnPublish(\"chat:{a}\") and %s is @OnPublish(\"chat:{b}\")",
				name("Ambiguous") + ".first()", name("Ambiguous") + ".second()")
			.satisfies((ex) -> assertThat(ex.action()).contains("more specific"));
	}

	@Test
	void whenTwoControllersAnswerTheSameCallBothAreNamed() {
		assertInvalid(Calls.class, OtherCalls.class).withMessage("Two methods answer @OnRpc(\"list\"): %s and %s",
				name("Calls") + ".list()", name("OtherCalls") + ".other()");
	}

	@Test
	void whenTwoMethodsTakeMessagesBothAreNamed() {
		assertInvalid(Sends.class).withMessage("Two methods are @OnSend: %s and %s", name("Sends") + ".first()",
				name("Sends") + ".second()");
	}

	@Test
	void whenAPatternIsNoneTheMethodIsNamed() {
		assertInvalid(BadPattern.class)
			.withMessage(name("BadPattern")
					+ ".join(): The room pattern '{any}' must begin with the name of a namespace and a colon")
			.satisfies((ex) -> assertThat(ex.action()).contains("chat:{room}"));
	}

	@Test
	void whenAVariableIsUnknownTheParameterIsNamed() {
		assertInvalid(UnknownVariable.class).withMessage("Parameter 1 of @OnSubscribe method " + name("UnknownVariable")
				+ ".join() is for the variable 'b', which not every pattern of the method has");
	}

	@Test
	void whenThereIsNoRoomVariablesAreRefused() {
		assertInvalid(VariableWithoutRoom.class)
			.withMessageContaining("is for the variable 'a', which not every pattern of the method has");
		assertInvalid(RoomWithoutRoom.class).withMessageContaining("is for the room, and there is none");
	}

	@Test
	void whenTheParameterForTheRoomIsNoStringItIsRefused() {
		assertInvalid(RoomAsNumber.class).withMessageContaining("is for the name of the room, which is a String");
	}

	@Test
	void whenTwoParametersWantThePayloadTheSecondIsNamed() {
		assertInvalid(TwoPayloads.class).withMessage("Parameter 2 of @OnRpc method " + name("TwoPayloads")
				+ ".call() is a second one for what the client sent");
	}

	@Test
	void whenThereIsNoPayloadAParameterForItIsRefused() {
		assertInvalid(PayloadAtTheEnd.class).withMessage("Parameter 1 of @OnDisconnect method "
				+ name("PayloadAtTheEnd") + ".gone() is for what the client sent, which here is nothing");
	}

	@Test
	void whatIsOnlyThereAtTheBeginningOrTheEndIsRefusedElsewhere() {
		assertInvalid(RequestLater.class).withMessageContaining("what the client said when it connected");
		assertInvalid(ReasonEarlier.class).withMessageContaining("the end of the session, which has not come");
		assertInvalid(HeaderLater.class).withMessageContaining("is for headers, which clients send only");
		assertInvalid(HeadersLater.class).withMessageContaining("is for headers, which clients send only");
		assertInvalid(MessageHeadersLater.class).withMessageContaining("is for headers, which clients send only");
	}

	@Test
	void whenAMethodIsPrivateItIsRefused() {
		assertInvalid(PrivateMethod.class).withMessageContaining(name("PrivateMethod") + ".call() is private");
		assertInvalid(PrivateExceptionHandler.class).withMessageContaining("map").withMessageContaining("is private");
	}

	@Test
	void whenAnExceptionHandlerReturnsSomethingElseItIsNamed() {
		assertInvalid(WrongAnswer.class).withMessageContaining(name("WrongAnswer") + ".map")
			.withMessageContaining("returns nothing to tell the client")
			.satisfies((ex) -> assertThat(ex.action()).contains("ErrorCode"));
	}

	@Test
	void whenTwoExceptionHandlersAreForOneTypeBothAreNamed() {
		assertInvalid(TwoAnswers.class)
			.withMessageStartingWith("Two exception handlers for java.lang.IllegalStateException: ")
			.withMessageContaining(".first(")
			.withMessageContaining(".second(");
	}

	@Test
	void whenAnExceptionHandlerIsForNothingItIsNamed() {
		assertInvalid(NoException.class).withMessageContaining(name("NoException") + ".map")
			.withMessageContaining("is for no exception");
	}

	@Test
	void whenAnExceptionHandlerWantsThePayloadItIsRefused() {
		assertInvalid(PayloadOfException.class).withMessageStartingWith("Parameter 1 of the exception handler ")
			.withMessageContaining(name("PayloadOfException") + ".map")
			.withMessageEndingWith("has nothing to stand for");
	}

	private static ThrowableAssertAlternative<InvalidHandlerException> assertInvalid(Class<?>... controllers) {
		return assertThatExceptionOfType(InvalidHandlerException.class)
			.isThrownBy(() -> new HandlerFixture(controllers));
	}

	private static String name(String controller) {
		return HandlerMethodsTests.class.getName() + "$" + controller;
	}

	@RealtimeController
	static class Valid {

		@OnSubscribe("chat:{a}")
		void join() {
		}

		@OnPublish({ "chat:{a}", "news:all" })
		void say(String text) {
		}

	}

	@RealtimeController
	static class Ambiguous {

		@OnPublish("chat:{a}")
		void first() {
		}

		@OnPublish("chat:{b}")
		void second() {
		}

	}

	@RealtimeController
	static class Calls {

		@OnRpc("list")
		void list() {
		}

	}

	@RealtimeController
	static class OtherCalls {

		@OnRpc({ "other", "list" })
		void other() {
		}

	}

	@RealtimeController
	static class Sends {

		@OnSend
		void first() {
		}

		@OnSend
		void second() {
		}

	}

	@RealtimeController
	static class BadPattern {

		@OnSubscribe("{any}")
		void join() {
		}

	}

	@RealtimeController
	static class UnknownVariable {

		@OnSubscribe({ "chat:{a}:{b}", "chat:{a}" })
		void join(@RoomVariable String a, @RoomVariable String b) {
		}

	}

	@RealtimeController
	static class VariableWithoutRoom {

		@OnRpc("a")
		void call(@RoomVariable String a) {
		}

	}

	@RealtimeController
	static class RoomWithoutRoom {

		@OnSend
		void receive(@Room String room) {
		}

	}

	@RealtimeController
	static class RoomAsNumber {

		@OnSubscribe("chat:{a}")
		void join(@Room int room) {
		}

	}

	@RealtimeController
	static class TwoPayloads {

		@OnRpc("a")
		void call(String one, Principal user, String two) {
		}

	}

	@RealtimeController
	static class PayloadAtTheEnd {

		@OnDisconnect
		void gone(DisconnectReason reason, String text) {
		}

	}

	@RealtimeController
	static class RequestLater {

		@OnSend
		void receive(ConnectRequest request) {
		}

	}

	@RealtimeController
	static class ReasonEarlier {

		@OnConnect
		void connect(DisconnectReason reason) {
		}

	}

	@RealtimeController
	static class HeaderLater {

		@OnRpc("a")
		void call(@Header("lang") String lang) {
		}

	}

	@RealtimeController
	static class HeadersLater {

		@OnRpc("a")
		void call(@Headers Map<String, Object> headers) {
		}

	}

	@RealtimeController
	static class MessageHeadersLater {

		@OnRpc("a")
		void call(MessageHeaders headers) {
		}

	}

	@RealtimeController
	static class PrivateMethod {

		@OnRpc("a")
		private void call() {
		}

	}

	@RealtimeController
	static class PrivateExceptionHandler {

		@RealtimeExceptionHandler
		private ErrorCode map(IllegalStateException ex) {
			return ErrorCode.INTERNAL;
		}

	}

	@RealtimeController
	static class WrongAnswer {

		@RealtimeExceptionHandler
		CompletionStage<ErrorCode> map(IllegalStateException ex) {
			return null;
		}

	}

	@RealtimeController
	static class TwoAnswers {

		@RealtimeExceptionHandler
		ErrorCode first(IllegalStateException ex) {
			return ErrorCode.INTERNAL;
		}

		@RealtimeExceptionHandler(IllegalStateException.class)
		ErrorCode second() {
			return ErrorCode.INTERNAL;
		}

	}

	@RealtimeController
	static class PayloadOfException {

		@RealtimeExceptionHandler
		ErrorCode map(IllegalStateException ex, String text) {
			return ErrorCode.INTERNAL;
		}

	}

	@RealtimeController
	static class NoException {

		@RealtimeExceptionHandler
		ErrorCode map() {
			return ErrorCode.INTERNAL;
		}

	}

}
