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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Keeps bans in memory. Stages are complete when they are returned.
 *
 * @since 0.1.0
 */
public final class InMemoryBanStore implements BanStore {

	private static final Duration REMEMBER_LIFTED = Duration.ofDays(1);

	private final BanList bans;

	private final BanList lifted;

	/**
	 * Create a store that is empty.
	 * @param nanoTime the monotonic time in nanoseconds
	 */
	public InMemoryBanStore(LongSupplier nanoTime) {
		this.bans = new BanList(MAX_BANS, nanoTime);
		this.lifted = new BanList(MAX_BANS, nanoTime);
	}

	@Override
	public synchronized CompletionStage<@Nullable Void> put(ControlMessage.Ban ban) {
		this.lifted.remove(ban.user());
		this.bans.put(ban);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public synchronized CompletionStage<@Nullable Void> remove(String user) {
		this.bans.remove(user);
		this.lifted.put(new ControlMessage.Ban(user, REMEMBER_LIFTED));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public synchronized CompletionStage<List<ControlMessage.Verdict>> all() {
		List<ControlMessage.Verdict> verdicts = new ArrayList<>(this.bans.all());
		this.lifted.all().forEach((ban) -> verdicts.add(new ControlMessage.Unban(ban.user())));
		return CompletableFuture.completedFuture(verdicts);
	}

	@Override
	public synchronized CompletionStage<@Nullable Void> restore(Collection<ControlMessage.Ban> missing) {
		missing.stream().filter((ban) -> !isKnown(ban.user())).forEach(this.bans::put);
		return CompletableFuture.completedFuture(null);
	}

	private boolean isKnown(String user) {
		return this.bans.contains(user) || this.lifted.contains(user);
	}

}
