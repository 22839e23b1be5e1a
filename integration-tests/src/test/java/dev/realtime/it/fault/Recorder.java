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

package dev.realtime.it.fault;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;

/**
 * Counts the events of a node and notes those that must not be.
 */
final class Recorder implements RealtimeListener {

	private final AtomicInteger connected = new AtomicInteger();

	private final AtomicInteger disconnected = new AtomicInteger();

	private final AtomicInteger joined = new AtomicInteger();

	private final AtomicInteger left = new AtomicInteger();

	private final AtomicInteger occupied = new AtomicInteger();

	private final AtomicInteger vacated = new AtomicInteger();

	private final Set<String> sessions = ConcurrentHashMap.newKeySet();

	private final Set<String> members = ConcurrentHashMap.newKeySet();

	private final Queue<String> faults = new ConcurrentLinkedQueue<>();

	private final Queue<DisconnectReason> reasons = new ConcurrentLinkedQueue<>();

	int connected() {
		return this.connected.get();
	}

	int disconnected() {
		return this.disconnected.get();
	}

	int joined() {
		return this.joined.get();
	}

	int left() {
		return this.left.get();
	}

	int occupied() {
		return this.occupied.get();
	}

	int vacated() {
		return this.vacated.get();
	}

	/**
	 * Return the sessions that connected and have not disconnected.
	 * @return their ids
	 */
	Set<String> sessions() {
		return this.sessions;
	}

	/**
	 * Return the sessions and rooms that joined and have not left.
	 * @return the id of the session, a blank and the name of the room, for each
	 */
	Set<String> members() {
		return this.members;
	}

	Queue<String> faults() {
		return this.faults;
	}

	Queue<DisconnectReason> reasons() {
		return this.reasons;
	}

	@Override
	public void connected(RealtimeSession session) {
		this.connected.incrementAndGet();
		check(this.sessions.add(session.id()), "connected twice", session, "");
	}

	@Override
	public void disconnected(RealtimeSession session, DisconnectReason reason) {
		this.disconnected.incrementAndGet();
		this.reasons.add(reason);
		check(this.sessions.remove(session.id()), "disconnected, but not connected", session, "");
	}

	@Override
	public void joined(RealtimeSession session, String room) {
		this.joined.incrementAndGet();
		check(this.members.add(session.id() + " " + room), "joined twice", session, room);
	}

	@Override
	public void left(RealtimeSession session, String room) {
		this.left.incrementAndGet();
		check(this.members.remove(session.id() + " " + room), "left, but not joined", session, room);
	}

	@Override
	public void roomOccupied(String room) {
		this.occupied.incrementAndGet();
	}

	@Override
	public void roomVacated(String room) {
		this.vacated.incrementAndGet();
	}

	private void check(boolean expected, String fault, RealtimeSession session, String room) {
		if (!expected) {
			this.faults.add(fault + ": " + session.id() + " " + room);
		}
	}

}
