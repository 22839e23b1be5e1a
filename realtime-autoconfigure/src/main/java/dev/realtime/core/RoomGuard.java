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

import java.util.List;
import java.util.function.Consumer;

import dev.realtime.ErrorCode;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomAuthorizer;
import dev.realtime.RoomDecision;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomName;
import dev.realtime.naming.RoomSettings;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;

/**
 * Decides who may do what in which room: the rule of the room's namespace first, then
 * every authorizer of the application. All must agree.
 */
final class RoomGuard {

	private final Namespaces namespaces;

	private final List<RoomAuthorizer> authorizers;

	private final RealtimeHandlers handlers;

	RoomGuard(Namespaces namespaces, List<RoomAuthorizer> authorizers, RealtimeHandlers handlers) {
		this.namespaces = namespaces;
		this.authorizers = authorizers;
		this.handlers = handlers;
	}

	/**
	 * Return whether code of the application has a say.
	 */
	boolean isCustom() {
		return !this.authorizers.isEmpty();
	}

	/**
	 * Return how a room is set up.
	 * @throws RealtimeException if there can be no such room
	 */
	RoomSettings settings(String room) {
		if (!RoomName.isValid(room)) {
			throw new RealtimeException(ErrorCode.BAD_REQUEST);
		}
		RoomSettings settings = this.namespaces.find(room);
		if (settings == null) {
			throw new RealtimeException(ErrorCode.UNKNOWN_ROOM);
		}
		return settings;
	}

	/**
	 * Check the rule of the room's namespace.
	 * @throws RealtimeException if it does not grant the operation
	 */
	void checkRule(LocalSession session, String room, RoomSettings settings, RoomAccess.Operation operation) {
		Subscription subscription = session.subscription(room);
		boolean member = subscription != null && subscription.index() >= 0;
		if (!rule(room, settings, operation).grants(session.principal() != null, member)) {
			throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
		}
	}

	private AccessRule rule(String room, RoomSettings settings, RoomAccess.Operation operation) {
		return switch (operation) {
			case SUBSCRIBE, RECOVER -> settings.subscribe();
			case PUBLISH -> (settings.publish() != AccessRule.HANDLED) ? settings.publish()
					: AccessRule.HANDLED.resolve(this.handlers.publish(room) != null);
			case PRESENCE, HISTORY -> AccessRule.SUBSCRIBERS;
		};
	}

	/**
	 * Let a session do something if rule and authorizers agree.
	 * @param responder the command
	 * @param access what the session wants to do
	 * @param settings how the room is set up
	 * @param handled whether the action calls code of the application
	 * @param action does it
	 * @return {@code false} if the next command must wait
	 * @throws RealtimeException if the rule does not grant it
	 */
	boolean admit(Responder responder, RoomAccess access, RoomSettings settings, boolean handled,
			Consumer<RoomDecision> action) {
		checkRule(responder.session(), access.room(), settings, access.operation());
		if (!isCustom() && !handled) {
			action.accept(RoomDecision.GRANTED);
			return true;
		}
		responder.session().runUserCode(() -> {
			try {
				action.accept(authorize(access));
			}
			catch (Throwable ex) {
				responder.fail(ex);
			}
			finally {
				responder.inbound().started();
			}
		});
		return false;
	}

	/**
	 * Return whether the authorizers would let a session into a room that it is in.
	 */
	boolean stillGrants(LocalSession session, String room) {
		try {
			authorize(new RoomAccess(session, room, RoomAccess.Operation.SUBSCRIBE, Payload.EMPTY, ""));
			return true;
		}
		catch (RuntimeException ex) {
			if (session.explain(ex) instanceof RealtimeException refused && !refused.temporary()) {
				return false;
			}
			throw ex;
		}
	}

	private RoomDecision authorize(RoomAccess access) {
		RoomDecision decision = RoomDecision.GRANTED;
		for (RoomAuthorizer authorizer : this.authorizers) {
			decision = decision.and(authorizer.authorize(access));
			if (!decision.granted()) {
				throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
			}
		}
		return decision;
	}

}
