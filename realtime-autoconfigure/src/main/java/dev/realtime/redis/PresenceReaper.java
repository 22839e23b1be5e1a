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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Takes members of dead nodes out of their rooms, and notices when Redis has lost those
 * of this one. All nodes do so at the same time; each member is taken out by one of them,
 * and that one tells the room. Thread-safe; nothing blocks.
 */
final class PresenceReaper implements NodeRegistry.Listener {

	private static final int MAX_MEMBERS = 256;

	/** What is said of a partition of which nothing is known: that it is as it was. */
	private static final byte[] UNKNOWN = RedisKeys.bytes("1");

	/** A node may be silent for so long and still learn who was taken out meanwhile. */
	private static final long REMEMBER_MILLIS = TimeUnit.HOURS.toMillis(1);

	private final Map<String, Long> strangers = new ConcurrentHashMap<>();

	private final Set<String> busy = ConcurrentHashMap.newKeySet();

	private final PresenceBook book;

	private final PresenceSync sync;

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final NodeRegistry registry;

	private final ReplyLanes lanes;

	private final NodeTimes times;

	private final byte[][] owners;

	private volatile boolean looking;

	private volatile long last;

	PresenceReaper(PresenceBook book, PresenceSync sync, RedisCommands commands, RedisKeys keys, NodeRegistry registry,
			ReplyLanes lanes, NodeTimes times) {
		this.book = book;
		this.sync = sync;
		this.commands = commands;
		this.keys = keys;
		this.registry = registry;
		this.lanes = lanes;
		this.times = times;
		this.owners = book.partitions()
			.stream()
			.map((partition) -> keys.owners(partition.number()))
			.toArray(byte[][]::new);
		this.last = System.nanoTime() - times.look().toNanos();
		registry.listen(this);
	}

	/** There is a connection. */
	void connected() {
		lookSoon();
	}

	@Override
	public void beaten() {
		if (!this.registry.deadNodes().isEmpty() && this.registry.isTrusted()) {
			lookSoon();
		}
	}

	@Override
	public void renewed() {
	}

	private void lookSoon() {
		this.last = System.nanoTime() - this.times.look().toNanos();
	}

	/**
	 * Look if it is time. To be called regularly, by one thread.
	 */
	void check() {
		long now = System.nanoTime();
		if (!this.registry.isUp() || this.looking || now - this.last < this.times.look().toNanos()) {
			return;
		}
		this.last = now;
		this.looking = true;
		Set<String> dead = this.registry.deadNodes();
		byte[][] alive = this.registry.ownFirst().stream().map(RedisKeys::bytes).toArray(byte[][]::new);
		owners(alive).whenComplete((reply, failure) -> {
			this.looking = false;
			if (reply != null) {
				seen(reply, dead);
			}
		});
	}

	private CompletionStage<List<Object>> owners(byte[][] alive) {
		if (!this.commands.isSpread()) {
			return this.commands.run(RedisScript.OWNERS, this.owners, alive);
		}
		CompletionStage<List<Object>> all = CompletableFuture.completedFuture(List.of(new byte[0]));
		for (int i = 0; i < this.owners.length; i++) {
			long partition = i;
			all = all.thenCombine(this.commands.run(RedisScript.OWNERS, new byte[][] { this.owners[i] }, alive)
				.exceptionally((failure) -> List.of(UNKNOWN)), (sum, reply) -> add(sum, reply, partition));
		}
		return all;
	}

	private static List<Object> add(List<Object> sum, List<Object> reply, long partition) {
		List<Object> result = new ArrayList<>(sum);
		result.set(0, RedisKeys.bytes(text(sum.get(0)) + text(reply.get(0))));
		for (int i = 1; i + 1 < reply.size(); i += 2) {
			result.add(partition);
			result.add(reply.get(i + 1));
		}
		return result;
	}

	private void seen(List<Object> reply, Set<String> dead) {
		String known = text(reply.get(0));
		for (PresencePartition partition : this.book.partitions()) {
			if (partition.isKnown() && known.charAt(partition.number()) == '0') {
				this.sync.lost(partition);
			}
		}
		Set<String> silent = new HashSet<>();
		for (int i = 1; i + 1 < reply.size(); i += 2) {
			String owner = text(reply.get(i + 1));
			silent.add(owner);
			if (isGone(owner)) {
				reap(Math.toIntExact((Long) reply.get(i)), owner);
			}
		}
		this.strangers.keySet().retainAll(silent);
		if (this.registry.isTrusted()) {
			dead.stream().filter((owner) -> !silent.contains(owner)).forEach(this.registry::forget);
		}
	}

	/** Nodes that nobody has heard of may just have started. */
	private boolean isGone(String owner) {
		boolean trusted = this.registry.isTrusted();
		if (this.registry.deadNodes().contains(owner)) {
			return trusted;
		}
		if (this.registry.liveNodes().contains(owner)) {
			return false;
		}
		long now = System.nanoTime();
		return now - this.strangers.computeIfAbsent(owner, (name) -> now) >= this.times.dead().toNanos() && trusted;
	}

	private void reap(int partition, String owner) {
		String task = partition + " " + owner;
		if (this.busy.add(task)) {
			reap(partition, owner, task);
		}
	}

	private void reap(int partition, String owner, String task) {
		byte[][] names = { this.keys.owners(partition), this.keys.places(partition, owner),
				this.keys.reaped(partition, owner) };
		this.commands
			.run(RedisScript.REAP, names, RedisKeys.bytes(owner), this.keys.members(partition),
					RedisKeys.bytes(MAX_MEMBERS), RedisKeys.bytes(REMEMBER_MILLIS))
			.whenComplete((reply, failure) -> {
				if (reply != null && reaped(reply)) {
					reap(partition, owner, task);
				}
				else {
					this.busy.remove(task);
				}
			});
	}

	/** Return whether there may be more. */
	private boolean reaped(List<Object> reply) {
		for (int i = 1; i + 2 < reply.size(); i += 3) {
			String room = text(reply.get(i));
			int occupancy = Math.toIntExact((Long) reply.get(i + 1));
			gone(room, KeptMember.read((byte[]) reply.get(i + 2)), occupancy);
		}
		return reply.get(0).equals(1L);
	}

	private void gone(String room, @Nullable KeptMember kept, int occupancy) {
		if (kept != null) {
			this.lanes.execute(room, () -> this.book.listener().gone(room, kept.member(), occupancy));
		}
	}

	private static String text(Object item) {
		return new String((byte[]) item, StandardCharsets.UTF_8);
	}

}
