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

import dev.realtime.Member;
import dev.realtime.presence.PresenceListener;
import dev.realtime.room.RoomRegistry;

/**
 * Lets rooms and listeners know what a presence store finds out.
 */
final class PresenceNews implements PresenceListener {

	private final RoomRegistry rooms;

	private final RoomOccupancy occupancy;

	PresenceNews(RoomRegistry rooms, RoomOccupancy occupancy) {
		this.rooms = rooms;
		this.occupancy = occupancy;
	}

	@Override
	public void gone(String room, Member member, int occupancy) {
		this.rooms.gone(room, member, occupancy);
	}

	@Override
	public void lost(String room, String session) {
		this.rooms.lost(room, session);
	}

	@Override
	public void occupied(String room) {
		this.occupancy.occupiedAgain(room);
	}

	@Override
	public void vacated(String room) {
		this.occupancy.vacatedElsewhere(room);
	}

}
