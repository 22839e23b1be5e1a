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

package dev.realtime.websocket;

import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.StringUtils;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class OriginGuardTests {

	private long now = Long.MAX_VALUE - 1;

	private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/realtime");

	private final MockHttpServletResponse response = new MockHttpServletResponse();

	OriginGuardTests() {
		this.request.setScheme("https");
		this.request.setServerName("good.com");
		this.request.setServerPort(443);
	}

	@Test
	void whenThereIsNoOriginPasses() {
		assertThat(passes(guard())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://good.com", "https://good.com:443" })
	void whenTheOriginIsTheServersPasses(String origin) {
		this.request.addHeader("Origin", origin);
		assertThat(passes(guard())).isTrue();
	}

	@Test
	void whenTheServerNameIsInUpperCasePasses() {
		this.request.setServerName("Good.COM");
		this.request.addHeader("Origin", "https://good.com");
		assertThat(passes(guard())).isTrue();
	}

	@Test
	void whenThePortIsNotTheDefaultPasses() {
		this.request.setScheme("http");
		this.request.setServerPort(8080);
		this.request.addHeader("Origin", "http://good.com:8080");
		assertThat(passes(guard())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.com", "null", "https://good.com.evil.com", "https://evilgood.com",
			"https://good.com:8443", "https://good.com:80", "http://good.com", "http://good.com:443",
			"HTTPS://GOOD.COM", "https://GOOD.com", "https://good.com/", "https://good.com@evil.com",
			"https://good.com, https://evil.com", "good.com", "", " ", "*" })
	void whenTheOriginIsAnotherRefuses(String origin) {
		this.request.addHeader("Origin", origin);
		assertThat(passes(guard())).isFalse();
		assertThat(this.response.getStatus()).isEqualTo(403);
		assertThat(this.response.getContentLength()).isZero();
	}

	@Test
	void whenThereAreTwoOriginsRefuses() {
		this.request.addHeader("Origin", "https://good.com");
		this.request.addHeader("Origin", "https://good.com");
		assertThat(passes(guard())).isFalse();
	}

	@Test
	void whenForwardedHeadersAreNotTrustedRefuses() {
		this.request.addHeader("X-Forwarded-Host", "evil.com");
		this.request.addHeader("X-Forwarded-Proto", "https");
		this.request.addHeader("Forwarded", "host=evil.com;proto=https");
		this.request.addHeader("Origin", "https://evil.com");
		assertThat(passes(guard())).isFalse();
	}

	@Test
	void whenForwardedHeadersAreTrustedComparesWithWhatTheProxySays() throws Exception {
		this.request.setScheme("http");
		this.request.setServerName("10.0.0.1");
		this.request.setServerPort(8080);
		this.request.addHeader("X-Forwarded-Host", "good.com");
		this.request.addHeader("X-Forwarded-Proto", "https");
		this.request.addHeader("Origin", "https://good.com");
		assertThat(passes(guard())).isFalse();
		boolean[] passed = new boolean[1];
		new ForwardedHeaderFilter().doFilter(this.request, this.response,
				(forwarded, response) -> passed[0] = passes(guard(),
						new ServletServerHttpRequest((jakarta.servlet.http.HttpServletRequest) forwarded)));
		assertThat(passed[0]).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "https://other.com, https://other.com, true", "https://Other.com/, https://other.com, true",
			"https://other.com:443, https://other.com, true", "https://other.com, https://other.com:8443, false",
			"https://other.com, http://other.com, false", "https://other.com, https://other.com.evil.com, false",
			"https://*.other.com, https://a.other.com, true", "https://*.other.com, https://a.b.other.com, true",
			"https://*.other.com, https://other.com, false", "https://*.other.com, https://evilother.com, false",
			"https://*.other.com, https://evil.com/.other.com, false",
			"https://*.other.com, https://evil.com:1.other.com, false",
			"https://*.other.com, https://u@a.other.com, false", "https://*.other.com, https://aXother.com, false",
			"http://localhost:*, http://localhost:3000, true", "http://localhost:*, http://localhost.evil.com:1, false",
			"*, https://evil.com, true", "*, null, false" })
	void comparesWithWhatIsAllowed(String allowed, String origin, boolean expected) {
		this.request.addHeader("Origin", origin);
		assertThat(passes(guard(allowed))).isEqualTo(expected);
	}

	@Test
	void warnsOnceAMinute(CapturedOutput output) {
		OriginGuard guard = guard();
		this.request.addHeader("Origin", "https://evil.com");
		assertThat(passes(guard)).isFalse();
		assertThat(output).contains("https://evil.com")
			.contains("realtime.allowed-origins")
			.contains("server.forward-headers-strategy");
		this.now += TimeUnit.SECONDS.toNanos(59);
		assertThat(passes(guard)).isFalse();
		assertThat(warnings(output)).isEqualTo(1);
		this.now += TimeUnit.SECONDS.toNanos(1);
		assertThat(passes(guard)).isFalse();
		assertThat(warnings(output)).isEqualTo(2);
	}

	@Test
	void escapesWhatItLogs(CapturedOutput output) {
		this.request.addHeader("Origin", "https://evil.com\r\nERROR forged \u001b[31m\u202e" + "x".repeat(300));
		assertThat(passes(guard())).isFalse();
		assertThat(output).contains("https://evil.com\\u000d\\u000aERROR forged \\u001b[31m\\u202exxx")
			.doesNotContain("\u001b[31m\u202e")
			.doesNotContain("x".repeat(200));
	}

	private OriginGuard guard(String... allowed) {
		return new OriginGuard(List.of(allowed), () -> this.now);
	}

	private boolean passes(OriginGuard guard) {
		return passes(guard, new ServletServerHttpRequest(this.request));
	}

	private boolean passes(OriginGuard guard, ServletServerHttpRequest request) {
		return guard.beforeHandshake(request, new ServletServerHttpResponse(this.response),
				new AbstractWebSocketHandler() {
				}, new HashMap<>());
	}

	private static int warnings(CapturedOutput output) {
		return StringUtils.countOccurrencesOf(output.getAll(), "Refused a WebSocket handshake");
	}

}
