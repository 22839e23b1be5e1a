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

package dev.realtime.control;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Keeps who is banned. Also remembers for a day who is not any more, so that a node that
 * missed it does not bring the ban back. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
public interface BanStore {

	/** How many bans are kept at most; those that end first are dropped. */
	int MAX_BANS = 100_000;

	/**
	 * Ban a user, instead of what was known of it before.
	 * @param ban the ban
	 * @return a stage that completes when it is kept
	 */
	CompletionStage<@Nullable Void> put(ControlMessage.Ban ban);

	/**
	 * Lift the ban of a user, if there is one.
	 * @param user the name of the user
	 * @return a stage that completes when that is kept
	 */
	CompletionStage<@Nullable Void> remove(String user);

	/**
	 * Return all that is known.
	 * @return a stage with one verdict for each user: the bans that are in force, with
	 * the time that remains of them, and those that have been lifted lately
	 */
	CompletionStage<List<ControlMessage.Verdict>> all();

	/**
	 * Ban users of whom nothing is known, because what was known is lost. Nothing changes
	 * for the others.
	 * @param bans the bans
	 * @return a stage that completes when they are kept
	 */
	CompletionStage<@Nullable Void> restore(Collection<ControlMessage.Ban> bans);

}
