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

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.presence.PresenceStore;
import dev.realtime.session.LocalSession;
import dev.realtime.session.SessionRegistry;

/**
 * Which sessions users have, on this node and on others. For the presence store each user
 * has a room of its own, whose name is not that of any room. Thread-safe; nothing blocks.
 */
final class OnlineUsers {

	/** Where there is nothing before the first colon, there is no namespace. */
	private static final String PREFIX = ":user:";

	private final SessionRegistry sessions;

	private final PresenceStore presence;

	OnlineUsers(SessionRegistry sessions, PresenceStore presence) {
		this.sessions = sessions;
		this.presence = presence;
	}

	static String room(String user) {
		return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(user.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Add a session to those of its user.
	 * @param session the session, which knows its user
	 * @param maxPerUser how many sessions a user may have on this node; 0 for no limit
	 * @return {@code false} if the limit is reached, or the session is gone meanwhile
	 */
	boolean add(LocalSession session, int maxPerUser) {
		if (!this.sessions.connect(session, maxPerUser)) {
			return false;
		}
		if (isTold(session)) {
			this.presence.add(room(session.user()), session.member(Payload.EMPTY));
			if (session.isEnding()) {
				forget(session);
			}
		}
		return true;
	}

	/**
	 * Remove a session whose socket is gone.
	 */
	void remove(LocalSession session) {
		this.sessions.remove(session);
		if (isTold(session)) {
			forget(session);
		}
	}

	private boolean isTold(LocalSession session) {
		return this.presence.isShared() && !session.user().isEmpty();
	}

	private void forget(LocalSession session) {
		this.presence.remove(room(session.user()), session.id());
	}

	/**
	 * Return the sessions of a user on this node.
	 */
	List<LocalSession> here(String user) {
		return this.sessions.ofUser(user);
	}

	/**
	 * Return the sessions of a user on all nodes.
	 */
	CompletionStage<List<Member>> everywhere(String user) {
		if (this.presence.isShared() && !user.isEmpty()) {
			return this.presence.members(room(user));
		}
		return CompletableFuture
			.completedFuture(here(user).stream().map((session) -> session.member(Payload.EMPTY)).toList());
	}

}
