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

package dev.realtime.test.app;

import java.util.List;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.RealtimeController;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * An application to try the test support with.
 */
@SpringBootApplication
public class TestApplication {

	@Bean
	ConnectAuthenticator authenticator() {
		return TestApplication::authenticate;
	}

	private static Identity authenticate(ConnectRequest request) {
		return switch (request.token()) {
			case "", "forged" -> null;
			case "late" -> throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
			default -> Identity.of(request.token() + request.headers().getOrDefault("suffix", "")).data(request.data());
		};
	}

	@Bean
	ConnectHandler connectHandler() {
		return (request) -> request.session().user().equals("olga") ? ConnectReply.rooms("inbox:olga")
				: ConnectReply.EMPTY;
	}

	@Bean
	RoomAuthorizer authorizer() {
		return TestApplication::authorize;
	}

	private static RoomDecision authorize(RoomAccess access) {
		boolean granted = !access.room().equals("chat:secret") || access.token().equals("open");
		return RoomDecision.of(granted).data(access.data());
	}

	/**
	 * What clients can call.
	 */
	@RealtimeController
	static class Calculator {

		@OnRpc("sum")
		int sum(List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

	}

}
