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

import dev.realtime.ConnectAuthenticator;
import dev.realtime.RoomAccess;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.security.AuthorizationManagerRoomAuthorizer;
import dev.realtime.security.BearerPrincipalAuthenticator;
import dev.realtime.security.JwtConnectAuthenticator;
import dev.realtime.security.SecurityCodeScope;
import dev.realtime.session.CodeScope;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.AbstractOAuth2TokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/**
 * Auto-configures Spring Security's say in who clients are and what they may do. There is
 * no filter chain: that is the application's.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = RealtimeAutoConfiguration.class,
		afterName = "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration")
@ConditionalOnClass(SecurityContextHolder.class)
@ConditionalOnBooleanProperty(name = "realtime.enabled", matchIfMissing = true)
public final class RealtimeSecurityAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(CodeScope.class)
	SecurityCodeScope realtimeSecurityCodeScope(ObjectProvider<SecurityContextHolderStrategy> contexts) {
		return new SecurityCodeScope(contexts.getIfUnique(SecurityContextHolder::getContextHolderStrategy));
	}

	@Bean
	@Conditional(OnRoomAuthorizationManagerCondition.class)
	AuthorizationManagerRoomAuthorizer realtimeAuthorizationManagerRoomAuthorizer(
			ObjectProvider<AuthorizationManager<RoomAccess>> managers) {
		return new AuthorizationManagerRoomAuthorizer(managers.orderedStream().toList());
	}

	/**
	 * Bearer tokens, as Spring Security's resource server understands them.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ JwtDecoder.class, AbstractOAuth2TokenAuthenticationToken.class })
	static class BearerTokenConfiguration {

		/** An application that has an authenticator says by that whom it lets in. */
		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		@ConditionalOnSingleCandidate(JwtDecoder.class)
		@ConditionalOnMissingBean(ConnectAuthenticator.class)
		JwtConnectAuthenticator realtimeJwtConnectAuthenticator(JwtDecoder decoder,
				ObjectProvider<Converter<Jwt, ? extends @Nullable AbstractAuthenticationToken>> converter) {
			return new JwtConnectAuthenticator(decoder, converter.getIfUnique(JwtAuthenticationConverter::new));
		}

		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		BearerPrincipalAuthenticator realtimeBearerPrincipalAuthenticator() {
			return new BearerPrincipalAuthenticator();
		}

	}

}
