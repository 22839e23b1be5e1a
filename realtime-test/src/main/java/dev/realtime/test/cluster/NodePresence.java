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

package dev.realtime.test.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

import dev.realtime.Member;
import dev.realtime.presence.Arrival;
import dev.realtime.presence.PresenceStore;

/**
 * Who is in the rooms, as one node sees and tells it. What it cannot tell while it is cut
 * off is made up for afterwards. Thread-safe.
 */
final class NodePresence implements PresenceStore {

	private final String node = UUID.randomUUID().toString();

	private final Hub hub;

	private final Cable cable;

	private final Map<Place, Member> here = new HashMap<>();

	private final Set<Place> gone = new HashSet<>();

	NodePresence(Hub hub, Cable cable) {
		this.hub = hub;
		this.cable = cable;
	}

	@Override
	public CompletionStage<Integer> add(String room, Member member) {
		synchronized (this) {
			this.here.put(new Place(room, member.session()), member);
			this.gone.remove(new Place(room, member.session()));
		}
		return this.cable.ask(() -> this.hub.presence().add(room, member));
	}

	@Override
	public CompletionStage<Integer> remove(String room, String session) {
		synchronized (this) {
			this.here.remove(new Place(room, session));
			if (this.cable.isCut()) {
				this.gone.add(new Place(room, session));
			}
		}
		return this.cable.ask(() -> this.hub.presence().remove(room, session));
	}

	@Override
	public CompletionStage<Arrival> arrive(String room, Member member) {
		synchronized (this) {
			this.here.put(new Place(room, member.session()), member);
			this.gone.remove(new Place(room, member.session()));
		}
		return this.cable.ask(() -> this.hub.presence().arrive(room, member));
	}

	/** Who is expected back is no longer here: being made up for would bring it back. */
	@Override
	public void expect(String room, Member member, Duration grace) {
		synchronized (this) {
			this.here.remove(new Place(room, member.session()));
		}
		this.hub.presence().expect(room, member, grace);
	}

	/** Nodes are members of a room of their own, whose name no room has. */
	@Override
	public CompletionStage<Integer> occupy(String room, boolean occupied) {
		return occupied ? add(":room:" + room, new Member("", this.node)) : remove(":room:" + room, this.node);
	}

	@Override
	public CompletionStage<List<Member>> members(String room) {
		return this.cable.ask(() -> this.hub.presence().members(room));
	}

	@Override
	public boolean isShared() {
		return true;
	}

	/**
	 * Tell what could not be told.
	 */
	synchronized void heal() {
		this.gone.forEach((place) -> this.hub.presence().remove(place.room, place.session));
		this.gone.clear();
		this.here.forEach((place, member) -> this.hub.presence().add(place.room, member));
	}

	/**
	 * The node is gone, and with it its members.
	 */
	synchronized void close() {
		heal();
		this.here.keySet().forEach((place) -> this.hub.presence().remove(place.room, place.session));
		this.here.clear();
	}

	/**
	 * Where a member is.
	 *
	 * @param room the name of the room
	 * @param session the id of the member's session
	 */
	private record Place(String room, String session) {

	}

}
