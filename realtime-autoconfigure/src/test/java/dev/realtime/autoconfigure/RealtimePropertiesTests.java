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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.core.EngineSettings;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.naming.SlowConsumerPolicy;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that every property of {@link RealtimeProperties} arrives where it is used.
 */
class RealtimePropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@Test
	void connectTimeout() {
		assertThat(settings("realtime.session.connect-timeout=3s").connectTimeout()).hasSeconds(3);
	}

	@Test
	void pingInterval() {
		assertThat(settings("realtime.session.ping-interval=40s").pingInterval()).hasSeconds(40);
	}

	@Test
	void pongTimeout() {
		assertThat(settings("realtime.session.pong-timeout=1500ms").pongTimeout()).hasMillis(1500);
	}

	@Test
	void allowAnonymous() {
		assertThat(settings("realtime.security.allow-anonymous=true").allowAnonymous()).isTrue();
	}

	@Test
	void maxRooms() {
		assertThat(settings("realtime.session.max-rooms=7").maxRoomsPerSession()).isEqualTo(7);
	}

	@Test
	void maxSessionsPerUser() {
		assertThat(settings("realtime.session.max-sessions-per-user=3").maxSessionsPerUser()).isEqualTo(3);
	}

	@Test
	void maxSessionsPerIp() {
		assertThat(settings("realtime.session.max-sessions-per-ip=4").maxSessionsPerAddress()).isEqualTo(4);
	}

	@Test
	void maxPendingCommands() {
		assertThat(settings("realtime.session.max-pending-commands=5").maxPendingCommands()).isEqualTo(5);
	}

	@Test
	void maxPendingSize() {
		assertThat(settings("realtime.session.max-pending-size=2KB").maxPendingBytes()).isEqualTo(2048);
	}

	@Test
	void recoveryLimit() {
		assertThat(settings("realtime.room.recovery-limit=9").recoveryLimit()).isEqualTo(9);
	}

	@Test
	void publishTimeout() {
		assertThat(settings("realtime.publish.timeout=750ms").commandTimeout()).hasMillis(750);
	}

	@Test
	void outboundMaxSize() {
		assertThat(settings("realtime.outbound.max-size=2MB").outbound().maxBytes()).isEqualTo(2 * 1024 * 1024);
	}

	@Test
	void outboundMaxMessages() {
		assertThat(settings("realtime.outbound.max-messages=11").outbound().maxMessages()).isEqualTo(11);
	}

	@Test
	void outboundBatchSize() {
		assertThat(settings("realtime.outbound.batch-size=8KB").outbound().batchBytes()).isEqualTo(8192);
	}

	@Test
	void outboundSendTimeLimit() {
		assertThat(settings("realtime.outbound.send-time-limit=5s").outbound().sendTimeNanos())
			.isEqualTo(5_000_000_000L);
	}

	@Test
	void outboundMaxNodeSize() {
		assertThat(settings("realtime.outbound.max-node-size=5GB").maxNodeOutboundBytes()).isEqualTo(5L << 30);
	}

	@Test
	void outboundMaxNodeSizeIsAQuarterOfTheHeapUnlessSet() {
		assertThat(settings("realtime.enabled=true").maxNodeOutboundBytes())
			.isEqualTo(Runtime.getRuntime().maxMemory() / 4);
	}

	@Test
	void drainBatchSize() {
		assertThat(settings("realtime.shutdown.drain-batch-size=13").drainBatchSize()).isEqualTo(13);
	}

	@Test
	void drainBatchInterval() {
		assertThat(settings("realtime.shutdown.drain-batch-interval=20ms").drainBatchInterval()).hasMillis(20);
	}

	@Test
	void drainTimeout() {
		assertThat(settings("realtime.shutdown.drain-timeout=4s").drainTimeout()).hasSeconds(4);
	}

	@Test
	void zeroIsNoLimit() {
		this.runner.withPropertyValues("realtime.session.max-rooms=0", "realtime.session.max-pending-commands=0",
				"realtime.session.max-pending-size=0", "realtime.room.recovery-limit=0", "realtime.outbound.max-size=0",
				"realtime.outbound.max-messages=0", "realtime.outbound.max-node-size=0")
			.run((context) -> {
				EngineSettings settings = context.getBean(EngineSettings.class);
				assertThat(settings.maxRoomsPerSession()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.maxPendingCommands()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.maxPendingBytes()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.recoveryLimit()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.outbound().maxBytes()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.outbound().maxMessages()).isEqualTo(Integer.MAX_VALUE);
				assertThat(settings.maxNodeOutboundBytes()).isZero();
			});
	}

	@Test
	void namespaceSubscribe() {
		assertThat(chat("realtime.namespaces.chat.subscribe=anyone").subscribe()).isEqualTo(AccessRule.ANYONE);
	}

	@Test
	void namespacePublish() {
		assertThat(chat("realtime.namespaces.chat.publish=subscribers").publish()).isEqualTo(AccessRule.SUBSCRIBERS);
	}

	@Test
	void namespacePresence() {
		assertThat(chat("realtime.namespaces.chat.presence=true").presence()).isTrue();
	}

	@Test
	void namespacePresenceLimit() {
		assertThat(chat("realtime.namespaces.chat.presence-limit=50").presenceLimit()).isEqualTo(50);
	}

	@Test
	void namespaceHistorySize() {
		assertThat(chat("realtime.namespaces.chat.history.size=200").historySize()).isEqualTo(200);
	}

	@Test
	void namespaceHistoryTimeToLive() {
		assertThat(chat("realtime.namespaces.chat.history.time-to-live=5m", "realtime.namespaces.chat.history.size=10")
			.historyTimeToLive()).hasMinutes(5);
	}

	@Test
	void namespaceRecovery() {
		assertThat(chat("realtime.namespaces.chat.recovery=false").recovery()).isFalse();
	}

	@Test
	void namespaceSlowConsumerPolicy() {
		assertThat(chat("realtime.namespaces.chat.slow-consumer-policy=drop-oldest").slowConsumer())
			.isEqualTo(SlowConsumerPolicy.DROP_OLDEST);
		assertThat(chat("realtime.namespaces.chat.recovery=false", "realtime.room.slow-consumer-policy=resync")
			.slowConsumer()).isEqualTo(SlowConsumerPolicy.RESYNC);
	}

	@Test
	void namespaceInheritsWhatItDoesNotSet() {
		RoomSettings chat = chat("realtime.namespaces.chat.subscribe=authenticated", "realtime.room.subscribe=anyone",
				"realtime.room.publish=subscribers", "realtime.room.presence=true", "realtime.room.presence-limit=0",
				"realtime.room.history.size=10", "realtime.room.history.time-to-live=2h",
				"realtime.room.recovery=false");
		assertThat(chat).isEqualTo(new RoomSettings(AccessRule.AUTHENTICATED, AccessRule.SUBSCRIBERS, true, 0, 10,
				Duration.ofHours(2), false));
	}

	@Test
	void namespaceOverridesWhatRoomsHave() {
		RoomSettings chat = chat("realtime.namespaces.chat.presence=false", "realtime.room.presence=true",
				"realtime.namespaces.chat.history.size=0", "realtime.room.history.size=10");
		assertThat(chat.presence()).isFalse();
		assertThat(chat.hasHistory()).isFalse();
	}

	@Test
	void namespaceMayBeEmpty() throws Exception {
		String yaml = """
				realtime:
				  namespaces:
				    chat: {}
				    news:
				""";
		PropertySource<?> source = new YamlPropertySourceLoader().load("test", new ByteArrayResource(yaml.getBytes()))
			.get(0);
		this.runner.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(source))
			.run((context) -> assertThat(context.getBean(Namespaces.class).names()).containsExactlyInAnyOrder("chat",
					"news"));
	}

	private EngineSettings settings(String... properties) {
		return bean(EngineSettings.class, properties);
	}

	private RoomSettings chat(String... properties) {
		RoomSettings settings = bean(Namespaces.class, properties).find("chat:lobby");
		assertThat(settings).isNotNull();
		return settings;
	}

	private <T> T bean(Class<T> type, String... properties) {
		AtomicReference<T> bean = new AtomicReference<>();
		this.runner.withPropertyValues(properties).run((context) -> bean.set(context.getBean(type)));
		return bean.get();
	}

}
