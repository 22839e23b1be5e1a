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

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.ConnectAuthenticator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeStartupReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeStartupReportTests {

	private static final String NOT_SHARED = "members of a room get only what is published on their own node";

	private static final String IGNORED = "Ignored, because a namespace has no such setting: ";

	private static final String NOBODY = "No client can connect";

	private static final String NO_ROOMS = "There are no rooms";

	@Test
	void saysHowAWebApplicationIsSetUp(CapturedOutput output) {
		run(WebApplicationType.SERVLET, WebApplication.class, "--realtime.namespaces.news.publish=anyone",
				"--realtime.namespaces.chat.presence=true", "--realtime.security.allow-anonymous=true",
				"--realtime.path=/live", "--server.servlet.context-path=/app", "--realtime.node-id=a");
		assertThat(output).contains("Realtime: endpoint /app/live, relay local, anonymous clients on, "
				+ "namespaces [chat, news], send path tomcat-bytes, node a");
		assertThat(output).doesNotContain(NOT_SHARED).doesNotContain(NOBODY).doesNotContain(NO_ROOMS);
	}

	@Test
	void saysHowAnApplicationWithoutAnEndpointIsSetUp(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--realtime.namespaces.chat.presence=true");
		assertThat(output).contains("Realtime: endpoint none, relay local, anonymous clients off, namespaces [chat]\n");
		assertThat(output).doesNotContain(NOBODY);
	}

	@Test
	void saysItOnce(CapturedOutput output) {
		new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.child(Child.class)
			.web(WebApplicationType.NONE)
			.run()
			.close();
		assertThat(output.getAll().split("Realtime: endpoint", -1)).hasSize(2);
	}

	@Test
	void whenNobodyCanConnectWarns(CapturedOutput output) {
		run(WebApplicationType.SERVLET, WebApplication.class);
		assertThat(output).contains(NOBODY);
	}

	@Test
	void whenThereIsAnAuthenticatorDoesNotWarn(CapturedOutput output) {
		run(WebApplicationType.SERVLET, AuthenticatedApplication.class);
		assertThat(output).contains("anonymous clients off").doesNotContain(NOBODY);
	}

	@Test
	void whenThereIsSpringSecurityDoesNotWarn(CapturedOutput output) {
		run(WebApplicationType.SERVLET, SecuredApplication.class);
		assertThat(output).contains("anonymous clients off").doesNotContain(NOBODY);
	}

	@Test
	void whenThereAreNoNamespacesWarns(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class);
		assertThat(output).contains(NO_ROOMS);
	}

	@Test
	void whenRedisIsConfiguredWarnsThatRoomsAreNotShared(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--spring.data.redis.url=redis://localhost");
		assertThat(output).contains(NOT_SHARED);
	}

	@Test
	void whenInACloudWarnsThatRoomsAreNotShared(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--spring.main.cloud-platform=kubernetes");
		assertThat(output).contains(NOT_SHARED);
	}

	@Test
	void whenInNoCloudDoesNotWarn(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--spring.main.cloud-platform=none");
		assertThat(output).contains("Realtime: endpoint").doesNotContain(NOT_SHARED);
	}

	@Test
	void whenTheNodeHasNoNameSaysNone(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--realtime.node-id= ");
		assertThat(output).contains("Realtime: endpoint").doesNotContain(", node");
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.namespaces.chat.presense", "realtime.namespaces.chat.history.ttl",
			"realtime.namespaces.a.b.presence" })
	void whenANamespaceHasAnUnknownSettingWarnsThatItIsIgnored(String property, CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--" + property + "=1");
		assertThat(output).contains(IGNORED + property + " (\"" + property + "\" from property source");
	}

	@Test
	void whenANamespaceHasOnlyKnownSettingsDoesNotWarn(CapturedOutput output) {
		run(WebApplicationType.NONE, Application.class, "--realtime.namespaces.chat.presenceLimit=3",
				"--realtime.namespaces[a.b].history.size=1", "--realtime.namespaces[a.b].history.time-to-live=1m",
				"--realtime.namespaces[a.b].recovery=true", "--realtime.namespaces.my_chat.slow-consumer-policy=resync",
				"--realtime.namespaces.news=");
		assertThat(output).contains("namespaces [a.b, chat, my_chat, news]").doesNotContain(IGNORED);
	}

	@Test
	void knowsEverySettingOfANamespace() {
		Map<String, Object> settings = new LinkedHashMap<>();
		for (RealtimeMetadata.Property property : RealtimeMetadata.properties()) {
			if (property.name().startsWith("realtime.room.")
					&& !PropertiesPage.NOT_IN_NAMESPACES.contains(property.name())) {
				settings.put(property.name().replace(".room.", ".namespaces.chat."), property.defaultValue());
			}
		}
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
		assertThat(settings).hasSizeGreaterThan(7);
		assertThat(NamespaceKeys.unknown(environment)).isEmpty();
	}

	@Test
	void doesNotSplitTheEnvironmentOfTheProcess() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test",
					Map.of("REALTIME_NAMESPACES_MY_CHAT_HISTORY_TIMETOLIVE", "1m")));
		assertThat(NamespaceKeys.unknown(environment)).isEmpty();
	}

	private static void run(WebApplicationType type, Class<?> application, String... arguments) {
		SpringApplication springApplication = new SpringApplication(application);
		springApplication.setWebApplicationType(type);
		springApplication.setDefaultProperties(Map.of("server.port", "0"));
		springApplication.run(arguments).close();
	}

	@Configuration(proxyBeanMethods = false)
	static class Child {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(RealtimeAutoConfiguration.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class })
	static class WebApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class AuthenticatedApplication extends WebApplication {

		@Bean
		ConnectAuthenticator authenticator() {
			return (request) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecuredApplication extends WebApplication {

		@Bean
		Object springSecurityFilterChain() {
			return new Object();
		}

	}

}
