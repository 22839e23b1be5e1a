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

import java.util.ArrayList;
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

	@Override
	public CompletionStage<Integer> add(String room, Member member) {
		int[] size = new int[1];
		this.rooms.compute(room, (name, members) -> {
			Map<String, Member> all = (members != null) ? members : new LinkedHashMap<>();
			all.put(member.session(), member);
			size[0] = all.size();
			return all;
		});
		return CompletableFuture.completedFuture(size[0]);
	}

	@Override
	public CompletionStage<Integer> remove(String room, String session) {
		int[] size = new int[1];
		this.rooms.computeIfPresent(room, (name, members) -> {
			size[0] = members.size();
			members.remove(session);
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
