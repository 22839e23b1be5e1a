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

import dev.realtime.Member;

/**
 * A member of this node in the book, be it here or expected back. For its partition only,
 * under the lock of that, but for what never changes.
 */
final class BookedMember {

	private final Member member;

	private final String likeness;

	private final boolean expected;

	private final long until;

	/** Under which incarnation of this node Redis knows it, if it does. */
	private String owner = "";

	private boolean lost;

	private BookedMember(Member member, String likeness, boolean expected, long until) {
		this.member = member;
		this.likeness = likeness;
		this.expected = expected;
		this.until = until;
	}

	static BookedMember here(Member member) {
		return new BookedMember(member, "", false, 0);
	}

	/**
	 * Create a member that takes the place of one that is expected back.
	 * @param likeness by what it is recognized, empty if it cannot be
	 */
	static BookedMember arriving(Member member, String likeness) {
		return new BookedMember(member, likeness, false, 0);
	}

	/**
	 * Create a member that is expected back.
	 * @param likeness by what it is recognized
	 * @param until till when, by the monotonic clock
	 */
	static BookedMember expected(Member member, String likeness, long until) {
		return new BookedMember(member, likeness, true, until);
	}

	Member member() {
		return this.member;
	}

	String likeness() {
		return this.likeness;
	}

	boolean isExpected() {
		return this.expected;
	}

	long until() {
		return this.until;
	}

	String owner() {
		return this.owner;
	}

	void owner(String owner) {
		this.owner = owner;
	}

	/**
	 * Return whether another node has taken it out.
	 */
	boolean isLost() {
		return this.lost;
	}

	void lose() {
		this.lost = true;
	}

}
