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

package dev.realtime.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of this node that end together with a login of the web application.
 * Thread-safe; whichever comes first, the end of a login or a session under it, no
 * session is left.
 *
 * @since 0.1.0
 */
public final class LoginRegistry {

	/** A handshake that is on its way takes far less time than so many logouts. */
	private static final int MAX_ENDED = 10_000;

	private final Map<String, Set<LocalSession>> sessions = new HashMap<>();

	private final Set<String> ended = new LinkedHashSet<>();

	/**
	 * Add a session.
	 * @param login the key of its login
	 * @param session the session
	 * @return {@code false} if the login has ended
	 */
	public synchronized boolean add(String login, LocalSession session) {
		if (this.ended.contains(login)) {
			return false;
		}
		this.sessions.computeIfAbsent(login, (key) -> new HashSet<>(2)).add(session);
		return true;
	}

	/**
	 * Remove a session. No effect if it is not there.
	 * @param login the key of its login
	 * @param session the session
	 */
	public synchronized void remove(String login, LocalSession session) {
		this.sessions.computeIfPresent(login, (key, all) -> {
			all.remove(session);
			return all.isEmpty() ? null : all;
		});
	}

	/**
	 * Let a login end.
	 * @param login the key of the login
	 * @return its sessions, which are to be disconnected
	 */
	public synchronized List<LocalSession> end(String login) {
		this.ended.add(login);
		if (this.ended.size() > MAX_ENDED) {
			this.ended.remove(this.ended.iterator().next());
		}
		Set<LocalSession> all = this.sessions.remove(login);
		return (all != null) ? List.copyOf(all) : List.of();
	}

}
