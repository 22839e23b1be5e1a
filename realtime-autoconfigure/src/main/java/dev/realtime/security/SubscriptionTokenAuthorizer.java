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
import java.util.Set;

import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.naming.RoomName;

import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * Lets clients into the rooms of some namespaces only with a subscription token: a JWT
 * whose claim {@code channel} is the name of the room and whose {@code sub} is the user.
 * The subscription holds as long as the token; clients are asked for a new one in time.
 * To be declared as a bean by the application.
 * <p>
 * The decoder should accept nothing but subscription tokens, and that of the connections
 * none of them: let them differ in key or audience.
 *
 * @since 0.1.0
 */
public final class SubscriptionTokenAuthorizer implements RoomAuthorizer {

	private static final String ROOM = "channel";

	private final JwtDecoder decoder;

	private final Set<String> namespaces;

	/**
	 * Create the authorizer.
	 * @param decoder checks and reads tokens
	 * @param namespaces the namespaces whose rooms need a token
	 */
	public SubscriptionTokenAuthorizer(JwtDecoder decoder, String... namespaces) {
		this.decoder = decoder;
		this.namespaces = Set.of(namespaces);
	}

	@Override
	public RoomDecision authorize(RoomAccess access) {
		boolean joins = access.operation() == RoomAccess.Operation.SUBSCRIBE
				|| access.operation() == RoomAccess.Operation.RECOVER;
		if (!joins || !this.namespaces.contains(String.valueOf(RoomName.namespace(access.room())))) {
			return RoomDecision.GRANTED;
		}
		if (access.token().isEmpty()) {
			return RoomDecision.DENIED;
		}
		try {
			return decide(access, this.decoder.decode(access.token()));
		}
		catch (BadJwtException ex) {
			return ExpiredTokens.isExpired(ex, access.token()) ? RoomDecision.GRANTED.expiresAt(Instant.EPOCH)
					: RoomDecision.DENIED;
		}
	}

	private static RoomDecision decide(RoomAccess access, Jwt jwt) {
		if (!access.room().equals(jwt.getClaimAsString(ROOM)) || !access.session().user().equals(jwt.getSubject())) {
			return RoomDecision.DENIED;
		}
		Instant expiresAt = jwt.getExpiresAt();
		return (expiresAt != null) ? RoomDecision.GRANTED.expiresAt(expiresAt) : RoomDecision.GRANTED;
	}

}
