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
import dev.realtime.RoomAuthorizer;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeWebSocketAutoConfiguration;
import dev.realtime.security.AuthorizationManagerRoomAuthorizer;
import dev.realtime.security.BearerPrincipalAuthenticator;
import dev.realtime.security.JwtConnectAuthenticator;
import dev.realtime.security.SecurityCodeScope;
import dev.realtime.session.CodeScope;
import dev.realtime.websocket.HttpLogins;
import dev.realtime.websocket.RealtimeHandlerMapping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.oauth2.jwt.JwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeSecurityAutoConfiguration}.
 */
class RealtimeSecurityAutoConfigurationTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(RealtimeAutoConfiguration.class,
			RealtimeWebSocketAutoConfiguration.class, RealtimeSecurityAutoConfiguration.class,
			DispatcherServletAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner().withConfiguration(ALL);

	@Test
	void withoutADecoderThereIsTheContextAndTheExpiryOfHandshakes() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(SecurityCodeScope.class)
			.hasSingleBean(BearerPrincipalAuthenticator.class)
			.doesNotHaveBean(JwtConnectAuthenticator.class)
			.doesNotHaveBean(RoomAuthorizer.class));
	}

	@Test
	void withADecoderTokensAreAccepted() {
		this.runner.withUserConfiguration(Decoder.class)
			.run((context) -> assertThat(context).hasSingleBean(JwtConnectAuthenticator.class));
	}

	@Test
	void withSeveralDecodersTheApplicationHasToSayWhichOne() {
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("other", JwtDecoder.class, new Tokens("other")::decoder)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JwtConnectAuthenticator.class));
	}

	@Test
	void whenTheApplicationHasAnAuthenticatorItAloneAcceptsTokens() {
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("own", ConnectAuthenticator.class, () -> (request) -> null)
			.run((context) -> assertThat(context).doesNotHaveBean(JwtConnectAuthenticator.class)
				.hasSingleBean(BearerPrincipalAuthenticator.class));
	}

	@Test
	void whenThereIsAManagerForRoomsItIsAsked() {
		this.runner.withUserConfiguration(Manager.class)
			.run((context) -> assertThat(context).hasSingleBean(AuthorizationManagerRoomAuthorizer.class));
	}

	@Test
	void aManagerForSomethingElseIsNot() {
		this.runner.withUserConfiguration(OtherManager.class)
			.run((context) -> assertThat(context).doesNotHaveBean(AuthorizationManagerRoomAuthorizer.class));
	}

	@Test
	void aScopeOfTheApplicationReplacesTheSecurityContext() {
		this.runner.withBean("own", CodeScope.class, () -> CodeScope.NONE)
			.run((context) -> assertThat(context).doesNotHaveBean(SecurityCodeScope.class));
	}

	@Test
	void whenTheLibraryIsOffThereIsNothing() {
		this.runner.withUserConfiguration(Decoder.class)
			.withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(CodeScope.class)
				.doesNotHaveBean(ConnectAuthenticator.class)
				.doesNotHaveBean(HttpLogins.class));
	}

	@Test
	void withoutAWebApplicationThereIsTheContext() {
		new ApplicationContextRunner().withConfiguration(ALL)
			.withUserConfiguration(Decoder.class, Manager.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(SecurityCodeScope.class)
				.hasSingleBean(AuthorizationManagerRoomAuthorizer.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.security", "org.springframework.security.oauth2",
			"org.springframework.security.oauth2.server.resource", "org.springframework.security.oauth2.jwt",
			"org.springframework.security.web", "com.nimbusds", "org.springframework.boot.security",
			"org.springframework.session" })
	void withoutOneLibraryTheEndpointIsThere(String library) {
		this.runner.withClassLoader(new FilteredClassLoader(library))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RealtimeHandlerMapping.class));
	}

	@Test
	void withoutSpringSecurityThereIsNothingOfIt() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CodeScope.class)
				.doesNotHaveBean(ConnectAuthenticator.class));
	}

	@Test
	void withoutAResourceServerTheContextIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security.oauth2"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(SecurityCodeScope.class)
				.doesNotHaveBean(ConnectAuthenticator.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class Decoder {

		@Bean
		JwtDecoder decoder() {
			return new Tokens("secret").decoder();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Manager {

		@Bean
		AuthorizationManager<RoomAccess> rooms() {
			return (user, access) -> null;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherManager {

		@Bean
		AuthorizationManager<String> strings() {
			return (user, access) -> null;
		}

	}

}
