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

import java.util.Locale;
import java.util.function.Consumer;

import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSend;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for controllers of an application with all that is auto-configured, as clients
 * see them.
 */
class HandlerApplicationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class, ValidationAutoConfiguration.class))
		.withPropertyValues("realtime.shutdown.drain-timeout=0s");

	@Test
	void roomsOfHandlersNeedNoProperties() {
		run(Chat.class, (context) -> {
			ApplicationClient client = new ApplicationClient(context, "ann");
			assertThat(client.subscribe("chat:a")).contains("\"subscribe\":{");
			assertThat(client.subscribe("unknown:a")).contains("\"code\":102");
		});
	}

	@Test
	void whatIsHandledIsOpenToMembers() {
		run(Chat.class, (context) -> {
			ApplicationClient client = new ApplicationClient(context, "ann");
			assertThat(client.publish("chat:a", message("hello"))).contains("\"code\":103");
			client.subscribe("chat:a");
			assertThat(client.publish("chat:a", message("hello"))).contains("\"publish\":{}");
			await().untilAsserted(() -> assertThat(client.publications()).containsExactly("\"HELLO\""));
		});
	}

	@Test
	void whatIsNotHandledIsOpenToNobody() {
		run(Chat.class, (context) -> {
			ApplicationClient client = ApplicationClient.in(context, "ann", "chat:");
			assertThat(client.publish("chat:", message("hello"))).contains("\"code\":103");
		});
	}

	@Test
	void whenARuleIsSetItCounts() {
		this.runner.withPropertyValues("realtime.namespaces.chat.publish=anyone")
			.withBean(Chat.class)
			.run((context) -> {
				ApplicationClient client = new ApplicationClient(context, "ann");
				assertThat(client.publish("chat:a", message("hello"))).contains("\"publish\":{}");
				assertThat(client.publish("chat:a:b", message("hello"))).contains("\"publish\":{}");
			});
	}

	@Test
	void withoutHandlersRulesAreAsEver() {
		this.runner.withPropertyValues("realtime.namespaces.chat.subscribe=anyone").run((context) -> {
			ApplicationClient client = ApplicationClient.in(context, "ann", "chat:a");
			assertThat(client.publish("chat:a", message("hello"))).contains("\"code\":103");
			assertThat(client.rpc("any", "1")).contains("\"code\":108");
		});
	}

	@Test
	void payloadsAreValidatedByBeanValidation() {
		run(Chat.class, (context) -> {
			ApplicationClient client = ApplicationClient.in(context, "ann", "chat:a");
			assertThat(client.publish("chat:a", message(" ")))
				.contains("\"error\":{\"code\":400,\"message\":\"text: must not be blank\"}");
			assertThat(client.publish("chat:a", message("much too long")))
				.contains("\"code\":400,\"message\":\"text: size must be between 0 and 10\"");
			assertThat(client.rpc("group", "{\"number\":8}")).contains("\"data\":8");
			assertThat(client.rpc("group", "{\"number\":12}"))
				.contains("\"code\":400,\"message\":\"number: must be less than or equal to 10\"");
			assertThat(client.rpc("unchecked", message(" "))).contains("\"data\":\" \"");
		});
	}

	@Test
	void withoutBeanValidationPayloadsAreTakenAsTheyAre() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.hibernate.validator", "org.springframework.boot.validation"))
			.withPropertyValues("realtime.shutdown.drain-timeout=0s")
			.withBean(Chat.class)
			.run((context) -> {
				ApplicationClient client = ApplicationClient.in(context, "ann", "chat:a");
				assertThat(client.publish("chat:a", message(" "))).contains("\"publish\":{}");
			});
	}

	@Test
	void methodsRunOnPlatformThreads() {
		run(Chat.class, (context) -> assertThat(new ApplicationClient(context, "ann").rpc("thread", "1"))
			.contains("\"data\":\"realtime-handler-"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void whenVirtualThreadsAreEnabledMethodsRunOnThem() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true").withBean(Chat.class).run((context) -> {
			ApplicationClient client = ApplicationClient.in(context, "ann", "chat:a");
			assertThat(client.rpc("virtual", "1")).contains("\"data\":true");
			assertThat(client.publish("chat:a", message("hello"))).contains("\"publish\":{}");
		});
	}

	private void run(Class<?> controller, Consumer<ApplicationContext> test) {
		this.runner.withUserConfiguration(controller).run((AssertableApplicationContext context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context);
		});
	}

	private static String message(String text) {
		return "{\"text\":\"" + text + "\"}";
	}

	record Message(@NotBlank @Size(max = 10) String text) {

	}

	interface Strict {

	}

	record Number(@Max(value = 10, groups = Strict.class) int number) {

	}

	@RealtimeController
	static class Chat {

		@OnSubscribe({ "chat:{room}", "chat:{room}:{part}" })
		void join() {
		}

		@OnPublish("chat:{room}")
		String say(@Valid Message message) {
			return message.text().toUpperCase(Locale.ROOT);
		}

		@OnRpc("group")
		int group(@Validated(Strict.class) Number number) {
			return number.number();
		}

		@OnRpc("unchecked")
		String unchecked(Message message) {
			return message.text();
		}

		@OnRpc("thread")
		String thread() {
			return Thread.currentThread().getName();
		}

		@OnRpc("virtual")
		Object virtual() throws ReflectiveOperationException {
			return Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
		}

		@OnSend
		void receive() {
		}

	}

}
