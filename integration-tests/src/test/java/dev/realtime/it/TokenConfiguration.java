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

package dev.realtime.it;

import java.time.Instant;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Tokens that tests can read: {@code user:seconds} for connections and subscriptions
 * alike. The user {@code roomy} is put into {@code chat:roomy}. Added to the sample by
 * {@code --spring.main.sources}.
 */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

	static final String SETTING = "--spring.main.sources=" + TokenConfiguration.class.getName();

	@Bean
	@Order(-1)
	ConnectAuthenticator tokens() {
		return (request) -> request.token().contains(":")
				? Identity.of(user(request.token())).expiresAt(end(request.token())) : null;
	}

	@Bean
	RoomAuthorizer subscriptionTokens() {
		return (access) -> access.token().isEmpty() ? withoutToken(access)
				: RoomDecision.of(user(access.token()).equals(access.session().user())).expiresAt(end(access.token()));
	}

	private static RoomDecision withoutToken(RoomAccess access) {
		return access.room().equals("chat:brief") ? RoomDecision.GRANTED.expiresAt(Instant.now().plusSeconds(1))
				: RoomDecision.GRANTED;
	}

	@Bean
	ConnectHandler rooms() {
		return (request) -> "roomy".equals(request.session().user()) ? ConnectReply.rooms("chat:roomy")
				: ConnectReply.EMPTY;
	}

	private static String user(String token) {
		return token.substring(0, token.indexOf(':'));
	}

	private static Instant end(String token) {
		long seconds = Long.parseLong(token.substring(token.indexOf(':') + 1));
		if (seconds <= 0) {
			throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
		}
		return Instant.now().plusSeconds(seconds);
	}

}
