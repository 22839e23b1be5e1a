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

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;
import dev.realtime.presence.Arrival;
import dev.realtime.presence.Likeness;
import dev.realtime.presence.PresenceListener;
import dev.realtime.presence.PresenceStore;

/**
 * Keeps the members of rooms in Redis, where all nodes see them. Runs while the relay
 * does. What this node adds and removes counts at once here, and elsewhere as soon as
 * Redis knows it. If adding takes longer than half a second, the returned stage fails and
 * it is done later; removing takes as long as it takes, since only Redis knows whether
 * another node has told that the member is gone. Members of a node that has been silent
 * for nine seconds are gone.
 * <p>
 * The numbers of members count those too that such a node has left behind, for as long as
 * nobody has noticed.
 *
 * @since 0.1.0
 */
public final class RedisPresenceStore implements PresenceStore {

	private final String node = UUID.randomUUID().toString();

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
		return this.relay.presence(place(room, member), BookedMember.here(member), false);
	}

	private static Place place(String room, Member member) {
		return new Place(room, member.session());
	}

	@Override
	public CompletionStage<Integer> remove(String room, String session) {
		return this.relay.presence(new Place(room, session), null, true);
	}

	@Override
	public CompletionStage<Arrival> arrive(String room, Member member) {
		String likeness = Likeness.of(member);
		BookedMember arriving = BookedMember.arriving(member, (likeness != null) ? likeness : "");
		return this.relay.presence(place(room, member), arriving, false)
			.thenApply((count) -> new Arrival(Math.abs(count), count < 0));
	}

	@Override
	public void expect(String room, Member member, Duration grace) {
		String likeness = Likeness.of(member);
		if (likeness != null) {
			BookedMember expected = BookedMember.expected(member, likeness, System.nanoTime() + grace.toNanos());
			this.relay.presence(place(room, member), expected, true);
		}
	}

	@Override
	public CompletionStage<Integer> occupy(String room, boolean occupied) {
		BookedMember member = occupied ? BookedMember.here(new Member("", this.node)) : null;
		return this.relay.presence(Place.ofNode(room, this.node), member, true);
	}

	@Override
	public CompletionStage<List<Member>> members(String room) {
		return this.relay.members(room);
	}

	@Override
	public void listen(PresenceListener listener) {
		this.relay.presence().listener(new Listener(listener));
	}

	@Override
	public boolean isShared() {
		return true;
	}

	/**
	 * Knows which members are nodes.
	 */
	private final class Listener implements PresenceListener {

		private final PresenceListener listener;

		Listener(PresenceListener listener) {
			this.listener = listener;
		}

		@Override
		public void gone(String room, Member member, int occupancy) {
			String occupied = Place.occupied(room);
			if (occupied == null) {
				this.listener.gone(room, member, occupancy);
			}
			else if (occupancy == 1) {
				this.listener.vacated(occupied);
			}
		}

		@Override
		public void lost(String room, String session) {
			String occupied = Place.occupied(room);
			if (occupied == null) {
				this.listener.lost(room, session);
				return;
			}
			occupy(occupied, true).thenAccept((count) -> {
				if (count == 1) {
					this.listener.occupied(occupied);
				}
			});
		}

	}

}
