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

import java.time.Clock;
import java.util.Map;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.HistoryQuery;
import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeOperations;
import dev.realtime.RoomAuthorizer;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlMessage;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.control.LocalControlBus;
import dev.realtime.core.EngineSettings;
import dev.realtime.core.JsonPayloadConverter;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.core.RealtimeLifecycle;
import dev.realtime.core.SessionLifecycle;
import dev.realtime.naming.Namespaces;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceStore;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeAutoConfiguration}.
 */
class RealtimeAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class,
				RealtimeTransactionAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class));

	@Test
	void withoutAWebApplicationThereIsEverythingButAnEndpoint() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(RealtimeOperations.class)
			.hasSingleBean(RealtimeEngine.class)
			.hasSingleBean(RealtimeLifecycle.class)
			.hasSingleBean(LocalRoomRelay.class)
			.hasSingleBean(InMemoryPresenceStore.class)
			.doesNotHaveBean(RealtimeEndpoint.class));
	}

	@Test
	void withoutAWebApplicationTheApplicationCanPublish() {
		this.runner.withPropertyValues("realtime.namespaces.chat.history.size=10").run((context) -> {
			RealtimeOperations operations = context.getBean(RealtimeOperations.class);
			assertThat(operations.publish("chat:lobby", Payload.ofJson("1")))
				.isInstanceOf(PublishResult.Published.class);
			assertThat(operations.history("chat:lobby", HistoryQuery.newest(10)).publications()).hasSize(1);
		});
	}

	@Test
	void whenDisabledThereIsNothing() {
		this.runner.withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RealtimeOperations.class)
				.doesNotHaveBean(RealtimeProperties.class)
				.doesNotHaveBean(HandlerExecutorConfiguration.BEAN_NAME)
				.doesNotHaveBean("realtimeTransactionBinding"));
	}

	@Test
	void whenDisabledAReactiveWebApplicationStarts() {
		reactiveRunner().withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenTheWebApplicationIsReactiveStartFailsAndSaysWhatToDo() {
		reactiveRunner().run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new ReactiveWebApplicationFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).contains("needs a servlet web application");
			assertThat(analysis.getAction()).contains("spring-boot-starter-webmvc").contains("realtime.enabled=false");
		});
	}

	private ReactiveWebApplicationContextRunner reactiveRunner() {
		return new ReactiveWebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));
	}

	@Test
	void whenTheApplicationHasARelayItIsUsed() {
		this.runner.withBean("own", RoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
			.run((context) -> assertThat(context).getBeanNames(RoomRelay.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasAPresenceStoreItIsUsed() {
		this.runner.withBean("own", PresenceStore.class, InMemoryPresenceStore::new)
			.run((context) -> assertThat(context).getBeanNames(PresenceStore.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasAControlBusItIsUsed() {
		this.runner.withBean("own", ControlBus.class, () -> new LocalControlBus(new InMemoryBanStore(System::nanoTime)))
			.run((context) -> assertThat(context).getBeanNames(ControlBus.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasABanStoreItIsUsed() {
		InMemoryBanStore store = new InMemoryBanStore(System::nanoTime);
		this.runner.withBean("own", BanStore.class, () -> store).run((context) -> {
			context.getBean(RealtimeOperations.class).ban("ann");
			assertThat(store.all().toCompletableFuture().join()).containsExactly(new ControlMessage.Ban("ann", null));
		});
	}

	@Test
	void whenTheApplicationHasAPayloadConverterItIsUsed() {
		this.runner.withBean("own", PayloadConverter.class, () -> new JsonPayloadConverter(JsonMapper.shared()))
			.run((context) -> assertThat(context).getBeanNames(PayloadConverter.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasNamespacesTheyAreUsed() {
		this.runner.withBean("own", Namespaces.class, () -> new Namespaces(Map.of()))
			.run((context) -> assertThat(context).getBeanNames(Namespaces.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasSettingsTheyAreUsed() {
		this.runner
			.withBean("own", EngineSettings.class,
					() -> new RealtimePropertiesMapper(new RealtimeProperties()).engineSettings())
			.run((context) -> assertThat(context).getBeanNames(EngineSettings.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasOperationsTheyAreUsed() {
		this.runner.withUserConfiguration(OwnOperations.class)
			.run((context) -> assertThat(context).getBeanNames(RealtimeOperations.class).containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasAJsonMapperItWritesPayloads() {
		this.runner
			.withBean(JsonMapper.class,
					() -> JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build())
			.run((context) -> assertThat(context.getBean(PayloadConverter.class).write(new Message("hello")).text())
				.isEqualTo("{\"message_text\":\"hello\"}"));
	}

	@Test
	void whenTheApplicationHasNoJsonMapperADefaultOneWritesPayloads() {
		this.runner
			.run((context) -> assertThat(context.getBean(PayloadConverter.class).write(new Message("hello")).text())
				.isEqualTo("{\"messageText\":\"hello\"}"));
	}

	@Test
	void whatTheApplicationContributesIsOrdered() {
		this.runner.withUserConfiguration(Contributions.class).run((context) -> {
			ApplicationBeans beans = context.getBean(ApplicationBeans.class);
			assertThat(beans.authenticators()).containsExactly(context.getBean("first", ConnectAuthenticator.class),
					context.getBean("second", ConnectAuthenticator.class));
			assertThat(beans.code().authorizers()).containsExactly(context.getBean(RoomAuthorizer.class));
			assertThat(beans.code().listeners()).containsExactly(context.getBean(RealtimeListener.class));
		});
	}

	@Test
	void whatTheApplicationContributesMayPublish() {
		this.runner.withBean(PublishingListener.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ApplicationBeans.class).code().listeners()).hasSize(1);
		});
	}

	@Test
	void survivesThatTheContextIsStoppedAndStarted() {
		this.runner.withPropertyValues("realtime.namespaces.chat.presence=true").run((context) -> {
			RealtimeLifecycle lifecycle = context.getBean(RealtimeLifecycle.class);
			assertThat(lifecycle.isRunning()).isTrue();
			context.getSourceApplicationContext().stop();
			assertThat(lifecycle.isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			assertThat(lifecycle.isRunning()).isTrue();
			assertThat(context.getBean(RealtimeOperations.class).publish("chat:lobby", Payload.ofJson("1")))
				.isInstanceOf(PublishResult.Published.class);
		});
	}

	@Test
	void drainingHasTheTimeItNeeds() {
		this.runner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class))
			.withPropertyValues("realtime.shutdown.drain-timeout=90s")
			.run((context) -> assertThat(context.getBean(DefaultLifecycleProcessor.class))
				.extracting("timeoutsForShutdownPhases", InstanceOfAssertFactories.map(Integer.class, Long.class))
				.containsEntry(SessionLifecycle.PHASE, 91_000L));
	}

	@Test
	void drainsBeforeTheEngineStops() {
		this.runner.run((context) -> {
			assertThat(context.getBean(SessionLifecycle.class).isRunning()).isTrue();
			assertThat(context.getBean(SessionLifecycle.class).getPhase())
				.isGreaterThan(context.getBean(RealtimeLifecycle.class).getPhase());
		});
	}

	@Test
	void withoutAnyOptionalLibraryTheApplicationStarts() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.transaction", "org.springframework.web",
					"org.springframework.data", "org.springframework.security", "org.springframework.jdbc",
					"org.springframework.boot.actuate", "org.springframework.boot.health",
					"org.springframework.boot.webmvc", "org.springframework.boot.tomcat", "io.lettuce", "io.micrometer",
					"jakarta.servlet", "jakarta.websocket", "org.apache.catalina", "org.apache.tomcat"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeOperations.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.data", "io.lettuce", "org.springframework.amqp",
			"org.springframework.security", "io.micrometer", "org.springframework.boot.actuate",
			"org.springframework.boot.health", "org.springframework.jdbc", "org.springframework.transaction",
			"org.springframework.web" })
	void withoutAnOptionalLibraryTheApplicationStarts(String library) {
		this.runner.withClassLoader(new FilteredClassLoader(library))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeOperations.class));
	}

	@Test
	void namesOfBeansStartWithRealtime() {
		this.runner.run((context) -> {
			for (String name : context.getBeanDefinitionNames()) {
				assertThat(name).satisfiesAnyOf((bean) -> assertThat(bean).startsWith("realtime"),
						(bean) -> assertThat(bean).contains("."));
			}
		});
	}

	record Message(String messageText) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnOperations {

		@Bean
		RealtimeOperations own(RealtimeEngine engine) {
			return engine.operations();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Contributions {

		@Bean
		@Order(2)
		ConnectAuthenticator second() {
			return (request) -> null;
		}

		@Bean
		@Order(1)
		ConnectAuthenticator first() {
			return (request) -> null;
		}

		@Bean
		RoomAuthorizer authorizer() {
			return (access) -> {
				throw new IllegalStateException();
			};
		}

		@Bean
		RealtimeListener listener() {
			return new RealtimeListener() {
			};
		}

	}

	static class PublishingListener implements RealtimeListener {

		private final RealtimeOperations operations;

		PublishingListener(RealtimeOperations operations) {
			this.operations = operations;
		}

		@Override
		public void roomOccupied(String room) {
			this.operations.publish(room, "hello");
		}

	}

}
