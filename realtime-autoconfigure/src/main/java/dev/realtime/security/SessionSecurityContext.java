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

package dev.realtime.security;

import java.security.Principal;
import java.util.List;

import dev.realtime.RealtimeSession;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;

/**
 * The user of a session, who may become known or bring a new token while it is in use.
 */
final class SessionSecurityContext implements SecurityContext {

	private static final long serialVersionUID = 1L;

	private static final Authentication ANONYMOUS = new AnonymousAuthenticationToken("realtime", "anonymousUser",
			AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

	private final transient RealtimeSession session;

	private @Nullable Authentication replaced;

	SessionSecurityContext(RealtimeSession session) {
		this.session = session;
	}

	@Override
	public Authentication getAuthentication() {
		return (this.replaced != null) ? this.replaced : authentication(this.session.principal());
	}

	private static Authentication authentication(@Nullable Principal principal) {
		if (principal instanceof Authentication authentication) {
			return authentication;
		}
		return (principal != null) ? UsernamePasswordAuthenticationToken.authenticated(principal, null, List.of())
				: ANONYMOUS;
	}

	@Override
	public void setAuthentication(@Nullable Authentication authentication) {
		this.replaced = authentication;
	}

	@Override
	public String toString() {
		return "security context of " + this.session;
	}

}
