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

import java.text.ParseException;
import java.util.Date;

import com.nimbusds.jwt.JWTParser;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Tells tokens that are good but for their time from those that are not.
 */
final class ExpiredTokens {

	private ExpiredTokens() {
	}

	/**
	 * Return whether a token has been refused for its expiry alone. Claims are validated
	 * after the signature, so what the token says of itself can be believed then.
	 */
	static boolean isExpired(BadJwtException refusal, String token) {
		return refusal instanceof JwtValidationException ex && ex.getErrors().size() == 1 && isOver(token);
	}

	private static boolean isOver(String token) {
		try {
			Date expiration = JWTParser.parse(token).getJWTClaimsSet().getExpirationTime();
			return expiration != null && !expiration.after(new Date());
		}
		catch (ParseException ex) {
			return false;
		}
	}

}
