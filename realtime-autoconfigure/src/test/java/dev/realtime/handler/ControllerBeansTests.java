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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimeExceptionHandler;
import dev.realtime.annotation.RoomVariable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for controllers of all sorts of beans, and for what becomes of their exceptions.
 */
class ControllerBeansTests {

	@Test
	void packagePrivateMethodsBehindAProxyReachTheTarget() {
		try (HandlerFixture fixture = new HandlerFixture(AsyncConfiguration.class, Proxied.class)) {
			assertThat(AopUtils.isCglibProxy(fixture.bean(Proxied.class))).isTrue();
			assertThat(fixture.rpc("field", "")).isEqualTo("\"set\"");
			assertThat(fixture.rpc("protected", "")).isEqualTo("\"set\"");
			assertThat(fixture.rpc("later", "")).isEqualTo("\"async-1\"");
			assertCode(444, () -> fixture.rpc("fail", ""));
			assertThat(fixture.handlers().rooms()).singleElement()
				.asString()
				.contains("Proxied.join()")
				.doesNotContain("$$");
			assertThat(fixture.handlers().subscribe("chat:a").type()).isEqualTo(Proxied.class);
		}
	}

	@Test
	void prototypesAreNewForEachCall() {
		Prototype.created.set(0);
		try (HandlerFixture fixture = new HandlerFixture(Prototype.class)) {
			assertThat(Prototype.created).hasValue(0);
			assertThat(fixture.rpc("number", "")).isEqualTo("1");
			assertThat(fixture.rpc("number", "")).isEqualTo("2");
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> fixture.rpc("fail", ""));
			assertThat(Prototype.created).hasValue(3);
		}
	}

	@Test
	void scopedProxiesAreFoundOnce() {
		try (HandlerFixture fixture = new HandlerFixture(ScopedProxy.class)) {
			assertThat(fixture.rpc("scoped", "")).isEqualTo("\"scoped\"");
		}
	}

	@Test
	void lazyControllersAreCreatedByTheFirstCall() {
		LazyController.created.set(0);
		try (HandlerFixture fixture = new HandlerFixture(LazyController.class)) {
			assertThat(LazyController.created).hasValue(0);
			fixture.rpc("lazy", "");
			fixture.rpc("lazy", "");
			assertThat(LazyController.created).hasValue(1);
		}
	}

	@Test
	void annotationsMayBeMetaAnnotations() {
		try (HandlerFixture fixture = new HandlerFixture(Composed.class)) {
			assertThat(fixture.subscribe("chat:seven:x").data().text()).isEqualTo("\"seven\"");
			assertThat(fixture.rpc("composed", "")).isEqualTo("\"composed\"");
		}
	}

	@Test
	void methodsMayBeInherited() {
		try (HandlerFixture fixture = new HandlerFixture(Child.class)) {
			assertThat(fixture.rpc("inherited", "{\"text\":\"a\"}")).isEqualTo("\"a\"");
			assertThat(fixture.rpc("list", "[{\"text\":\"a\"},{\"text\":\"b\"}]")).isEqualTo("\"ab\"");
			assertThat(fixture.rpc("overridden", "")).isEqualTo("\"child\"");
			assertThat(fixture.rpc("default", "")).isEqualTo("\"interface\"");
			assertCode(ErrorCode.LIMIT_EXCEEDED.code(), () -> fixture.rpc("fail", ""));
		}
	}

	@Test
	void exceptionHandlersForTheClosestTypeCount() {
		try (HandlerFixture fixture = new HandlerFixture(Failing.class)) {
			assertCode(401, () -> fixture.rpc("fail", "\"state\""));
			assertCode(402, () -> fixture.rpc("fail", "\"argument\""));
			assertCode(402, () -> fixture.rpc("fail", "\"cause\""));
			assertCode(ErrorCode.INTERNAL.code(), () -> fixture.rpc("fail", "\"security\""));
			assertThat(fixture.disconnects()).containsExactly(DisconnectReason.FORCE_DISCONNECT);
		}
	}

	@Test
	void whenAnExceptionHandlerFailsBothAreKept() {
		try (HandlerFixture fixture = new HandlerFixture(Failing.class)) {
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> fixture.rpc("fail", "\"unsupported\""))
				.havingCause()
				.isInstanceOf(NullPointerException.class)
				.satisfies((ex) -> assertThat(ex.getSuppressed())
					.hasAtLeastOneElementOfType(UnsupportedOperationException.class));
		}
	}

	@Test
	void exceptionsAreNeverMadeOfWhatTheClientSent() {
		try (HandlerFixture fixture = new HandlerFixture(Confused.class)) {
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> fixture.rpc("fail", "{\"message\":\"forged\"}"))
				.havingCause()
				.isNotInstanceOf(RealtimeException.class)
				.satisfies(
						(ex) -> assertThat(ex.getSuppressed()).hasAtLeastOneElementOfType(IllegalStateException.class));
		}
	}

	private static void assertCode(int code, ThrowingCallable call) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(call)
			.havingCause()
			.isInstanceOfSatisfying(RealtimeException.class, (ex) -> assertThat(ex.code()).isEqualTo(code));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	static class AsyncConfiguration {

		@Bean
		SimpleAsyncTaskExecutor taskExecutor() {
			return new SimpleAsyncTaskExecutor("async-");
		}

	}

	@RealtimeController
	static class Proxied {

		private final String field = String.valueOf("set");

		@OnSubscribe("chat:{room}")
		void join() {
		}

		@OnRpc("field")
		String field() {
			return this.field;
		}

		@OnRpc("protected")
		protected String protectedField() {
			return this.field;
		}

		@Async
		@OnRpc("later")
		CompletableFuture<String> later() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

		@OnRpc("fail")
		void fail() {
			throw new IllegalStateException(this.field);
		}

		@RealtimeExceptionHandler
		RealtimeException map(IllegalStateException failure) {
			return new RealtimeException(444, this.field);
		}

	}

	@RealtimeController
	@Scope("prototype")
	static class Prototype {

		static final AtomicInteger created = new AtomicInteger();

		private final int number = created.incrementAndGet();

		@OnRpc("number")
		int number() {
			return this.number;
		}

		@OnRpc("fail")
		void fail() {
			throw new IllegalStateException();
		}

	}

	@RealtimeController
	@Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class ScopedProxy {

		@OnRpc("scoped")
		String scoped() {
			return "scoped";
		}

	}

	@RealtimeController
	@Lazy
	static class LazyController {

		static final AtomicInteger created = new AtomicInteger();

		LazyController() {
			created.incrementAndGet();
		}

		@OnRpc("lazy")
		void lazy() {
		}

	}

	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@RealtimeController
	@interface ChatController {

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnSubscribe("")
	@interface OnJoin {

		@AliasFor(annotation = OnSubscribe.class, attribute = "value")
		String room();

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@OnRpc("composed")
	@interface OnComposed {

	}

	@ChatController
	static class Composed {

		@OnJoin(room = "chat:{number}:x")
		String join(@RoomVariable("number") String text) {
			return text;
		}

		@OnComposed
		String composed() {
			return "composed";
		}

	}

	interface Base {

		@OnRpc("default")
		default String defaultMethod() {
			return "interface";
		}

	}

	abstract static class Parent<T> implements Base {

		@OnRpc("inherited")
		String inherited(T payload) {
			return text(payload);
		}

		@OnRpc("list")
		String list(List<T> payloads) {
			return String.join("", payloads.stream().map(this::text).toList());
		}

		@OnRpc("overridden")
		String overridden() {
			return "parent";
		}

		@OnRpc("fail")
		void fail() {
			throw new IllegalStateException();
		}

		@RealtimeExceptionHandler
		ErrorCode map(IllegalStateException failure) {
			return ErrorCode.LIMIT_EXCEEDED;
		}

		abstract String text(T payload);

	}

	@RealtimeController
	static class Child extends Parent<Text> {

		@Override
		String overridden() {
			return "child";
		}

		@Override
		String text(Text payload) {
			return payload.text();
		}

	}

	record Text(String text) {

	}

	@RealtimeController
	static class Failing {

		@OnRpc("fail")
		void fail(String how) throws Exception {
			switch (how) {
				case "state" -> throw new IllegalStateException();
				case "argument" -> throw new IllegalArgumentException();
				case "cause" -> throw new Exception(new IllegalArgumentException());
				case "security" -> throw new SecurityException();
				default -> throw new UnsupportedOperationException();
			}
		}

		@RealtimeExceptionHandler
		RealtimeException state(IllegalStateException failure) {
			return new RealtimeException(401, "state");
		}

		@RealtimeExceptionHandler
		RealtimeException runtime(IllegalArgumentException failure) {
			return new RealtimeException(402, "argument");
		}

		@RealtimeExceptionHandler(SecurityException.class)
		DisconnectReason security() {
			return DisconnectReason.FORCE_DISCONNECT;
		}

		@RealtimeExceptionHandler
		ErrorCode unsupported(UnsupportedOperationException failure) {
			throw new NullPointerException();
		}

	}

	@RealtimeController
	static class Confused {

		@OnRpc("fail")
		void fail() {
			throw new IllegalStateException();
		}

		@RealtimeExceptionHandler(IllegalStateException.class)
		RealtimeException map(UnsupportedOperationException failure) {
			return new RealtimeException(444, failure.getMessage());
		}

	}

}
