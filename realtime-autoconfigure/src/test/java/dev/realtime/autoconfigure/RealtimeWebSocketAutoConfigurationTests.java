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

import dev.realtime.RealtimeOperations;
import dev.realtime.websocket.RealtimeHandlerMapping;
import dev.realtime.websocket.RealtimeWebSocketHandler;
import dev.realtime.websocket.TransportFactory;
import dev.realtime.websocket.tomcat.TomcatTransportFactory;
import dev.realtime.websocket.tomcat.TomcatTuning;
import jakarta.websocket.server.ServerContainer;
import org.apache.catalina.connector.Connector;
import org.apache.tomcat.websocket.WsSession;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeWebSocketAutoConfiguration} and {@link TomcatConfiguration}.
 */
class RealtimeWebSocketAutoConfigurationTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
					DispatcherServletAutoConfiguration.class, WebMvcAutoConfiguration.class));

	@Test
	void mapsTheEndpointBeforeControllers() {
		this.runner.run((context) -> {
			Ordered mapping = context.getBean(RealtimeHandlerMapping.class);
			assertThat(mapping.getOrder()).isLessThan(context.getBean(RequestMappingHandlerMapping.class).getOrder());
			assertThat(context.getBean(RealtimeHandlerMapping.class).isRunning()).isTrue();
		});
	}

	@Test
	void path() {
		this.runner.withPropertyValues("realtime.path=/live").run((context) -> {
			assertThat(context.getBean(RealtimeHandlerMapping.class).getUrlMap()).containsKeys("/live", "/live/",
					"/live/client.js");
			assertThat(context.getBean(RealtimeEndpoint.class).path()).isEqualTo("/live");
		});
	}

	@Test
	void servletPath() {
		this.runner.withPropertyValues("spring.mvc.servlet.path=/mvc")
			.run((context) -> assertThat(context.getBean(RealtimeEndpoint.class).path()).isEqualTo("/mvc/realtime"));
	}

	@Test
	void maxMessageSize() {
		this.runner.withPropertyValues("realtime.session.max-message-size=3KB")
			.run((context) -> assertThat(context.getBean(RealtimeWebSocketHandler.class)).extracting("maxMessageBytes")
				.isEqualTo(3072));
	}

	@Test
	void withTomcatSendsBytes() {
		this.runner.run((context) -> {
			assertThat(context).getBean(TransportFactory.class).isInstanceOf(TomcatTransportFactory.class);
			assertThat(context).hasSingleBean(TomcatTuning.class).hasBean("realtimeTomcatCustomizer");
			assertThat(context.getBean(RealtimeEndpoint.class).sendPath()).isEqualTo("tomcat-bytes");
		});
	}

	@Test
	void whenTuningIsOffUsesThePublicApi() {
		this.runner.withPropertyValues("realtime.tomcat.tuning=off").run((context) -> {
			assertThat(context).getBean(TransportFactory.class).isInstanceOf(StandardTransportFactory.class);
			assertThat(context).doesNotHaveBean(TomcatTuning.class).doesNotHaveBean("realtimeTomcatCustomizer");
			assertThat(context.getBean(RealtimeEndpoint.class).sendPath()).isEqualTo("public-api");
		});
	}

	@Test
	void whenTuningIsOffAsYamlReadsItUsesThePublicApi() {
		this.runner.withPropertyValues("realtime.tomcat.tuning=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(TransportFactory.class)
				.isInstanceOf(StandardTransportFactory.class));
	}

	@Test
	void withoutTomcatUsesThePublicApi() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.apache.tomcat", "org.apache.coyote",
					"org.springframework.boot.tomcat"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TomcatTuning.class)
				.getBean(TransportFactory.class)
				.isInstanceOf(StandardTransportFactory.class));
	}

	@Test
	void inATomcatThatIsNotEmbeddedSendsBytesAndTunesNothing() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.tomcat"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TomcatTuning.class)
				.getBean(TransportFactory.class)
				.isInstanceOf(TomcatTransportFactory.class));
	}

	@Test
	void withoutAConnectorTunesNothing() {
		this.runner.withClassLoader(new FilteredClassLoader(Connector.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TomcatTuning.class));
	}

	@Test
	void withoutTomcatsWebSocketUsesThePublicApi() {
		this.runner.withClassLoader(new FilteredClassLoader(WsSession.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(TransportFactory.class)
				.isInstanceOf(StandardTransportFactory.class));
	}

	@Test
	void withoutSpringWebSocketThereIsNoEndpoint() {
		withoutEndpoint(WebSocketHandler.class.getPackageName());
	}

	@Test
	void withoutTheWebSocketApiThereIsNoEndpoint() {
		withoutEndpoint(ServerContainer.class.getPackageName());
	}

	@Test
	void withoutSpringMvcThereIsNoEndpoint() {
		withoutEndpoint(DispatcherServletPath.class.getPackageName());
	}

	private void withoutEndpoint(String... packages) {
		new WebApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader(packages))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RealtimeOperations.class)
				.doesNotHaveBean(HandlerMapping.class)
				.doesNotHaveBean(RealtimeEndpoint.class));
	}

	@Test
	void whenDisabledThereIsNoEndpoint() {
		this.runner.withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeHandlerMapping.class));
	}

	@Test
	void whenTheApplicationHasATransportFactoryItIsUsed() {
		this.runner.withBean("own", TransportFactory.class, () -> (session, binary) -> {
			throw new UnsupportedOperationException();
		})
			.run((context) -> assertThat(context).hasNotFailed()
				.getBeanNames(TransportFactory.class)
				.containsExactly("own"));
	}

	@Test
	void survivesThatTheContextIsStoppedAndStarted() {
		this.runner.run((context) -> {
			context.getSourceApplicationContext().stop();
			context.getSourceApplicationContext().start();
			assertThat(context.getBean(RealtimeHandlerMapping.class).isRunning()).isTrue();
		});
	}

}
