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

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectRequest;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.util.StringUtils;

/**
 * Knows clients by the JWT in their connect command, with the decoder and the authorities
 * of Spring Security's resource server. The connection holds as long as the token.
 * <p>
 * A token that has expired is answered with {@link ErrorCode#TOKEN_EXPIRED}, any other
 * that the decoder does not accept is not known here. That the decoder itself fails, for
 * example because it cannot fetch keys, is an error after which clients try again.
 *
 * @since 0.1.0
 */
public final class JwtConnectAuthenticator implements ConnectAuthenticator {

	private final JwtDecoder decoder;

	private final Converter<Jwt, ? extends @Nullable AbstractAuthenticationToken> converter;

	/**
	 * Create the authenticator.
	 * @param decoder checks and reads tokens
	 * @param converter makes the user of a token, with a name
	 */
	public JwtConnectAuthenticator(JwtDecoder decoder,
			Converter<Jwt, ? extends @Nullable AbstractAuthenticationToken> converter) {
		this.decoder = decoder;
		this.converter = converter;
	}

	@Override
	public @Nullable Identity authenticate(ConnectRequest request) {
		if (request.token().isEmpty()) {
			return null;
		}
		try {
			return identity(this.decoder.decode(request.token()));
		}
		catch (BadJwtException ex) {
			if (ExpiredTokens.isExpired(ex, request.token())) {
				throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
			}
			return null;
		}
	}

	private @Nullable Identity identity(Jwt jwt) {
		AbstractAuthenticationToken user = this.converter.convert(jwt);
		if (user == null || !StringUtils.hasLength(user.getName())) {
			return null;
		}
		Identity identity = Identity.of(user);
		return (jwt.getExpiresAt() != null) ? identity.expiresAt(jwt.getExpiresAt()) : identity;
	}

}
