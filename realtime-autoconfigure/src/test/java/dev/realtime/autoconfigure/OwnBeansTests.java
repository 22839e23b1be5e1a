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

import dev.realtime.core.RealtimeEngine;
import dev.realtime.core.RealtimeLifecycle;
import dev.realtime.core.SessionLifecycle;
import dev.realtime.http.ClientScriptHandler;
import dev.realtime.transaction.CommitMarker;
import dev.realtime.websocket.RealtimeHandlerMapping;
import dev.realtime.websocket.RealtimeHandshakeHandler;
import dev.realtime.websocket.RealtimeWebSocketHandler;
import dev.realtime.websocket.TransportFactory;
import dev.realtime.websocket.tomcat.TomcatTuning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the parts which are not meant to be replaced every day step back for beans
 * of the application as well.
 */
class OwnBeansTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class,
					RealtimeWebSocketAutoConfiguration.class, DispatcherServletAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(classes = { OwnLifecycle.class, OwnSessionLifecycle.class, OwnHandler.class, OwnMapping.class,
			OwnTuning.class, OwnMarker.class })
	void whenTheApplicationHasItsOwnItIsTheOnlyOne(Class<?> configuration) {
		this.runner.withUserConfiguration(configuration)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBeanNames(context.getBean("own").getClass())
				.containsExactly("own"));
	}

	@Test
	void whenTheApplicationHasAnEngineItIsTheOnlyOne() {
		BeanDefinition engine = BeanDefinitionBuilder.rootBeanDefinition(RealtimeEngine.class)
			.setFactoryMethodOnBean("realtimeEngine", RealtimeAutoConfiguration.class.getName())
			.setAutowireMode(AutowireCapableBeanFactory.AUTOWIRE_CONSTRUCTOR)
			.getBeanDefinition();
		this.runner.withInitializer(
				(context) -> ((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition("own", engine))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBeanNames(RealtimeEngine.class)
				.containsExactly("own"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLifecycle {

		@Bean
		RealtimeLifecycle own(RealtimeEngine engine) {
			return new RealtimeLifecycle(engine);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnSessionLifecycle {

		@Bean
		SessionLifecycle own(RealtimeEngine engine) {
			return new SessionLifecycle(engine);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnHandler {

		@Bean
		RealtimeWebSocketHandler own(RealtimeEngine engine, TransportFactory transports) {
			return new RealtimeWebSocketHandler(engine.gateway(), transports, 100);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMapping {

		@Bean
		RealtimeHandlerMapping own(RealtimeWebSocketHandler handler) {
			return new RealtimeHandlerMapping("/own", handler, new RealtimeHandshakeHandler(), List.of(),
					new ClientScriptHandler());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTuning {

		@Bean
		TomcatTuning own() {
			return new TomcatTuning(false, false);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMarker {

		@Bean
		CommitMarker own() {
			return new CommitMarker();
		}

	}

}
