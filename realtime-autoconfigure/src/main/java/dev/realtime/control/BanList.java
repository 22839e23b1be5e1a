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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Bans in memory, timed by the monotonic clock. Bounded: when it is full, the ban that
 * ends first is dropped, with a warning. Thread-safe: looking one up takes no lock, and
 * whoever looks after {@link #put} has returned finds it.
 *
 * @since 0.1.0
 */
public final class BanList {

	private static final Log logger = LogFactory.getLog(BanList.class);

	private static final long WARN_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private static final long FOR_GOOD = Long.MAX_VALUE;

	private final Map<String, Entry> users = new ConcurrentHashMap<>();

	private final NavigableSet<Entry> byEnd = new TreeSet<>(
			Comparator.comparingLong(Entry::end).thenComparing(Entry::user));

	private final int max;

	private final LongSupplier nanoTime;

	private final long start;

	private long lastWarning;

	/**
	 * Create an empty list.
	 * @param max how many bans it holds
	 * @param nanoTime the monotonic time in nanoseconds
	 */
	public BanList(int max, LongSupplier nanoTime) {
		this.max = max;
		this.nanoTime = nanoTime;
		this.start = nanoTime.getAsLong();
		this.lastWarning = -WARN_INTERVAL;
	}

	private long now() {
		return this.nanoTime.getAsLong() - this.start;
	}

	/**
	 * Ban a user, instead of what was said of it before.
	 * @param ban the ban
	 */
	public synchronized void put(ControlMessage.Ban ban) {
		long now = now();
		Entry entry = new Entry(ban.user(), end(now, ban.remaining()));
		Entry before = this.users.put(ban.user(), entry);
		if (before != null) {
			this.byEnd.remove(before);
		}
		this.byEnd.add(entry);
		dropExpired(now);
		if (this.byEnd.size() > this.max) {
			dropFirst(now);
		}
	}

	/** At most 100 years, which is less than a long has nanoseconds. */
	private static long end(long now, @Nullable Duration remaining) {
		return (remaining != null) ? now + remaining.toNanos() : FOR_GOOD;
	}

	private void dropExpired(long now) {
		while (!this.byEnd.isEmpty() && this.byEnd.first().end() <= now) {
			drop(this.byEnd.first());
		}
	}

	private void drop(Entry entry) {
		this.byEnd.remove(entry);
		this.users.remove(entry.user(), entry);
	}

	private void dropFirst(long now) {
		drop(this.byEnd.first());
		if (now - this.lastWarning >= WARN_INTERVAL) {
			this.lastWarning = now;
			logger.warn("More than " + this.max + " users are banned: those whose bans end first are let in again");
		}
	}

	/**
	 * Lift the ban of a user, if there is one.
	 * @param user the name of the user
	 */
	public synchronized void remove(String user) {
		Entry entry = this.users.remove(user);
		if (entry != null) {
			this.byEnd.remove(entry);
		}
	}

	/**
	 * Return whether a user is banned.
	 * @param user the name of the user
	 * @return {@code true} while a ban is in force
	 */
	public boolean contains(String user) {
		Entry entry = this.users.get(user);
		return entry != null && entry.end() > now();
	}

	/**
	 * Return all bans that are in force.
	 * @return a snapshot, with the time that remains of each
	 */
	public synchronized List<ControlMessage.Ban> all() {
		long now = now();
		dropExpired(now);
		List<ControlMessage.Ban> bans = new ArrayList<>(this.byEnd.size());
		this.byEnd.forEach((entry) -> bans.add(new ControlMessage.Ban(entry.user(), remaining(entry, now))));
		return bans;
	}

	private static @Nullable Duration remaining(Entry entry, long now) {
		return (entry.end() != FOR_GOOD) ? Duration.ofMillis(Math.max(1, (entry.end() - now) / 1_000_000)) : null;
	}

	/**
	 * Return how many bans there are.
	 * @return the number of bans, with those that have ended lately
	 */
	public synchronized int size() {
		return this.byEnd.size();
	}

	/**
	 * A ban.
	 */
	private record Entry(String user, long end) {

	}

}
