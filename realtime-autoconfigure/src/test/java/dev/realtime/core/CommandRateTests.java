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

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.limit.RateLimit;
import dev.realtime.protocol.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what becomes of clients that ask for too much. A rate of one per second with
 * a larger burst makes the counts those of the burst, unless a test takes a second.
 */
@Timeout(60)
class CommandRateTests {

	private static final String TOO_MANY = "\"error\":{\"code\":111,\"message\":\"too many requests\",\"temporary\":true}";

	private static final RateLimit TEN = new RateLimit(1, 10);

	private static final RateLimit NONE = RateLimit.NONE;

	private final EngineHarness harness = new EngineHarness();

	@AfterEach
	void stop() {
		this.harness.close();
	}

	static Stream<Arguments> operations() {
		return Stream.of(Arguments.of("publish", limits(NONE, TEN, NONE, NONE, NONE)),
				Arguments.of("subscribe", limits(NONE, NONE, TEN, NONE, NONE)),
				Arguments.of("history", limits(NONE, NONE, NONE, TEN, NONE)),
				Arguments.of("presence", limits(NONE, NONE, NONE, TEN, NONE)),
				Arguments.of("presence_stats", limits(NONE, NONE, NONE, TEN, NONE)),
				Arguments.of("rpc", limits(NONE, NONE, NONE, NONE, TEN)),
				Arguments.of("history", limits(TEN, NONE, NONE, NONE, NONE)),
				Arguments.of("sub_refresh", limits(TEN, NONE, NONE, NONE, NONE)),
				Arguments.of("ping", limits(TEN, NONE, NONE, NONE, NONE)));
	}

	private static InboundLimits limits(RateLimit commands, RateLimit publishes, RateLimit subscribes, RateLimit reads,
			RateLimit calls) {
		return new InboundLimits(0, NONE, NONE, commands, publishes, subscribes, reads, calls, NONE, NONE,
				new RateLimit(1, 50));
	}

	@ParameterizedTest
	@MethodSource("operations")
	void whatComesAboveTheRateIsRefusedAndThenTheSessionIsClosed(String operation, InboundLimits limits) {
		this.harness.inbound = limits;
		TestSession session = this.harness.connect();
		for (int i = 0; i < 60; i++) {
			session.command("\"" + operation + "\":{\"channel\":\"chat:" + i + "\",\"data\":1}");
		}
		await().untilAsserted(() -> assertThat(session.messages()).hasSize(1 + 60));
		assertThat(session.messages().stream().filter((message) -> message.contains(TOO_MANY))).hasSize(50);
		assertThat(session.messages().subList(0, 11)).noneMatch((message) -> message.contains(TOO_MANY));
		assertThat(session.transport.closed()).isNull();
		for (int i = 0; i < 5; i++) {
			session.command("\"" + operation + "\":{\"channel\":\"chat:1\",\"data\":1}");
		}
		await().until(() -> DisconnectReason.TOO_MANY_REQUESTS.equals(session.transport.closed()));
	}

	@Test
	void whatIsNotLimitedGoesOn() {
		this.harness.inbound = limits(NONE, TEN, NONE, NONE, NONE);
		TestSession session = this.harness.connect();
		for (int i = 0; i < 100; i++) {
			session.command("\"history\":{\"channel\":\"chat:1\"}");
		}
		assertThat(session.messages()).noneMatch((message) -> message.contains(TOO_MANY));
	}

	/** By a clock of its own, just below the rate, for ten minutes. */
	@Test
	void aSlowDripBelowTheRateIsNeverRefused() {
		InboundLimits limits = limits(new RateLimit(100, 500), new RateLimit(50, 250), NONE, NONE, NONE);
		AtomicLong clock = new AtomicLong();
		CommandRate rate = new RateLimiter(limits, clock::get).session("10.0.0.1");
		Command publish = new Command.Publish(1, "plain:1", Payload.ofJson("1"), 0);
		for (int i = 0; i < 30_000; i++) {
			clock.addAndGet(20_000_001L);
			assertThat(rate.take(publish, "ann")).isEqualTo(CommandRate.Outcome.GRANTED);
		}
	}

	/** At ten times the rate, by a clock of its own. */
	@Test
	void tenTimesTheRateEndsAfterTheBurstAndAsManyRefusals() {
		InboundLimits limits = new InboundLimits(0, NONE, NONE, NONE, new RateLimit(50, 250), NONE, NONE, NONE, NONE,
				NONE, new RateLimit(50, 250));
		AtomicLong clock = new AtomicLong();
		CommandRate rate = new RateLimiter(limits, clock::get).session("10.0.0.1");
		Command publish = new Command.Publish(1, "plain:1", Payload.ofJson("1"), 0);
		Map<CommandRate.Outcome, Integer> outcomes = new EnumMap<>(CommandRate.Outcome.class);
		while (!outcomes.containsKey(CommandRate.Outcome.EXCESSIVE)) {
			clock.addAndGet(2_000_000L);
			outcomes.merge(rate.take(publish, "ann"), 1, Integer::sum);
		}
		assertThat(outcomes.get(CommandRate.Outcome.GRANTED)).isBetween(300, 320);
		assertThat(outcomes.get(CommandRate.Outcome.REFUSED)).isBetween(270, 300);
	}

	@Test
	void aMessageWithoutAReplyIsNotLostInSilence() {
		this.harness.inbound = limits(NONE, NONE, NONE, NONE, new RateLimit(1, 1));
		TestSession session = this.harness.connect();
		session.command("\"rpc\":{\"method\":\"m\"}");
		session.send("{\"send\":{\"data\":1}}");
		await().until(() -> DisconnectReason.TOO_MANY_REQUESTS.equals(session.transport.closed()));
	}

	@Test
	void leavingIsNeverRefused() {
		this.harness.inbound = limits(new RateLimit(1, 2), NONE, NONE, NONE, NONE);
		TestSession session = this.harness.connect();
		session.subscribe("chat:1");
		session.command("\"history\":{\"channel\":\"chat:1\"}");
		session.unsubscribe("chat:1");
		await().until(() -> session.messages().stream().anyMatch((message) -> message.contains("\"unsubscribe\":{}")));
		assertThat(session.transport.closed()).isNull();
	}

	@Test
	void pongsCountToo() {
		this.harness.inbound = limits(TEN, NONE, NONE, NONE, NONE);
		TestSession session = this.harness.connect();
		session.send("{}\n".repeat(59));
		assertThat(session.transport.closed()).isNull();
		session.send("{}\n".repeat(5));
		await().until(() -> DisconnectReason.TOO_MANY_REQUESTS.equals(session.transport.closed()));
	}

	@Test
	void nativePongsCountToo() {
		this.harness.inbound = limits(TEN, NONE, NONE, NONE, NONE);
		TestSession session = this.harness.connect();
		IntStream.range(0, 65).forEach((i) -> session.inbound.pong());
		await().until(() -> DisconnectReason.TOO_MANY_REQUESTS.equals(session.transport.closed()));
	}

	@Test
	void manySessionsOfOneUserShareItsRate() {
		this.harness.inbound = new InboundLimits(0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, TEN, NONE, NONE);
		this.harness.authenticators.add((request) -> Identity.of(request.token()));
		List<TestSession> ann = IntStream.range(0, 1_000).mapToObj((i) -> connect("ann")).toList();
		TestSession bob = connect("bob");
		ann.forEach((session) -> session.publish("plain:1", "1"));
		bob.publish("plain:1", "1");
		assertThat(bob.message(1)).contains("\"publish\":{}");
		long accepted = ann.stream().filter((session) -> session.message(1).contains("\"publish\":{}")).count();
		assertThat(accepted).isBetween(10L, 15L);
		assertThat(ann).allMatch((session) -> session.transport.closed() == null);
	}

	private TestSession connect(String token) {
		TestSession session = this.harness.open();
		session.send("{\"id\":1,\"connect\":{\"token\":\"" + token + "\"}}");
		session.message(0);
		return session;
	}

	@Test
	void manySessionsOfOneAddressShareItsRate() {
		this.harness.inbound = new InboundLimits(0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, TEN, NONE);
		List<TestSession> sessions = IntStream.range(0, 100).mapToObj((i) -> this.harness.connect()).toList();
		sessions.forEach((session) -> session.publish("plain:1", "1"));
		assertThat(sessions.stream().filter((session) -> session.message(1).contains("\"publish\":{}")).count())
			.isBetween(10L, 15L);
	}

	@Test
	void connectingAgainGivesNoNewRate() {
		this.harness.inbound = new InboundLimits(0, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, TEN, NONE);
		int accepted = 0;
		for (int i = 0; i < 50; i++) {
			TestSession session = this.harness.connect();
			session.publish("plain:1", "1");
			accepted += session.message(1).contains("\"publish\":{}") ? 1 : 0;
			session.close();
		}
		assertThat(accepted).isBetween(10, 15);
	}

	@Test
	void whoIsGoneIsForgotten() {
		RateLimiter limiter = new RateLimiter(
				new InboundLimits(0, NONE, TEN, NONE, NONE, NONE, NONE, NONE, TEN, TEN, NONE), () -> 0);
		assertThat(limiter.admits("10.0.0.1")).isTrue();
		assertThat(limiter.takeShared("10.0.0.1", "ann", -2_000_000_000L)).isTrue();
		assertThat(limiter.size()).isEqualTo(3);
		limiter.sweep();
		assertThat(limiter.size()).isEqualTo(1);
	}

	@Test
	void anAddressThatIsRefusedTakesNothingFromOthers() {
		RateLimiter limiter = new RateLimiter(new InboundLimits(0, new RateLimit(1, 3), new RateLimit(1, 1), NONE, NONE,
				NONE, NONE, NONE, NONE, NONE, NONE), () -> 0);
		for (int i = 0; i < 100; i++) {
			assertThat(limiter.admits("10.0.0.1")).isEqualTo(i == 0);
		}
		assertThat(limiter.admits("10.0.0.2")).isTrue();
		assertThat(limiter.admits("10.0.0.3")).isTrue();
		assertThat(limiter.admits("10.0.0.4")).isFalse();
	}

}
