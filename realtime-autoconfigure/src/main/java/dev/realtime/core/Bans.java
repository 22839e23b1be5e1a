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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.realtime.control.BanList;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlMessage;

/**
 * Who is banned, as far as this node knows, and what of it others may not know.
 * Thread-safe; looking a user up takes no lock.
 */
final class Bans {

	private final BanList list;

	/** Banned here, but it may be that no other node knows. */
	private final Set<String> unannounced = new HashSet<>();

	/** Heard of since loading began, so that what is loaded is older. */
	private final Set<String> newer = new HashSet<>();

	Bans(LongSupplier nanoTime) {
		this.list = new BanList(BanStore.MAX_BANS, nanoTime);
	}

	boolean contains(String user) {
		return this.list.contains(user);
	}

	/**
	 * A ban begins here, and the others are about to be told.
	 */
	synchronized void announce(ControlMessage.Ban ban) {
		this.list.put(ban);
		this.newer.add(ban.user());
		this.unannounced.add(ban.user());
	}

	/**
	 * A ban that began here is known to all.
	 */
	synchronized void announced(String user) {
		this.unannounced.remove(user);
	}

	/**
	 * A verdict has been given.
	 */
	synchronized void heard(ControlMessage.Verdict verdict) {
		this.newer.add(verdict.user());
		this.unannounced.remove(verdict.user());
		apply(verdict);
	}

	private void apply(ControlMessage.Verdict verdict) {
		if (verdict instanceof ControlMessage.Ban ban) {
			this.list.put(ban);
		}
		else {
			this.list.remove(verdict.user());
		}
	}

	/**
	 * What is kept is about to be loaded.
	 */
	synchronized void beginLoading() {
		this.newer.clear();
	}

	/**
	 * Believe what has been loaded, unless it is older than what is known.
	 * @return the bans that are missing there
	 */
	synchronized Missing merge(Collection<ControlMessage.Verdict> loaded) {
		Set<String> known = new HashSet<>(this.newer);
		for (ControlMessage.Verdict verdict : loaded) {
			if (!this.unannounced.contains(verdict.user()) && known.add(verdict.user())) {
				apply(verdict);
			}
		}
		Missing missing = new Missing(new ArrayList<>(), new ArrayList<>());
		for (ControlMessage.Ban ban : this.list.all()) {
			if (this.unannounced.contains(ban.user())) {
				missing.unannounced.add(ban);
			}
			else if (!known.contains(ban.user())) {
				missing.lost.add(ban);
			}
		}
		this.unannounced.removeIf((user) -> !this.list.contains(user));
		return missing;
	}

	/**
	 * Bans that this node knows and the store does not.
	 *
	 * @param lost those that were there and are lost
	 * @param unannounced those that may never have been there
	 */
	record Missing(List<ControlMessage.Ban> lost, List<ControlMessage.Ban> unannounced) {

	}

}
