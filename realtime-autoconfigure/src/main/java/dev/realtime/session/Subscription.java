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

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.realtime.Member;
import dev.realtime.Payload;
import org.jspecify.annotations.Nullable;

/**
 * A session's membership in one room, from the moment it is asked for. The room's stripe
 * alone writes to it, but for {@link #end()}.
 *
 * @since 0.1.0
 */
public final class Subscription {

	private static final AtomicIntegerFieldUpdater<Subscription> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(Subscription.class, "ended");

	private final LocalSession session;

	private final String room;

	private final boolean joinLeave;

	private final boolean serverSide;

	private final Member member;

	private volatile @Nullable Expiry expiry;

	private int index = -1;

	private long position;

	private volatile int ended;

	/**
	 * Create a subscription.
	 * @param session the session
	 * @param room the name of the room
	 * @param joinLeave whether the session wants to know who comes and goes
	 * @param serverSide whether the server made it, without being asked
	 * @param roomInfo what members see of the subscription
	 */
	public Subscription(LocalSession session, String room, boolean joinLeave, boolean serverSide, Payload roomInfo) {
		this.session = session;
		this.room = room;
		this.joinLeave = joinLeave;
		this.serverSide = serverSide;
		this.member = session.member(roomInfo);
	}

	/**
	 * Return the session.
	 * @return the session
	 */
	public LocalSession session() {
		return this.session;
	}

	/**
	 * Return the room.
	 * @return the name of the room
	 */
	public String room() {
		return this.room;
	}

	/**
	 * Return whether the session wants to know who comes and goes.
	 * @return {@code true} if it asked for it
	 */
	public boolean joinLeave() {
		return this.joinLeave;
	}

	/**
	 * Return whether the server made it.
	 * @return {@code false} if the client asked for it
	 */
	public boolean serverSide() {
		return this.serverSide;
	}

	/**
	 * Return when it ends by itself.
	 * @return the end, or {@code null} if it does not
	 */
	public @Nullable Expiry expiry() {
		return this.expiry;
	}

	/**
	 * Set when it ends by itself.
	 * @param expiry the end
	 */
	public void expiry(Expiry expiry) {
		this.expiry = expiry;
	}

	/**
	 * Return how others see it.
	 * @return the member
	 */
	public Member member() {
		return this.member;
	}

	/**
	 * Return the place in the room's array of members.
	 * @return the index, or -1 while it is not there
	 */
	public int index() {
		return this.index;
	}

	/**
	 * Set the place in the room's array of members.
	 * @param index the index, or -1
	 */
	public void index(int index) {
		this.index = index;
	}

	/**
	 * Return up to where the session has everything.
	 * @return the offset of the last publication that its subscribe reply covers
	 */
	public long position() {
		return this.position;
	}

	/**
	 * Set up to where the session has everything.
	 * @param position the offset
	 */
	public void position(long position) {
		this.position = position;
	}

	/**
	 * Return whether it is over, or to be over as soon as it has begun.
	 * @return {@code true} once {@link #end()} was called
	 */
	public boolean isEnded() {
		return this.ended != 0;
	}

	/**
	 * End it: nothing more is sent for it, and the session may subscribe again.
	 * @return {@code false} if it had ended before
	 */
	public boolean end() {
		if (!ENDED.compareAndSet(this, 0, 1)) {
			return false;
		}
		Expiry end = this.expiry;
		if (end != null) {
			end.stop();
		}
		this.session.forget(this);
		return true;
	}

}
