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

package dev.realtime.core;

import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.RealtimeException;
import dev.realtime.session.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who a client is: the authenticators of the application first, then the HTTP
 * handshake. A token that nobody accepts is never ignored.
 */
final class Authentication {

	private final List<ConnectAuthenticator> authenticators;

	private final List<ConnectHandler> handlers;

	private final Clock clock;

	private final boolean allowAnonymous;

	private final Predicate<String> banned;

	Authentication(List<ConnectAuthenticator> authenticators, List<ConnectHandler> handlers, Clock clock,
			boolean allowAnonymous, Predicate<String> banned) {
		this.authenticators = authenticators;
		this.handlers = handlers;
		this.clock = clock;
		this.allowAnonymous = allowAnonymous;
		this.banned = banned;
	}

	/**
	 * Return whether code of the application has a say.
	 */
	boolean isCustom() {
		return !this.authenticators.isEmpty() || !this.handlers.isEmpty();
	}

	/**
	 * Return whether a user must not be let in. To be asked again once the session is
	 * registered as the user's.
	 */
	boolean isBanned(String user) {
		return this.banned.test(user);
	}

	/**
	 * Return who a client is.
	 * @throws RealtimeException to answer with an error
	 * @throws RefusedException to close the connection
	 */
	Identity authenticate(ConnectRequest request) throws RefusedException {
		Identity identity = identify(request);
		if (isBanned(identity.user())) {
			throw new RefusedException(DisconnectReason.FORCE_DISCONNECT);
		}
		return identity;
	}

	private Identity identify(ConnectRequest request) throws RefusedException {
		Identity identity = find(request);
		Principal principal = request.principal();
		if (identity != null) {
			if (!request.token().isEmpty() && principal != null && !principal.getName().equals(identity.user())) {
				throw new RefusedException(DisconnectReason.INVALID_TOKEN);
			}
			checkExpiry(identity);
			return identity;
		}
		if (!request.token().isEmpty()) {
			throw new RefusedException(DisconnectReason.INVALID_TOKEN);
		}
		if (principal != null) {
			return Identity.of(principal);
		}
		if (this.allowAnonymous) {
			return Identity.ANONYMOUS;
		}
		throw new RealtimeException(ErrorCode.UNAUTHORIZED);
	}

	private void checkExpiry(Identity identity) {
		Instant expiresAt = identity.expiresAt();
		if (expiresAt != null && Expiry.secondsLeft(expiresAt, this.clock) <= 0) {
			throw new RealtimeException(ErrorCode.TOKEN_EXPIRED);
		}
	}

	/**
	 * Return what the handlers of the application have for a client that is known.
	 */
	ConnectReply ask(ConnectRequest request) {
		ConnectReply reply = ConnectReply.EMPTY;
		for (ConnectHandler handler : this.handlers) {
			reply = reply.and(handler.connect(request));
		}
		return reply;
	}

	private @Nullable Identity find(ConnectRequest request) {
		for (ConnectAuthenticator authenticator : this.authenticators) {
			Identity identity = authenticator.authenticate(request);
			if (identity != null) {
				return identity;
			}
		}
		return null;
	}

	/**
	 * The client is sent away with a close code.
	 */
	static final class RefusedException extends Exception {

		private final transient DisconnectReason reason;

		RefusedException(DisconnectReason reason) {
			super(reason.reason(), null, false, false);
			this.reason = reason;
		}

		DisconnectReason reason() {
			return this.reason;
		}

	}

}
