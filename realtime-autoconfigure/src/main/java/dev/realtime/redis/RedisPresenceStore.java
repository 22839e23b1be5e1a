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

package dev.realtime.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceStore;

/**
 * Keeps the members of rooms in Redis, where all nodes see them. Runs while the relay
 * does. What this node adds and removes counts at once here, and elsewhere as soon as
 * Redis knows it: if that takes longer than half a second, the returned stage fails and
 * it is done later. Members of a node that has been silent for nine seconds are gone.
 * <p>
 * The numbers of members count those too that such a node has left behind, for as long as
 * nobody has noticed.
 *
 * @since 0.1.0
 */
public final class RedisPresenceStore implements PresenceStore {

	private final RedisRoomRelay relay;

	/**
	 * Create a store.
	 * @param relay the relay, whose connection it shares
	 */
	public RedisPresenceStore(RedisRoomRelay relay) {
		this.relay = relay;
	}

	@Override
	public CompletionStage<Integer> add(String room, Member member) {
		return this.relay.presence(new Place(room, member.session()), member);
	}

	@Override
	public CompletionStage<Integer> remove(String room, String session) {
		return this.relay.presence(new Place(room, session), null);
	}

	@Override
	public CompletionStage<List<Member>> members(String room) {
		return this.relay.members(room);
	}

	@Override
	public void listen(PresenceListener listener) {
		this.relay.presence().listener(listener);
	}

	@Override
	public boolean isShared() {
		return true;
	}

}
