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

package dev.realtime.it.transcript;

import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The application that the transcripts talk to.
 */
@SpringBootApplication(
		exclude = { ManagementWebSecurityAutoConfiguration.class, ServletWebSecurityAutoConfiguration.class })
class TranscriptApplication {

	private static final Pattern TOKEN = Pattern.compile("([a-z]+)(?::(\\d+))?");

	private static final JsonMapper MAPPER = new JsonMapper();

	/**
	 * The token is {@code user} or {@code user:ttl} in seconds, also in a header. Some
	 * users are special.
	 */
	@Bean
	ConnectAuthenticator tokens() {
		return (request) -> request.token().isEmpty() ? identity(request.headers().getOrDefault("user", ""))
				: identity(request.token());
	}

	private static @Nullable Identity identity(String token) {
		Matcher matcher = TOKEN.matcher(token);
		if (!matcher.matches()) {
			return null;
		}
		Identity identity = Identity.of(matcher.group(1));
		switch (identity.user()) {
			case "broken" -> throw new IllegalStateException("a bug of the application");
			case "fatal" -> throw new AssertionError("an error of the virtual machine");
			case "banned" -> throw new RealtimeException(400, "you are banned");
			case "carl" -> {
				Payload info = Payload.ofJson("{\"color\":\"red\"}");
				identity = identity.info(info).data(Payload.ofJson("{\"hello\":\"carl\"}"));
			}
		}
		return (matcher.group(2) != null) ? identity.expiresAt(expiry(matcher.group(2))) : identity;
	}

	private static Instant expiry(String seconds) {
		if (seconds.equals("0")) {
			throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
		}
		return Instant.now().plusSeconds(Long.parseLong(seconds));
	}

	/** The user {@code roomy} is put into the rooms that the connect data names. */
	@Bean
	ConnectHandler rooms() {
		return (request) -> request.session().user().equals("roomy") ? ConnectReply.rooms(named(request))
				: ConnectReply.EMPTY;
	}

	private static String[] named(ConnectRequest request) {
		return json(request.data()).path("rooms").valueStream().map(JsonNode::asString).toArray(String[]::new);
	}

	private static JsonNode json(Payload payload) {
		return payload.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(payload.bytes());
	}

	/**
	 * The subscription token is {@code bad} or {@code ok:ttl}; the data of a command may
	 * ask for a failure, for an end, or for what the room is to be told.
	 */
	@Bean
	RoomAuthorizer authorizer() {
		return (access) -> {
			if (access.token().equals("bad")) {
				return RoomDecision.DENIED;
			}
			RoomDecision decision = asked(access);
			Matcher token = TOKEN.matcher(access.token());
			return (token.matches() && token.group(2) != null)
					? decision.expiresAt(Instant.now().plusSeconds(Long.parseLong(token.group(2)))) : decision;
		};
	}

	private static RoomDecision asked(RoomAccess access) {
		RoomDecision decision = RoomDecision.GRANTED;
		if (!Set.of(RoomAccess.Operation.SUBSCRIBE, RoomAccess.Operation.RECOVER).contains(access.operation())) {
			return decision;
		}
		JsonNode data = json(access.data());
		if (data.has("fail")) {
			throw new IllegalStateException("a bug of the application");
		}
		if (data.has("for")) {
			decision = decision.expiresAt(Instant.now().plusSeconds(data.get("for").asLong()));
		}
		if (data.has("info")) {
			decision = decision.info(Payload.ofJson(data.get("info").toString()));
		}
		return data.has("state") ? decision.data(Payload.ofJson(data.get("state").toString())) : decision;
	}

	@Bean
	Sessions sessions() {
		return new Sessions();
	}

	/**
	 * Counts the sessions there are.
	 */
	static final class Sessions implements RealtimeListener {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void connected(RealtimeSession session) {
			this.count.incrementAndGet();
		}

		@Override
		public void disconnected(RealtimeSession session, DisconnectReason reason) {
			this.count.decrementAndGet();
		}

		int count() {
			return this.count.get();
		}

	}

}
