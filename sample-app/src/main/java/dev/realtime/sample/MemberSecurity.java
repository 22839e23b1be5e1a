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

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

import dev.realtime.RoomAccess;
import dev.realtime.autoconfigure.security.RealtimeRequest;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.StringUtils;

/**
 * Only users may come in: by a form, or with a token that they get for their name and
 * password. One room is for members.
 */
@Configuration(proxyBeanMethods = false)
@Profile(MemberSecurity.PROFILE)
class MemberSecurity {

	static final String PROFILE = "secure";

	static final String MEMBERS_ONLY = "chat:members";

	private static final int KEY_BYTES = 32;

	/** The endpoint is open: a client that has no session brings a token. */
	@Bean
	@ConditionalOnWebApplication
	SecurityFilterChain security(HttpSecurity http) {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers(RealtimeRequest.toEndpoint(), EndpointRequest.to("health"))
						.permitAll()
						.anyRequest()
						.authenticated())
			.formLogin(Customizer.withDefaults())
			.httpBasic(Customizer.withDefaults())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.build();
	}

	@Bean
	AuthorizationManager<RoomAccess> membersOnly() {
		AuthorizationManager<RoomAccess> members = AuthorityAuthorizationManager.hasRole("MEMBER");
		return (user, access) -> MEMBERS_ONLY.equals(access.room()) ? members.authorize(user, access) : null;
	}

	@Bean
	InMemoryUserDetailsManager users() {
		return new InMemoryUserDetailsManager(
				User.withUsername("ann").password("{noop}ann").roles("USER", "MEMBER").build(),
				User.withUsername("bob").password("{noop}bob").roles("USER").build());
	}

	@Bean
	SecretKey tokenKey(@Value("${chat.token-key:}") String key) {
		byte[] bytes = new byte[KEY_BYTES];
		if (StringUtils.hasText(key)) {
			bytes = key.getBytes(StandardCharsets.UTF_8);
		}
		else {
			new SecureRandom().nextBytes(bytes);
		}
		return new SecretKeySpec(bytes, "HmacSHA256");
	}

	@Bean
	JwtDecoder tokenDecoder(SecretKey tokenKey) {
		return NimbusJwtDecoder.withSecretKey(tokenKey).build();
	}

	@Bean
	JwtEncoder tokenEncoder(SecretKey tokenKey) {
		return NimbusJwtEncoder.withSecretKey(tokenKey).build();
	}

}
