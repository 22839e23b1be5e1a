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

package dev.realtime.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.springframework.context.annotation.Profile;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Gives users a token for clients that have no session, such as native apps.
 */
@RestController
@Profile(MemberSecurity.PROFILE)
class TokenController {

	private static final Duration TIME = Duration.ofMinutes(10);

	private final JwtEncoder encoder;

	TokenController(JwtEncoder encoder) {
		this.encoder = encoder;
	}

	@GetMapping("/api/token")
	Map<String, String> token(Authentication user) {
		Instant now = Instant.now();
		List<String> roles = user.getAuthorities()
			.stream()
			.map(GrantedAuthority::getAuthority)
			.filter((authority) -> authority != null && authority.startsWith("ROLE_"))
			.toList();
		JwtClaimsSet claims = JwtClaimsSet.builder()
			.subject(user.getName())
			.issuedAt(now)
			.expiresAt(now.plus(TIME))
			.claim("roles", roles)
			.build();
		JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
		return Map.of("token", this.encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue());
	}

}
