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
 * @param member who is there, or {@code null} for nobody
 * @param untold whether Redis cannot know of the place yet
 * @param answers what waits until Redis knows
 */
record PresenceChange(Place place, @Nullable Member member, boolean untold, List<CompletableFuture<Integer>> answers) {

	static PresenceChange of(Place place, @Nullable Member member) {
		return new PresenceChange(place, member, false, List.of());
	}

	/**
	 * Return a change that replaces this one.
	 */
	PresenceChange then(@Nullable Member next, List<CompletableFuture<Integer>> more) {
		List<CompletableFuture<Integer>> all = new ArrayList<>(this.answers);
		all.removeIf(CompletableFuture::isDone);
		all.addAll(more);
		return new PresenceChange(this.place, next, this.untold, all);
	}

}
