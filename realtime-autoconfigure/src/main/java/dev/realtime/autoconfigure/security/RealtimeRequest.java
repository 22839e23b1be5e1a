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

package dev.realtime.autoconfigure.security;

import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.realtime.autoconfigure.RealtimeProperties;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.security.web.servlet.ApplicationContextRequestMatcher;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletPath;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;
import org.springframework.web.context.WebApplicationContext;

/**
 * Matches requests for the library, in the rules of a {@code SecurityFilterChain}.
 *
 * @since 0.1.0
 */
public final class RealtimeRequest {

	private RealtimeRequest() {
	}

	/**
	 * Return a matcher for the endpoint and the browser client beside it, wherever
	 * {@code realtime.path} and the servlet path put them. To be permitted to all where
	 * clients bring a token: who they are is found out after the handshake.
	 * @return the matcher
	 */
	public static RequestMatcher toEndpoint() {
		return new EndpointRequestMatcher();
	}

	/**
	 * Made of the properties when the first request comes.
	 */
	private static final class EndpointRequestMatcher extends ApplicationContextRequestMatcher<WebApplicationContext> {

		private volatile RequestMatcher delegate = (request) -> false;

		EndpointRequestMatcher() {
			super(WebApplicationContext.class);
		}

		@Override
		protected boolean ignoreApplicationContext(WebApplicationContext context) {
			return hasServerNamespace(context, "management");
		}

		@Override
		protected void initialized(Supplier<WebApplicationContext> context) {
			context.get()
				.getBeanProvider(RealtimeProperties.class)
				.ifAvailable((properties) -> this.delegate = matcher(base(context.get(), properties)));
		}

		private static String base(WebApplicationContext context, RealtimeProperties properties) {
			DispatcherServletPath servlet = context.getBeanProvider(DispatcherServletPath.class).getIfAvailable();
			return ((servlet != null) ? servlet.getPrefix() : "")
					+ StringUtils.trimTrailingCharacter(properties.getPath(), '/');
		}

		private static RequestMatcher matcher(String base) {
			return new OrRequestMatcher(Stream.of("", "/", "/client.js", "/client.d.ts")
				.map((end) -> base + end)
				.filter(StringUtils::hasLength)
				.<RequestMatcher>map(PathPatternRequestMatcher::pathPattern)
				.toList());
		}

		@Override
		protected boolean matches(HttpServletRequest request, Supplier<WebApplicationContext> context) {
			return this.delegate.matches(request);
		}

	}

}
