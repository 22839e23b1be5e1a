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

package dev.realtime.test.autoconfigure;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;

import dev.realtime.test.TestUsers;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.springframework.core.Ordered;

/**
 * Makes the user whom a client in a test names the one of its request. Comes after the
 * filters of the application: it has the last word about who the user is, but not about
 * what gets through.
 */
final class TestUserFilter implements Filter, Ordered {

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		String user = (request instanceof HttpServletRequest http) ? http.getHeader(TestUsers.HEADER) : null;
		if (user == null) {
			chain.doFilter(request, response);
			return;
		}
		Principal principal = new User(URLDecoder.decode(user, StandardCharsets.UTF_8));
		chain.doFilter(new UserRequest((HttpServletRequest) request, principal), response);
	}

	private record User(String getName) implements Principal {

	}

	/**
	 * A request of a known user.
	 */
	private static final class UserRequest extends HttpServletRequestWrapper {

		private final Principal principal;

		UserRequest(HttpServletRequest request, Principal principal) {
			super(request);
			this.principal = principal;
		}

		@Override
		public Principal getUserPrincipal() {
			return this.principal;
		}

		@Override
		public String getRemoteUser() {
			return this.principal.getName();
		}

	}

}
