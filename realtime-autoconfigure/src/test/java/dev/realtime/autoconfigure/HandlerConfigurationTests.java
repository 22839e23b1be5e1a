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

package dev.realtime.autoconfigure;

import java.util.List;

import dev.realtime.HistoryQuery;
import dev.realtime.Payload;
import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.OnDisconnect;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.OnSubscribe;
import dev.realtime.annotation.OnUnsubscribe;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimePublish;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link HandlerConfiguration} and {@link InvalidHandlerFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandlerConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@Test
	void namespacesOfPatternsAreKnown() {
		this.runner.withBean(Publishes.class)
			.withBean(Leaves.class)
			.withPropertyValues("realtime.room.history.size=7", "realtime.namespaces.news.presence=true")
			.run((context) -> {
				Namespaces namespaces = context.getBean(Namespaces.class);
				assertThat(namespaces.find("chat:a").historySize()).isEqualTo(7);
				assertThat(namespaces.find("chat:a").publish()).isEqualTo(AccessRule.HANDLED);
				assertThat(namespaces.find("chat:a").subscribe()).isEqualTo(AccessRule.AUTHENTICATED);
				assertThat(namespaces.find("left:a")).isNotNull();
				assertThat(namespaces.find("news:a").presence()).isTrue();
				assertThat(namespaces.find("other:a")).isNull();
			});
	}

	@Test
	void rulesOfAHandledNamespaceStayAsTheyAreSet() {
		this.runner.withBean(Publishes.class)
			.withPropertyValues("realtime.namespaces.chat.publish=authenticated")
			.run((context) -> assertThat(context.getBean(Namespaces.class).find("chat:a").publish())
				.isEqualTo(AccessRule.AUTHENTICATED));
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.namespaces.chat.publish=nobody", "realtime.room.publish=nobody" })
	void whenNobodyMayPublishAHandlerIsNeverCalled(String property) {
		this.runner.withBean(Publishes.class).withPropertyValues(property).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).isEqualTo("@OnPublish " + Publishes.class.getName()
					+ ".say() is never called: clients may not publish in 'chat:{room}'");
			assertThat(analysis.getAction()).isEqualTo(
					"Set realtime.namespaces.chat.publish to something else than 'nobody', or remove the method");
		});
	}

	@Test
	void whenNobodyMaySubscribeAHandlerIsNeverCalled() {
		this.runner.withBean(Subscribes.class)
			.withPropertyValues("realtime.namespaces.chat.subscribe=nobody")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).isEqualTo("@OnSubscribe " + Subscribes.class.getName()
						+ ".join() is never called: clients may not subscribe in 'chat:{room}'");
				assertThat(analysis.getAction()).contains("realtime.namespaces.chat.subscribe");
			});
	}

	@Test
	void whenNobodyMaySubscribeOtherHandlersAreCalled() {
		this.runner.withBean(Publishes.class)
			.withBean(Leaves.class)
			.withPropertyValues("realtime.room.subscribe=nobody")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenAHandlerCannotWorkTheLogSaysWhatToChange(CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> new SpringApplicationBuilder(InvalidApplication.class).web(WebApplicationType.NONE).run());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Two methods are for the same rooms: " + AlsoPublishes.class.getName() + ".say()")
			.contains(Publishes.class.getName() + ".say()")
			.contains("Remove one of them, or make its pattern more specific");
	}

	@Test
	void whenTheApplicationHasHandlersTheyAreUsed() {
		this.runner.withBean("own", RealtimeHandlers.class, () -> RealtimeHandlers.NONE)
			.withBean(Publishes.class)
			.run((context) -> {
				assertThat(context).getBeanNames(RealtimeHandlers.class).containsExactly("own");
				assertThat(context.getBean(Namespaces.class).find("chat:a")).isNull();
			});
	}

	@Test
	void controllersMayPublish() {
		this.runner.withBean(NeedsOperations.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void controllersAreNotCreatedToBeFound() {
		this.runner.withBean("broken", Broken.class, () -> {
			throw new IllegalStateException("created");
		}, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertThat(context.getBean(RealtimeHandlers.class).rpc("broken")).isNotNull());
	}

	@Test
	void whatConfiguresSpringMvcMayPublish() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class, WebMvcAutoConfiguration.class))
			.withUserConfiguration(NeedsOperationsConfigurer.class)
			.withBean(Publishes.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void withoutSpringMessagingThereAreNoControllersButEverythingElse() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.messaging"))
			.withPropertyValues("realtime.namespaces.chat.history.size=10", "spring.aop.proxy-target-class=false")
			.withBean(Speaker.class)
			.withBean(Publishes.class)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeHandlers.class);
				context.getBean(RealtimeOperations.class).publish("chat:a", Payload.ofJson("1"));
				context.getBean(Says.class).say();
				context.publishEvent(new Event("a"));
				assertThat(history(context)).containsExactly("1", "\"said\"", "{\"room\":\"a\"}");
			});
	}

	@Test
	void whenResultsGoIntoNoRoomStartFails() {
		this.runner.withBean(Nowhere.class).run((context) -> {
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription()).contains("@RealtimePublish on")
				.contains("Nowhere.say")
				.contains("must begin with the name of a namespace");
			assertThat(analysis.getAction()).contains("chat:{room}");
		});
	}

	@Test
	void resultsAreNotPublishedTwice() {
		this.runner.withPropertyValues("realtime.namespaces.chat.history.size=10")
			.withBean(Service.class)
			.run((context) -> {
				context.getBean(Service.class).say();
				assertThat(AopUtils.isCglibProxy(context.getBean(Service.class))).isTrue();
				assertThat(history(context)).containsExactly("\"said\"");
			});
	}

	@Test
	void proxiesAreOfTheKindThatIsConfigured() {
		this.runner
			.withPropertyValues("realtime.namespaces.chat.history.size=10", "spring.aop.proxy-target-class=false")
			.withBean(Speaker.class)
			.run((context) -> {
				context.getBean(Says.class).say();
				assertThat(AopUtils.isJdkDynamicProxy(context.getBean(Says.class))).isTrue();
				assertThat(history(context)).containsExactly("\"said\"");
			});
	}

	private static FailureAnalysis analyze(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		FailureAnalysis analysis = new InvalidHandlerFailureAnalyzer().analyze(context.getStartupFailure());
		assertThat(analysis).isNotNull();
		return analysis;
	}

	private static List<String> history(ApplicationContext context) {
		return context.getBean(RealtimeOperations.class)
			.history("chat:a", new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> publication.data().text())
			.toList();
	}

	@RealtimeController
	static class Publishes {

		@OnPublish("chat:{room}")
		void say() {
		}

	}

	@RealtimeController
	static class AlsoPublishes {

		@OnPublish("chat:{name}")
		void say() {
		}

	}

	@RealtimeController
	static class Subscribes {

		@OnSubscribe("chat:{room}")
		void join() {
		}

	}

	@RealtimeController
	static class Leaves {

		@OnUnsubscribe("left:{room}")
		void left() {
		}

		@OnDisconnect
		void gone() {
		}

	}

	@RealtimeController
	static class Broken {

		@OnRpc("broken")
		void call() {
		}

	}

	@RealtimeController
	record NeedsOperations(RealtimeOperations operations) {

		@OnRpc("publish")
		void call() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsOperationsConfigurer implements WebMvcConfigurer {

		NeedsOperationsConfigurer(RealtimeOperations operations) {
		}

	}

	@RealtimePublish("chat:{room}")
	record Event(String room) {

	}

	static class Service {

		@RealtimePublish("chat:a")
		String say() {
			return "said";
		}

	}

	static class Nowhere {

		@RealtimePublish("{room}")
		String say() {
			return "said";
		}

	}

	public interface Says {

		String say();

	}

	static class Speaker implements Says {

		@Override
		@RealtimePublish("chat:a")
		public String say() {
			return "said";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ RealtimeAutoConfiguration.class, Publishes.class, AlsoPublishes.class })
	static class InvalidApplication {

	}

}
