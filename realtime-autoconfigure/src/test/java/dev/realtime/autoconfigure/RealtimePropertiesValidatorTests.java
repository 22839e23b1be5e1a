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
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link RealtimePropertiesValidator}, {@link RoomPropertiesValidator} and
 * {@link InvalidRealtimePropertyFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RealtimePropertiesValidatorTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "realtime.relay=redis", "realtime.relay=rabbit", "realtime.redis.key-prefix={a}:",
			"realtime.redis.partitions=0", "realtime.redis.command-timeout=0", "realtime.redis.probe-interval=-1s",
			"realtime.redis.control-secret=guess", "realtime.session.leave-grace=-1s", "realtime.path=realtime",
			"realtime.path=/realtime/**", "realtime.path=/{tenant}", "realtime.path=/a b", "realtime.path=",
			"realtime.path=//a", "realtime.path=/a/../b", "realtime.path=/a/.", "realtime.allowed-origins=*",
			"realtime.allowed-origins=https://*example.com", "realtime.allowed-origins=https://example.*:8443",
			"realtime.allowed-origins=http://10.0.0.*", "realtime.allowed-origins=example.com",
			"realtime.allowed-origins=https://*", "realtime.allowed-origins=*://*:*", "realtime.allowed-origins=null",
			"realtime.allowed-origins=https://example.com/page", "realtime.session.connect-timeout=0",
			"realtime.session.connect-timeout=-1s", "realtime.session.connect-timeout=2d",
			"realtime.session.ping-interval=0", "realtime.session.ping-interval=500ms",
			"realtime.session.ping-interval=9500ms", "realtime.session.pong-timeout=0",
			"realtime.session.pong-timeout=25s", "realtime.session.max-message-size=0",
			"realtime.session.max-message-size=2GB", "realtime.session.max-rooms=-1",
			"realtime.session.max-sessions-per-ip=-1", "realtime.session.max-sessions-per-user=-1",
			"realtime.session.max-pending-commands=-1", "realtime.session.max-pending-size=-1B",
			"realtime.outbound.max-size=-1B", "realtime.outbound.max-size=2GB", "realtime.outbound.max-messages=-1",
			"realtime.outbound.batch-size=0", "realtime.outbound.batch-size=2MB", "realtime.outbound.send-time-limit=0",
			"realtime.outbound.max-node-size=-1B", "realtime.outbound.max-node-size=100KB",
			"realtime.session.max-message-size=2MB", "realtime.outbound.send-time-limit=999us",
			"realtime.room.history.time-to-live=999us", "realtime.room.history.time-to-live=40000d",
			"realtime.namespaces.chat.history.time-to-live=5m", "realtime.namespaces.chat.recovery=true",
			"realtime.shutdown.drain-batch-interval=31s", "realtime.room.subscribe=subscribers",
			"realtime.room.subscribe=handled", "realtime.room.presence-limit=-1", "realtime.room.history.size=-1",
			"realtime.room.history.time-to-live=0", "realtime.room.recovery-limit=-1",
			"realtime.namespaces.chat.subscribe=subscribers", "realtime.namespaces.chat.subscribe=handled",
			"realtime.namespaces.chat.presence-limit=-1", "realtime.namespaces.chat.history.size=-1",
			"realtime.namespaces.chat.history.time-to-live=-1s", "realtime.publish.timeout=0",
			"realtime.shutdown.drain-batch-size=0", "realtime.shutdown.drain-batch-interval=-1ms",
			"realtime.shutdown.drain-timeout=-1s" })
	void whenASettingIsImpossibleStartFails(String property) {
		InvalidRealtimePropertyException failure = failure(property);
		assertThat(failure.getProperty()).isEqualTo(property.substring(0, property.indexOf('=')));
		assertThat(failure.getReason()).isNotBlank().doesNotEndWith(".");
		assertThat(failure.getAction()).isNotBlank();
	}

	@ParameterizedTest
	@ValueSource(strings = { "[a:b]", "[a b]", "[ü]" })
	void whenTheNameOfANamespaceIsImpossibleStartFails(String name) {
		assertThat(failure("realtime.namespaces" + name + ".presence=true").getReason()).contains("namespace");
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.path=/a/b-c_d.e", "realtime.path=/",
			"realtime.allowed-origins=https://a.example.com,http://b:3000,https://*.example.com,capacitor://localhost",
			"realtime.allowed-origins=http://localhost:*,https://chat-*.example.com,http://[::1]:3000",
			"realtime.namespaces[a.b/c].presence=true", "realtime.shutdown.drain-timeout=0",
			"realtime.shutdown.drain-batch-interval=0", "realtime.session.ping-interval=9s" })
	void whenASettingIsUnusualStartSucceeds(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenRecoverablePublicationsWouldBeDroppedStartFails() {
		this.runner
			.withPropertyValues("realtime.namespaces.chat.history.size=10",
					"realtime.namespaces.chat.slow-consumer-policy=drop-oldest")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRealtimePropertyException.class,
						(failure) -> assertThat(failure.getAction()).contains("realtime.namespaces.chat.recovery")));
	}

	@Test
	void whenPublicationsWouldBeDroppedByTheRuleOfAllRoomsThatOneIsNamed() {
		InvalidRealtimePropertyException failure = failure("realtime.room.history.size=10",
				"realtime.room.slow-consumer-policy=drop-oldest", "realtime.namespaces.chat.presence=true");
		assertThat(failure.getProperty()).isEqualTo("realtime.room.slow-consumer-policy");
		assertThat(failure.getReason()).contains("realtime.namespaces.chat");
	}

	@Test
	void whenANamespaceSwitchesItsHistoryOffItMaySayHowLongItWouldBeKept() {
		this.runner
			.withPropertyValues("realtime.namespaces.chat.history.size=0", "realtime.namespaces.chat.recovery=true",
					"realtime.namespaces.chat.history.time-to-live=5m")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenRoomsHaveAHistoryANamespaceMaySayHowLongItIsKept() {
		this.runner
			.withPropertyValues("realtime.room.history.size=10", "realtime.namespaces.chat.history.time-to-live=5m")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenOneSessionMayHaveAnythingWaitingTheNodeMayHaveLess() {
		this.runner.withPropertyValues("realtime.outbound.max-size=0", "realtime.outbound.max-node-size=1MB")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whenEverythingIsLazyStartFails() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setLazyInitialization(true);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--realtime.relay=redis"))
			.withRootCauseInstanceOf(InvalidRealtimePropertyException.class);
	}

	@Test
	void whenTheApplicationHasARelayOfItsOwnItNeedsNoLibrary() {
		this.runner.withBean(RoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
			.withPropertyValues("realtime.relay=redis")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.relay=kafka", "realtime.tomcat.tuning=connector",
			"realtime.namespaces.chat.subscribe=everyone", "realtime.room.slow-consumer-policy=wait",
			"realtime.session.max-message-size=64 kilobytes", "realtime.session.ping-interval=often",
			"realtime.session.max-rooms=many" })
	void whenAValueIsOfAnotherTypeTheLogSaysWhereItStands(String property, CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--" + property));
		String[] pair = property.split("=", 2);
		assertThat(output).contains("Property: " + pair[0])
			.contains("Value: \"" + pair[1] + "\"")
			.contains("Origin: \"" + pair[0] + "\" from property source");
	}

	@Test
	void whenARuleIsUnknownTheLogNamesThoseThereAre(CapturedOutput output) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--realtime.namespaces.chat.publish=everyone"));
		assertThat(output.getOut()).containsSubsequence("The following values are valid", "ANYONE", "AUTHENTICATED",
				"NOBODY", "SUBSCRIBERS");
	}

	@Test
	void whenDisabledNothingIsChecked() {
		this.runner.withPropertyValues("realtime.enabled=false", "realtime.relay=redis")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void analysisSaysWhatToChange() {
		MockEnvironment environment = new MockEnvironment().withProperty("realtime.relay", "rabbit");
		FailureAnalysis analysis = new InvalidRealtimePropertyFailureAnalyzer(environment)
			.analyze(new IllegalStateException(failure("realtime.relay=rabbit")));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.startsWith("Invalid value 'rabbit' for configuration property 'realtime.relay' (originating from ")
			.endsWith("This version has no relay but 'local' and 'redis'");
		assertThat(analysis.getAction())
			.isEqualTo("Set realtime.relay to 'redis'; or to 'local', and run a single node.");
	}

	@Test
	void analysisOfANamespaceHasNoOrigin() {
		FailureAnalysis analysis = new InvalidRealtimePropertyFailureAnalyzer(new MockEnvironment())
			.analyze(failure("realtime.namespaces[a:b].presence=true"));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.startsWith("Invalid value 'a:b' for configuration property 'realtime.namespaces[a:b]':");
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.namespaces.chat.presence-limit", "realtime.namespaces.Chat.presence-limit",
			"realtime.namespaces.my_chat.presence-limit", "realtime.namespaces[chat].presence-limit",
			"realtime.namespaces[Chat].presence-limit", "realtime.namespaces[a.b/c].presence-limit",
			"realtime.namespaces.chat.presenceLimit" })
	void analysisSaysWhereAPropertyOfANamespaceStandsHoweverItIsWritten(String property) {
		assertThat(origin(Map.of(property, "-1"))).contains(property);
	}

	@Test
	void analysisSaysWhereAnElementOfAListStands() {
		assertThat(origin(Map.of("realtime.allowed-origins[0]", "https://example.com", "realtime.allowed-origins[1]",
				"example.com")))
			.contains("realtime.allowed-origins[1]");
	}

	private String origin(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		AtomicReference<Throwable> result = new AtomicReference<>();
		this.runner.withInitializer((context) -> context.setEnvironment(environment))
			.run((context) -> result.set(context.getStartupFailure()));
		FailureAnalysis analysis = new InvalidRealtimePropertyFailureAnalyzer(environment).analyze(result.get());
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription()).contains("originating from");
		return analysis.getDescription().split("originating from")[1];
	}

	private InvalidRealtimePropertyException failure(String... properties) {
		Map<String, Object> source = Arrays.stream(properties)
			.map((property) -> property.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> pair[1]));
		AtomicReference<Throwable> result = new AtomicReference<>();
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("test", source)))
			.run((context) -> result.set(context.getStartupFailure()));
		assertThat(result.get()).as(String.join(", ", properties))
			.isNotNull()
			.hasRootCauseInstanceOf(InvalidRealtimePropertyException.class);
		return (InvalidRealtimePropertyException) NestedExceptionUtils.getMostSpecificCause(result.get());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(RealtimeAutoConfiguration.class)
	static class Application {

	}

}
