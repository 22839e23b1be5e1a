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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Member;
import org.jspecify.annotations.Nullable;

/**
 * What Redis should know of one place.
 *
 * @param place the place
 * @param entry who is there, or {@code null} for nobody
 * @param likeness by what whoever is no longer expected back was recognized, or empty
 * @param known under which incarnation of this node Redis has known the place, or empty
 * @param untold whether Redis cannot know of the place yet
 * @param sure whether it is known what Redis knew of the place before
 * @param answers what waits until Redis knows
 */
record PresenceChange(Place place, @Nullable BookedMember entry, String likeness, String known, boolean untold,
		boolean sure, List<CompletableFuture<Integer>> answers) {

	/**
	 * Return what is true of a place already and was told before.
	 */
	static PresenceChange again(Place place, @Nullable BookedMember entry) {
		String known = (entry != null && place.isVisible()) ? entry.owner() : "";
		return new PresenceChange(place, entry, "", known, false, true, List.of());
	}

	@Nullable Member member() {
		return (this.entry != null) ? this.entry.member() : null;
	}

	/**
	 * Return whether nobody must get in who has been taken out meanwhile.
	 */
	boolean isAgain() {
		return this.entry != null && !this.entry.isExpected() && !this.known.isEmpty();
	}

	/**
	 * Return a change that replaces this one.
	 */
	PresenceChange then(PresenceChange next) {
		List<CompletableFuture<Integer>> all = new ArrayList<>(this.answers);
		all.removeIf(CompletableFuture::isDone);
		all.addAll(next.answers);
		boolean added = this.entry != null && !this.answers.isEmpty();
		return new PresenceChange(this.place, next.entry, next.likeness, next.known, this.untold,
				this.sure && next.sure && !added, all);
	}

	/**
	 * Return this change after an attempt that may have succeeded.
	 */
	PresenceChange tried() {
		return new PresenceChange(this.place, this.entry, this.likeness, this.known, false, false, this.answers);
	}

}
