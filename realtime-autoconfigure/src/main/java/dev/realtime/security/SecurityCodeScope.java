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

import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeSession;
import dev.realtime.session.CodeScope;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;

/**
 * Lets code of the application find the user of the session in the security context, so
 * that method security works in it. That access is denied is error 103 for the client,
 * and that it is not authenticated error 101.
 *
 * @since 0.1.0
 */
public final class SecurityCodeScope implements CodeScope {

	private final SecurityContextHolderStrategy contexts;

	/**
	 * Create the scope.
	 * @param contexts where the security context is kept
	 */
	public SecurityCodeScope(SecurityContextHolderStrategy contexts) {
		this.contexts = contexts;
	}

	/**
	 * Create a scope for the static {@link SecurityContextHolder}.
	 */
	public SecurityCodeScope() {
		this(SecurityContextHolder.getContextHolderStrategy());
	}

	@Override
	public void run(RealtimeSession session, Runnable code) {
		SecurityContext before = this.contexts.getContext();
		this.contexts.setContext(new SessionSecurityContext(session));
		try {
			code.run();
		}
		finally {
			restore(before);
		}
	}

	private void restore(SecurityContext before) {
		if (before.getAuthentication() != null) {
			this.contexts.setContext(before);
		}
		else {
			this.contexts.clearContext();
		}
	}

	@Override
	public Throwable explain(Throwable failure) {
		if (failure instanceof AccessDeniedException) {
			return new RealtimeException(ErrorCode.PERMISSION_DENIED);
		}
		if (failure instanceof AuthenticationException && !(failure instanceof AuthenticationServiceException)) {
			return new RealtimeException(ErrorCode.UNAUTHORIZED);
		}
		return failure;
	}

}
