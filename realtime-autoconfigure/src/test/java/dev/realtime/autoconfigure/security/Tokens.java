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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * Issues tokens of one key.
 */
final class Tokens {

	private final SecretKey key;

	private final JwtEncoder encoder;

	Tokens(String secret) {
		this.key = new SecretKeySpec(secret.repeat(32).substring(0, 32).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
		this.encoder = NimbusJwtEncoder.withSecretKey(this.key).build();
	}

	JwtDecoder decoder() {
		return NimbusJwtDecoder.withSecretKey(this.key).build();
	}

	/** Return a token that is good for a time, or was if that is negative. */
	String of(String user, Duration time) {
		return of(user, time, Map.of());
	}

	String of(String user, Duration time, Map<String, Object> claims) {
		Instant expiresAt = Instant.now().plus(time);
		JwtClaimsSet.Builder all = JwtClaimsSet.builder()
			.issuedAt(expiresAt.minus(Duration.ofDays(1)))
			.expiresAt(expiresAt)
			.claims((map) -> map.putAll(claims));
		if (!user.isEmpty()) {
			all.subject(user);
		}
		return this.encoder.encode(JwtEncoderParameters.from(JwsHeader.with(MacAlgorithm.HS256).build(), all.build()))
			.getTokenValue();
	}

}
