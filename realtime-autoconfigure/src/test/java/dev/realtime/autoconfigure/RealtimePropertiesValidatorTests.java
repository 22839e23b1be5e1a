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

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimePropertiesValidator} and
 * {@link InvalidRealtimePropertyFailureAnalyzer}.
 */
class RealtimePropertiesValidatorTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "realtime.relay=redis", "realtime.relay=rabbit", "realtime.path=realtime",
			"realtime.path=/realtime/**", "realtime.path=/{tenant}", "realtime.path=/a b", "realtime.allowed-origins=*",
			"realtime.allowed-origins=example.com", "realtime.allowed-origins=https://*",
			"realtime.allowed-origins=*://*:*", "realtime.allowed-origins=null",
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
			"realtime.outbound.max-node-size=-1B", "realtime.room.subscribe=subscribers",
			"realtime.room.presence-limit=-1", "realtime.room.history.size=-1", "realtime.room.history.time-to-live=0",
			"realtime.room.recovery-limit=-1", "realtime.namespaces.chat.subscribe=subscribers",
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
	void whenAValueIsUnknownStartFails() {
		this.runner.withPropertyValues("realtime.relay=kafka").run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void whenDisabledNothingIsChecked() {
		this.runner.withPropertyValues("realtime.enabled=false", "realtime.relay=redis")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void analysisSaysWhatToChange() {
		MockEnvironment environment = new MockEnvironment().withProperty("realtime.relay", "redis");
		FailureAnalysis analysis = new InvalidRealtimePropertyFailureAnalyzer(environment)
			.analyze(new IllegalStateException(failure("realtime.relay=redis")));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.startsWith("Invalid value 'redis' for configuration property 'realtime.relay' (originating from ")
			.endsWith("This version has no relay but 'local'");
		assertThat(analysis.getAction())
			.isEqualTo("Set realtime.relay to 'local', or remove it, and run a single node.");
	}

	@Test
	void analysisOfAPropertyWithAnUnusualNameHasNoOrigin() {
		FailureAnalysis analysis = new InvalidRealtimePropertyFailureAnalyzer(new MockEnvironment())
			.analyze(failure("realtime.namespaces[a:b].presence=true"));
		assertThat(analysis).isNotNull();
		assertThat(analysis.getDescription())
			.startsWith("Invalid value 'a:b' for configuration property 'realtime.namespaces.a:b':");
	}

	private InvalidRealtimePropertyException failure(String property) {
		String[] pair = property.split("=", 2);
		AtomicReference<Throwable> result = new AtomicReference<>();
		this.runner.withInitializer((context) -> TestPropertyValues.of(Map.of(pair[0], pair[1])).applyTo(context))
			.run((context) -> result.set(context.getStartupFailure()));
		assertThat(result.get()).as(property)
			.isNotNull()
			.hasRootCauseInstanceOf(InvalidRealtimePropertyException.class);
		return (InvalidRealtimePropertyException) NestedExceptionUtils.getMostSpecificCause(result.get());
	}

}
