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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.realtime.core.EngineSettings;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.naming.Namespaces;
import dev.realtime.redis.RedisRelaySettings;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import dev.realtime.websocket.OriginGuard;
import dev.realtime.websocket.RealtimeHandlerMapping;
import dev.realtime.websocket.RealtimeWebSocketHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests that there is no property without an effect: each of them, set to something
 * unusual, changes what the application is made of. What exactly changes is tested
 * elsewhere.
 */
@ExtendWith(OutputCaptureExtension.class)
class PropertyEffectsTests {

	private static final String[] USUAL = { "realtime.namespaces.chat.history.size=3",
			"realtime.namespaces.plain.presence-limit=5" };

	private static final Map<String, String> UNUSUAL = Map.ofEntries(
			Map.entry("realtime.allowed-origins", "https://page.example.com"), Map.entry("realtime.enabled", "false"),
			Map.entry("realtime.node-id", "a"), Map.entry("realtime.path", "/live"),
			Map.entry("realtime.relay", "rabbit"), Map.entry("realtime.outbound.batch-size", "7KB"),
			Map.entry("realtime.outbound.max-messages", "8"), Map.entry("realtime.outbound.max-node-size", "9MB"),
			Map.entry("realtime.outbound.max-size", "2MB"), Map.entry("realtime.outbound.send-time-limit", "3s"),
			Map.entry("realtime.outage-policy", "local"), Map.entry("realtime.outage.local-delivery", "true"),
			Map.entry("realtime.room.outage-policy", "local"), Map.entry("realtime.outbox.enabled", "false"),
			Map.entry("realtime.outbox.path", "target/effects/other"),
			Map.entry("realtime.outbox.initialize-schema", "never"), Map.entry("realtime.outbox.max-messages", "7"),
			Map.entry("realtime.outbox.max-size", "7MB"), Map.entry("realtime.outbox.max-message-size", "7KB"),
			Map.entry("realtime.outbox.lease", "7s"), Map.entry("realtime.outbox.max-attempts", "7"),
			Map.entry("realtime.publish.transactional", "before-commit"), Map.entry("realtime.publish.timeout", "4s"),
			Map.entry("realtime.redis.control-secret", "sixteen characters"),
			Map.entry("realtime.redis.command-timeout", "3s"), Map.entry("realtime.redis.fail-fast", "true"),
			Map.entry("realtime.redis.key-prefix", "own:"), Map.entry("realtime.redis.partitions", "8"),
			Map.entry("realtime.redis.probe-interval", "7s"), Map.entry("realtime.room.history.size", "12"),
			Map.entry("realtime.room.history.time-to-live", "5m"), Map.entry("realtime.room.presence", "true"),
			Map.entry("realtime.room.presence-limit", "6"), Map.entry("realtime.room.publish", "anyone"),
			Map.entry("realtime.room.recovery", "false"), Map.entry("realtime.room.recovery-limit", "7"),
			Map.entry("realtime.room.slow-consumer-policy", "resync"), Map.entry("realtime.room.subscribe", "nobody"),
			Map.entry("realtime.security.allow-anonymous", "true"), Map.entry("realtime.session.connect-timeout", "8s"),
			Map.entry("realtime.session.leave-grace", "6s"), Map.entry("realtime.session.max-message-size", "9KB"),
			Map.entry("realtime.session.max-pending-commands", "10"),
			Map.entry("realtime.session.max-pending-size", "11KB"), Map.entry("realtime.session.max-rooms", "12"),
			Map.entry("realtime.rate-limit.burst", "7s"), Map.entry("realtime.rate-limit.calls", "7"),
			Map.entry("realtime.rate-limit.commands", "7"), Map.entry("realtime.rate-limit.commands-per-ip", "7"),
			Map.entry("realtime.rate-limit.commands-per-user", "7"), Map.entry("realtime.rate-limit.connects", "7"),
			Map.entry("realtime.rate-limit.connects-per-ip", "7"), Map.entry("realtime.rate-limit.enabled", "false"),
			Map.entry("realtime.rate-limit.publishes", "7"), Map.entry("realtime.rate-limit.reads", "7"),
			Map.entry("realtime.rate-limit.refusals", "7"), Map.entry("realtime.rate-limit.subscribes", "7"),
			Map.entry("realtime.session.max-sessions", "15"), Map.entry("realtime.session.max-sessions-per-ip", "13"),
			Map.entry("realtime.session.max-sessions-per-user", "14"),
			Map.entry("realtime.session.ping-interval", "15s"), Map.entry("realtime.session.pong-timeout", "1s"),
			Map.entry("realtime.shutdown.drain-batch-interval", "17ms"),
			Map.entry("realtime.shutdown.drain-batch-size", "18"), Map.entry("realtime.shutdown.drain-timeout", "19s"),
			Map.entry("realtime.tomcat.tuning", "off"));

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, RealtimeRedisAutoConfiguration.class,
				RealtimeOutboxAutoConfiguration.class, RealtimeAutoConfiguration.class,
				RealtimeWebSocketAutoConfiguration.class, DispatcherServletAutoConfiguration.class))
		.withBean(RoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
		.withBean(DataSource.class, PropertyEffectsTests::freshDatabase)
		.withPropertyValues("spring.application.name=effects")
		.withPropertyValues(USUAL);

	/** In a file, since what is only in memory counts for nothing. */
	private static DataSource freshDatabase() {
		return new DriverManagerDataSource("jdbc:h2:file:./target/effects/" + UUID.randomUUID());
	}

	static Stream<String> properties() {
		return RealtimeMetadata.properties().stream().map(RealtimeMetadata.Property::name).flatMap((name) -> {
			if (name.equals("realtime.namespaces")) {
				return Stream.empty();
			}
			boolean perNamespace = name.startsWith("realtime.room.")
					&& !PropertiesPage.NOT_IN_NAMESPACES.contains(name);
			return perNamespace ? Stream.of(name, name.replace(".room.", ".namespaces.chat.")) : Stream.of(name);
		});
	}

	@ParameterizedTest
	@MethodSource("properties")
	void everyPropertyHasAnEffect(String property, CapturedOutput output) {
		String value = UNUSUAL.get(property.replace(".namespaces.chat.", ".room."));
		assertThat(value).as("an unusual value for " + property).isNotNull();
		boolean broker = Stream.of("realtime.redis.", "realtime.outbox.", "realtime.publish.transactional")
			.anyMatch(property::startsWith);
		String relay = "realtime.relay=" + (broker ? "redis" : "local");
		assertThat(effects(output, relay, property + "=" + value)).isNotEqualTo(effects(output, relay));
	}

	@Test
	void withoutAnyPropertyTheEffectsAreTheSame(CapturedOutput output) {
		assertThat(effects(output)).isEqualTo(effects(output)).hasSizeGreaterThan(5);
	}

	private List<String> effects(CapturedOutput output, String... properties) {
		AtomicReference<List<String>> effects = new AtomicReference<>();
		this.runner.withPropertyValues(properties).run((context) -> {
			Throwable failure = context.getStartupFailure();
			effects.set((failure != null) ? List.of(NestedExceptionUtils.getMostSpecificCause(failure).toString())
					: effects(context, output));
		});
		return effects.get();
	}

	private static List<String> effects(AssertableWebApplicationContext context, CapturedOutput output) {
		List<String> effects = new ArrayList<>();
		context.getBeanProvider(EngineSettings.class).ifAvailable((settings) -> effects.add(settings.toString()));
		context.getBeanProvider(RedisRelaySettings.class)
			.ifAvailable((settings) -> effects.add(settings.toString().replaceAll("node=[^,]*", "")));
		context.getBeanProvider(PublishGuarantees.class).ifAvailable((guarantees) -> {
			effects
				.add("guarantees " + guarantees.mode() + " " + guarantees.policy() + " " + guarantees.localDelivery());
			if (guarantees.outbox() instanceof JdbcOutbox outbox) {
				effects.add("outbox " + ReflectionTestUtils.getField(outbox, "limits")
						+ outbox.dataSource().getClass().getName());
			}
		});
		context.getBeanProvider(Namespaces.class).ifAvailable((namespaces) -> {
			effects.add("chat " + namespaces.find("chat:1"));
			effects.add("plain " + namespaces.find("plain:1"));
		});
		context.getBeanProvider(RealtimeWebSocketHandler.class)
			.ifAvailable((handler) -> assertThat(handler).extracting("maxMessageBytes")
				.satisfies((bytes) -> effects.add("message " + bytes)));
		context.getBeanProvider(RealtimeHandlerMapping.class).ifAvailable((mapping) -> {
			effects.add("paths " + new TreeSet<>(mapping.getUrlMap().keySet()));
			effects.add("page " + isPageAllowed(mapping));
		});
		effects.add("report " + report(context, output));
		return effects;
	}

	private static boolean isPageAllowed(RealtimeHandlerMapping mapping) {
		HandshakeInterceptor guard = mapping.getUrlMap()
			.values()
			.stream()
			.filter(WebSocketHttpRequestHandler.class::isInstance)
			.flatMap((handler) -> ((WebSocketHttpRequestHandler) handler).getHandshakeInterceptors().stream())
			.filter(OriginGuard.class::isInstance)
			.findFirst()
			.orElseThrow();
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.addHeader("Origin", "https://page.example.com");
		try {
			return guard.beforeHandshake(new ServletServerHttpRequest(request),
					new ServletServerHttpResponse(new MockHttpServletResponse()), mock(WebSocketHandler.class),
					new HashMap<>());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String report(AssertableWebApplicationContext context, CapturedOutput output) {
		int before = output.length();
		ConfigurableApplicationContext source = (ConfigurableApplicationContext) context.getSourceApplicationContext();
		source.publishEvent(new ApplicationReadyEvent(new SpringApplication(), new String[0], source, Duration.ZERO));
		return output.toString()
			.substring(before)
			.lines()
			.filter((line) -> line.contains("Realtime: "))
			.map((line) -> line.substring(line.indexOf("Realtime: ")))
			.findFirst()
			.orElse("none");
	}

}
