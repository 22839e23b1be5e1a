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

package dev.realtime.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ClientScriptHandlerTests {

	private final ClientScriptHandler handler = new ClientScriptHandler();

	@Test
	void servesTheScript() throws Exception {
		MockHttpServletResponse response = handle("GET", "/realtime/client.js", null);
		assertThat(response.getStatus()).isEqualTo(200);
		assertThat(response.getContentType()).isEqualToIgnoringCase("text/javascript;charset=UTF-8");
		assertThat(response.getContentAsString()).contains("export function connect");
		assertThat(response.getHeader("Cache-Control")).isEqualTo("no-cache");
		assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
	}

	@Test
	void servesTheTypings() throws Exception {
		MockHttpServletResponse response = handle("GET", "/app/realtime/client.d.ts", null);
		assertThat(response.getContentAsString()).contains("export");
		assertThat(response.getContentType()).isEqualToIgnoringCase("text/plain;charset=UTF-8");
		assertThat(response.getHeader("ETag")).isNotEqualTo(handle("GET", "/client.js", null).getHeader("ETag"));
	}

	@Test
	void whenTheBrowserHasItAnswers304() throws Exception {
		String etag = handle("GET", "/realtime/client.js", null).getHeader("ETag");
		MockHttpServletResponse response = handle("GET", "/realtime/client.js", etag);
		assertThat(response.getStatus()).isEqualTo(304);
		assertThat(response.getContentAsByteArray()).isEmpty();
		assertThat(response.getHeader("Cache-Control")).isEqualTo("no-cache");
		assertThat(handle("GET", "/realtime/client.js", "\"old\"").getStatus()).isEqualTo(200);
	}

	@Test
	void answersHeadWithoutABody() throws Exception {
		MockHttpServletResponse response = handle("HEAD", "/realtime/client.js", null);
		assertThat(response.getStatus()).isEqualTo(200);
		assertThat(response.getContentLength()).isPositive();
		assertThat(response.getContentAsByteArray()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "DELETE" })
	void refusesOtherMethods(String method) {
		assertThatExceptionOfType(HttpRequestMethodNotSupportedException.class)
			.isThrownBy(() -> handle(method, "/realtime/client.js", null));
	}

	private MockHttpServletResponse handle(String method, String path, String etag) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest(method, path);
		if (etag != null) {
			request.addHeader("If-None-Match", etag);
		}
		MockHttpServletResponse response = new MockHttpServletResponse();
		this.handler.handleRequest(request, response);
		return response;
	}

}
