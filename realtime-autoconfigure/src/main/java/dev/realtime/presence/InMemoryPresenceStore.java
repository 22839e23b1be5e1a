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

package dev.realtime.presence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Member;

/**
 * The members of a node that is alone. Every stage is complete when it is returned.
 *
 * @since 0.1.0
 */
public final class InMemoryPresenceStore implements PresenceStore {

	private final Map<String, Map<String, Member>> rooms = new ConcurrentHashMap<>();

	/** By what those are recognized who are expected back, by room and session. */
	private final Map<String, Map<String, String>> expected = new ConcurrentHashMap<>();

	@Override
	public CompletionStage<Integer> add(String room, Member member) {
		return CompletableFuture.completedFuture(put(room, member, false).occupancy());
	}

	@Override
	public CompletionStage<Arrival> arrive(String room, Member member) {
		return CompletableFuture.completedFuture(put(room, member, true));
	}

	private Arrival put(String room, Member member, boolean mayBeBack) {
		List<Arrival> result = new ArrayList<>(1);
		this.rooms.compute(room, (name, members) -> {
			Map<String, Member> all = (members != null) ? members : new LinkedHashMap<>();
			boolean back = mayBeBack && takePlace(room, all, member);
			all.put(member.session(), member);
			result.add(new Arrival(all.size(), back));
			return all;
		});
		return result.get(0);
	}

	private boolean takePlace(String room, Map<String, Member> members, Member member) {
		Map<String, String> absent = this.expected.getOrDefault(room, Map.of());
		String likeness = absent.isEmpty() ? null : Likeness.of(member);
		Iterator<Map.Entry<String, String>> all = absent.entrySet().iterator();
		while (all.hasNext()) {
			Map.Entry<String, String> other = all.next();
			if (other.getValue().equals(likeness)) {
				all.remove();
				members.remove(other.getKey());
				this.expected.computeIfPresent(room, (key, rest) -> rest.isEmpty() ? null : rest);
				return true;
			}
		}
		return false;
	}

	@Override
	public void expect(String room, Member member, Duration grace) {
		String likeness = Likeness.of(member);
		this.rooms.computeIfPresent(room, (name, members) -> {
			if (likeness != null && members.containsKey(member.session())) {
				this.expected.computeIfAbsent(room, (key) -> new LinkedHashMap<>()).put(member.session(), likeness);
			}
			return members;
		});
	}

	@Override
	public CompletionStage<Integer> remove(String room, String session) {
		int[] size = new int[1];
		this.rooms.computeIfPresent(room, (name, members) -> {
			int before = members.size();
			size[0] = (members.remove(session) != null) ? before : 0;
			this.expected.computeIfPresent(room, (key, absent) -> {
				absent.remove(session);
				return absent.isEmpty() ? null : absent;
			});
			return members.isEmpty() ? null : members;
		});
		return CompletableFuture.completedFuture(size[0]);
	}

	@Override
	public CompletionStage<List<Member>> members(String room) {
		List<List<Member>> result = new ArrayList<>(1);
		this.rooms.computeIfPresent(room, (name, members) -> {
			result.add(List.copyOf(members.values()));
			return members;
		});
		return CompletableFuture.completedFuture(result.isEmpty() ? List.of() : result.get(0));
	}

	/**
	 * Return how many rooms have members.
	 * @return the number of rooms
	 */
	public int size() {
		return this.rooms.size();
	}

}
