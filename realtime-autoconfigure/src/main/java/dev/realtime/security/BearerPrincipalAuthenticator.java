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

import java.time.Instant;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectRequest;
import dev.realtime.Identity;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;

/**
 * Lets a connection that was opened with a bearer token in the {@code Authorization}
 * header of its handshake hold no longer than that token.
 *
 * @since 0.1.0
 */
public final class BearerPrincipalAuthenticator implements ConnectAuthenticator {

	@Override
	public @Nullable Identity authenticate(ConnectRequest request) {
		if (!request.token().isEmpty()
				|| !(request.principal() instanceof AbstractOAuth2TokenAuthenticationToken<?> user)) {
			return null;
		}
		Instant expiresAt = ((OAuth2Token) user.getToken()).getExpiresAt();
		Identity identity = Identity.of(user);
		return (expiresAt != null) ? identity.expiresAt(expiresAt) : identity;
	}

}
