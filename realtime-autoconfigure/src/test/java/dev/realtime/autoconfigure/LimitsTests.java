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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.core.EngineSettings;
import dev.realtime.core.InboundLimits;
import dev.realtime.core.RealtimeEngine;
import dev.realtime.limit.RateLimit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the limits of a whole application: that its properties arrive, and what
 * clients of a real server are told.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class LimitsTests {

	private static final String CONNECT = "{\"id\":1,\"connect\":{}}";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

	@Test
	void thereAreRatesUnlessTheyAreSwitchedOff() {
		InboundLimits limits = limits("realtime.session.max-rooms=10");
		assertThat(limits.commands()).isEqualTo(new RateLimit(100, 500));
		assertThat(limits.publishes()).isEqualTo(new RateLimit(50, 250));
		assertThat(limits.refusals()).isEqualTo(new RateLimit(50, 250));
		assertThat(limits.perUser()).isEqualTo(RateLimit.NONE);
		assertThat(limits("realtime.rate-limit.enabled=false")).isEqualTo(InboundLimits.NONE);
	}

	@Test
	void whoComesBackCanSubscribeToAllRoomsAtOnce() {
		assertThat(limits("realtime.session.max-rooms=1000").commands()).isEqualTo(new RateLimit(100, 2000));
		assertThat(limits("realtime.rate-limit.subscribes=5").subscribes()).isEqualTo(new RateLimit(5, 256));
	}

	@Test
	void everyRateIsTakenFromItsProperty() {
		InboundLimits limits = limits("realtime.rate-limit.commands=1001", "realtime.rate-limit.publishes=1002",
				"realtime.rate-limit.subscribes=1003", "realtime.rate-limit.reads=1004",
				"realtime.rate-limit.calls=1005", "realtime.rate-limit.commands-per-user=1006",
				"realtime.rate-limit.commands-per-ip=1007", "realtime.rate-limit.connects=1008",
				"realtime.rate-limit.connects-per-ip=1009", "realtime.rate-limit.refusals=1010",
				"realtime.rate-limit.burst=1s", "realtime.session.max-sessions=1011");
		assertThat(limits).isEqualTo(new InboundLimits(1011, rate(1008), rate(1009), rate(1001), rate(1002), rate(1003),
				rate(1004), rate(1005), rate(1006), rate(1007), rate(1010)));
	}

	private static RateLimit rate(int perSecond) {
		return new RateLimit(perSecond, perSecond);
	}

	private InboundLimits limits(String... properties) {
		InboundLimits[] limits = new InboundLimits[1];
		this.runner.withPropertyValues(properties)
			.run((context) -> limits[0] = context.getBean(EngineSettings.class).inbound());
		return limits[0];
	}

	@ParameterizedTest
	@ValueSource(strings = { "commands=-1", "publishes=1000001", "connects-per-ip=-5", "burst=0s" })
	void aRateThatIsNoneStopsTheStart(String property) {
		this.runner.withPropertyValues("realtime.rate-limit." + property)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class));
	}

	@Test
	void whoPublishesTooMuchIsToldAndThenClosed() throws Exception {
		try (var context = run("--realtime.rate-limit.publishes=5", "--realtime.rate-limit.refusals=5",
				"--realtime.rate-limit.burst=2s"); RawSocket socket = RawSocket.open(port(context)).text(CONNECT)) {
			socket.text("{\"id\":2,\"publish\":{\"channel\":\"chat:1\",\"data\":1}}\n".repeat(100));
			assertThat(socket.ending()).isEqualTo("3013");
			String replies = String.join("\n", socket.messages());
			assertThat(replies.split("\"publish\":", -1)).hasSizeBetween(11, 16);
			assertThat(replies.split("\"code\":111", -1)).hasSizeBetween(11, 16);
		}
	}

	@Test
	void whenTooManyConnectTheyAreToldToComeBack(CapturedOutput output) throws Exception {
		try (var context = run("--realtime.rate-limit.connects=1", "--realtime.rate-limit.burst=3s")) {
			int port = port(context);
			List<String> responses = handshakes(port, 30);
			assertThat(responses.subList(0, 3)).allMatch((response) -> response.startsWith("HTTP/1.1 101 "));
			assertThat(responses)
				.anySatisfy((response) -> assertThat(response).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1"));
			assertThat(output).containsOnlyOnce("Refused a WebSocket handshake: more come than");
			await().atMost(Duration.ofSeconds(5)).until(() -> handshake(port).startsWith("HTTP/1.1 101 "));
		}
	}

	@Test
	void whenOneAddressConnectsTooOftenOthersStillCan() throws Exception {
		try (var context = run("--realtime.rate-limit.connects-per-ip=1", "--realtime.rate-limit.burst=1s",
				"--server.forward-headers-strategy=native")) {
			int port = port(context);
			assertThat(handshakes(port, 10, "X-Forwarded-For: 203.0.113.1"))
				.anyMatch((response) -> response.startsWith("HTTP/1.1 503 "));
			assertThat(handshake(port, "X-Forwarded-For: 203.0.113.2")).startsWith("HTTP/1.1 101 ");
			List<String> network = new ArrayList<>();
			for (int i = 1; i <= 10; i++) {
				network.add(handshake(port, "X-Forwarded-For: 2001:db8::" + i));
			}
			assertThat(network.get(0)).startsWith("HTTP/1.1 101 ");
			assertThat(network).anyMatch((response) -> response.startsWith("HTTP/1.1 503 "));
		}
	}

	@Test
	void whenTheNodeIsFullTheNextIsToldToComeBack() throws Exception {
		try (var context = run("--realtime.session.max-sessions=2");
				RawSocket first = RawSocket.open(port(context));
				RawSocket second = RawSocket.open(port(context))) {
			awaitSessions(context, 2);
			assertThat(handshake(port(context))).startsWith("HTTP/1.1 503 ").contains("Retry-After: 1");
			second.close();
			awaitSessions(context, 1);
			try (RawSocket third = RawSocket.open(port(context)).text(CONNECT)) {
				assertThat(third.next()).contains("\"connect\":{");
				assertThat(first.text(CONNECT).next()).contains("\"connect\":{");
			}
		}
	}

	/** A header that anybody can send is not where a client comes from. */
	@ParameterizedTest
	@CsvSource({ "none, 3504", "native, connects", "framework, connects" })
	void theAddressIsTheOneThatTheContainerReports(String strategy, String outcome) throws Exception {
		try (var context = run("--realtime.session.max-sessions-per-ip=1",
				"--server.forward-headers-strategy=" + strategy);
				RawSocket first = connect(context, "X-Forwarded-For: 203.0.113.1");
				RawSocket second = RawSocket.open(port(context), "X-Forwarded-For: 203.0.113.2")) {
			if (outcome.equals("connects")) {
				assertThat(second.text(CONNECT).next()).contains("\"connect\":{");
				try (RawSocket third = RawSocket.open(port(context), "X-Forwarded-For: 203.0.113.2")) {
					assertThat(third.ending()).isEqualTo("3504");
				}
			}
			else {
				assertThat(second.ending()).isEqualTo(outcome);
			}
		}
	}

	/** A name is not looked up: that could take long, and whoever owns it chooses it. */
	@Test
	void whenAProxyReportsANameItIsTakenAsItIs() throws Exception {
		try (var context = run("--realtime.session.max-sessions-per-ip=1",
				"--server.forward-headers-strategy=framework");
				RawSocket first = connect(context, "Forwarded: for=client.invalid");
				RawSocket second = RawSocket.open(port(context), "Forwarded: for=client.invalid")) {
			assertThat(first.messages()).isEmpty();
			assertThat(second.ending()).isEqualTo("3504");
		}
	}

	/** The session is there when the reply is, and not when the handshake is over. */
	private static RawSocket connect(ServletWebServerApplicationContext context, String header) throws IOException {
		RawSocket socket = RawSocket.open(port(context), header).text(CONNECT);
		assertThat(socket.next()).contains("\"connect\":{");
		return socket;
	}

	private static List<String> handshakes(int port, int count, String... headers) throws IOException {
		List<String> responses = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			responses.add(handshake(port, headers));
		}
		return responses;
	}

	private static String handshake(int port, String... headers) throws IOException {
		try (RawSocket socket = new RawSocket(port)) {
			return socket.request(RawSocket.handshake("/realtime", headers));
		}
	}

	private static void awaitSessions(ServletWebServerApplicationContext context, int count) {
		await().until(() -> context.getBean(RealtimeEngine.class).sessionCount() == count);
	}

	private static ServletWebServerApplicationContext run(String... arguments) {
		String[] all = Arrays.copyOf(arguments, arguments.length + 3);
		all[arguments.length] = "--server.port=0";
		all[arguments.length + 1] = "--realtime.security.allow-anonymous=true";
		all[arguments.length + 2] = "--realtime.namespaces.chat.publish=anyone";
		return (ServletWebServerApplicationContext) new SpringApplication(Application.class).run(all);
	}

	private static int port(ServletWebServerApplicationContext context) {
		return context.getWebServer().getPort();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeWebSocketAutoConfiguration.class,
			TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
			WebMvcAutoConfiguration.class })
	static class Application {

	}

}
