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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by id, user and address. Adding and removing are atomic for
 * each of the three, so that a limit is never exceeded and an empty entry never stays.
 *
 * @since 0.1.0
 */
public final class SessionRegistry {

	private final Map<String, LocalSession> sessions = new ConcurrentHashMap<>();

	private final Map<String, Set<LocalSession>> users = new ConcurrentHashMap<>();

	private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

	/**
	 * Add a session that has just been opened.
	 * @param session the session
	 * @param maxPerAddress how many sessions its address may have; 0 for no limit
	 * @return {@code false} if the limit is reached
	 */
	public boolean open(LocalSession session, int maxPerAddress) {
		int count = this.addresses.merge(session.transport().remoteAddress(), 1, Integer::sum);
		this.sessions.put(session.id(), session);
		return maxPerAddress == 0 || count <= maxPerAddress;
	}

	/**
	 * Add a session to those of its user.
	 * @param session the session, which knows its user
	 * @param maxPerUser how many sessions a user may have; 0 for no limit
	 * @return {@code false} if the limit is reached, or the session is gone meanwhile
	 */
	public boolean connect(LocalSession session, int maxPerUser) {
		Set<LocalSession> all = this.users.compute(session.user(), (user, present) -> {
			Set<LocalSession> result = (present != null) ? present : ConcurrentHashMap.newKeySet(2);
			boolean room = maxPerUser == 0 || user.isEmpty() || result.size() < maxPerUser;
			if (room && this.sessions.containsKey(session.id())) {
				result.add(session);
			}
			return result.isEmpty() ? null : result;
		});
		return all != null && all.contains(session);
	}

	/**
	 * Remove a session. No effect if it is not there.
	 * @param session the session
	 */
	public void remove(LocalSession session) {
		if (this.sessions.remove(session.id()) == null) {
			return;
		}
		this.addresses.computeIfPresent(session.transport().remoteAddress(),
				(address, count) -> (count > 1) ? count - 1 : null);
		this.users.computeIfPresent(session.user(), (user, all) -> {
			all.remove(session);
			return all.isEmpty() ? null : all;
		});
	}

	/**
	 * Return a session.
	 * @param id its id
	 * @return the session, or {@code null}
	 */
	public @Nullable LocalSession find(String id) {
		return this.sessions.get(id);
	}

	/**
	 * Return the sessions of a user.
	 * @param user the name of the user
	 * @return a snapshot
	 */
	public List<LocalSession> ofUser(String user) {
		return List.copyOf(this.users.getOrDefault(user, Set.of()));
	}

	/**
	 * Return all sessions.
	 * @return a live view
	 */
	public Collection<LocalSession> all() {
		return this.sessions.values();
	}

	/**
	 * Return how many sessions there are.
	 * @return the number of sessions, connected or not
	 */
	public int size() {
		return this.sessions.size();
	}

	/**
	 * Return whether nothing is left, in any of the indexes.
	 * @return {@code true} if all are empty
	 */
	public boolean isEmpty() {
		return this.sessions.isEmpty() && this.users.isEmpty() && this.addresses.isEmpty();
	}

}
