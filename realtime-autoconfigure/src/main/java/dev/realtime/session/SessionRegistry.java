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
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.limit.NetworkAddress;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by id, user and address (or network, see
 * {@link NetworkAddress}). Adding and removing are atomic for each of the three, so that
 * a limit is never exceeded and an empty entry never stays.
 *
 * @since 0.1.0
 */
public final class SessionRegistry {

	private final Map<String, LocalSession> sessions = new ConcurrentHashMap<>();

	private final Map<String, Set<LocalSession>> users = new ConcurrentHashMap<>();

	private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

	private final AtomicInteger count = new AtomicInteger();

	/**
	 * Add a session that has just been opened.
	 * @param session the session, which is added and counts even if it is refused
	 * @param max how many sessions there may be; 0 for no limit
	 * @param maxPerAddress how many sessions its address may have; 0 for no limit
	 * @return why it is refused, or {@code null}. Another node may have room
	 */
	public @Nullable DisconnectReason open(LocalSession session, int max, int maxPerAddress) {
		int ofAddress = this.addresses.merge(address(session), 1, Integer::sum);
		int all = this.count.incrementAndGet();
		this.sessions.put(session.id(), session);
		if (maxPerAddress > 0 && ofAddress > maxPerAddress) {
			return DisconnectReason.CONNECTION_LIMIT;
		}
		return (max > 0 && all > max) ? DisconnectReason.FORCE_RECONNECT : null;
	}

	private static String address(LocalSession session) {
		return NetworkAddress.owner(session.transport().remoteAddress());
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
		this.count.decrementAndGet();
		this.addresses.computeIfPresent(address(session),
				(address, ofAddress) -> (ofAddress > 1) ? ofAddress - 1 : null);
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
		return this.count.get();
	}

	/**
	 * Return whether nothing is left, in any of the indexes.
	 * @return {@code true} if all are empty
	 */
	public boolean isEmpty() {
		return this.sessions.isEmpty() && this.users.isEmpty() && this.addresses.isEmpty();
	}

}
