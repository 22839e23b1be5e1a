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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import dev.realtime.Member;
import dev.realtime.RelayUnavailableException;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells Redis who is on this node, during one run of the relay. Who waits for it waits
 * for less than half a second; what could not be told by then is told later. Thread-safe;
 * nothing blocks. What waits is completed by the reply lanes.
 */
final class PresenceSync implements NodeRegistry.Listener {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(PresenceSync.class));

	/** With what the regular check takes it is less than half a second. */
	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(350);

	private static final byte[] NOTHING = new byte[0];

	private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(200);

	private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

	private final PresenceBook book;

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final NodeRegistry registry;

	private final ReplyLanes lanes;

	private volatile boolean stopped;

	PresenceSync(PresenceBook book, RedisCommands commands, RedisKeys keys, NodeRegistry registry, ReplyLanes lanes) {
		this.book = book;
		this.commands = commands;
		this.keys = keys;
		this.registry = registry;
		this.lanes = lanes;
		book.partitions().forEach(PresencePartition::restart);
		registry.listen(this);
	}

	/**
	 * Note who is in a place, and let Redis know.
	 * @param patient whether to wait as long as it takes
	 * @return a stage that completes with what Redis says: the number of members, or for
	 * one that takes the place of another the negative number
	 */
	CompletionStage<Integer> change(Place place, @Nullable BookedMember member, boolean patient) {
		CompletableFuture<Integer> answer = new CompletableFuture<>();
		PresencePartition partition = this.book.partition(place.room());
		if (member == null && partition.forgetLost(place)) {
			complete(place.room(), answer, 0L);
			return answer;
		}
		List<CompletableFuture<Integer>> done = partition.want(place, member, answer);
		if (done.isEmpty()) {
			if (!patient) {
				this.waiting.add(new Waiting(place.room(), answer, System.nanoTime() + PATIENCE));
			}
			tell(partition);
		}
		done.forEach((each) -> complete(place.room(), each, 1L));
		return answer;
	}

	private void tell(PresencePartition partition) {
		if (!this.registry.isUp()) {
			return;
		}
		Map<Place, PresenceChange> changes = partition.take(System.nanoTime());
		if (changes != null) {
			String owner = this.registry.owner();
			call(partition.number(), owner, changes).whenComplete((reply, failure) -> {
				if (reply == null) {
					failed(partition, changes, failure);
				}
				else if (reply.get(0).equals(-1L)) {
					partition.refused(changes, System.nanoTime() + RETRY);
					this.registry.disown(owner);
				}
				else {
					told(partition, owner, changes, reply);
				}
			});
		}
	}

	private CompletionStage<List<Object>> call(int partition, String owner, Map<Place, PresenceChange> changes) {
		List<byte[]> names = new ArrayList<>(changes.size() + 2);
		List<byte[]> arguments = new ArrayList<>(6 * changes.size() + 2);
		names.add(this.keys.owners(partition));
		names.add(this.keys.places(partition, owner));
		arguments.add(RedisKeys.bytes(owner));
		arguments.add(this.keys.partitionPrefix(partition));
		changes.forEach((place, change) -> {
			names.add(this.keys.members(place.room()));
			arguments.add(RedisKeys.bytes(place.session()));
			arguments.add(place.bytes());
			addEntry(arguments, owner, change);
			arguments.add(RedisKeys.bytes(change.known()));
		});
		return this.commands.run(RedisScript.PRESENCE, names.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
	}

	/** What is kept, by what it is recognized, how long it is expected back. */
	private static void addEntry(List<byte[]> arguments, String owner, PresenceChange change) {
		BookedMember entry = change.entry();
		if (entry == null) {
			arguments.addAll(List.of(NOTHING, RedisKeys.bytes(change.likeness()), NOTHING));
			return;
		}
		arguments.add(new KeptMember(owner, false, entry.member()).bytes());
		arguments.add(change.isAgain() ? NOTHING : RedisKeys.bytes(entry.likeness()));
		long millis = TimeUnit.NANOSECONDS.toMillis(entry.until() - System.nanoTime());
		arguments.add(entry.isExpected() ? RedisKeys.bytes(Math.max(millis, 1)) : NOTHING);
	}

	private void told(PresencePartition partition, String owner, Map<Place, PresenceChange> changes,
			List<Object> reply) {
		Iterator<Object> results = reply.subList(1, reply.size()).iterator();
		List<Runnable> answers = new ArrayList<>(changes.size());
		for (PresenceChange change : changes.values()) {
			Object result = results.next();
			if (change.isAgain() && result.equals(0L)) {
				lost(partition, change);
			}
			else {
				partition.owned(change, owner);
			}
			answers.add(() -> answer(change, result));
		}
		partition.told(changes, reply.get(0).equals(1L), System.nanoTime());
		answers.forEach(Runnable::run);
		tell(partition);
	}

	private void answer(PresenceChange change, Object result) {
		Object told = (change.entry() == null && result.equals(-1L)) ? unknown(change) : result;
		change.answers().forEach((answer) -> complete(change.place().room(), answer, told));
	}

	/** Redis did not know who is gone now: perhaps since an earlier attempt succeeded. */
	private static Object unknown(PresenceChange change) {
		return change.sure() ? 0L : 1L;
	}

	/** Others have been told that somebody is gone who is here. */
	private void lost(PresencePartition partition, PresenceChange change) {
		Place place = change.place();
		if (partition.lose(change)) {
			this.lanes.execute(place.room(), () -> this.book.listener().lost(place.room(), place.session()));
		}
	}

	private void complete(String room, CompletableFuture<Integer> answer, Object result) {
		this.lanes.execute(room, () -> {
			if (result instanceof Long count) {
				answer.complete(count.intValue());
				return;
			}
			String error = new String((byte[]) result, StandardCharsets.UTF_8);
			logger.warn("refused", "Redis cannot keep the members of a room: " + error);
			answer.completeExceptionally(new RelayUnavailableException("Redis: " + error, null));
		});
	}

	private void failed(PresencePartition partition, Map<Place, PresenceChange> changes, @Nullable Throwable failure) {
		partition.failed(changes, System.nanoTime() + RETRY);
		if (!this.stopped) {
			String message = (failure != null) ? String.valueOf(RedisNode.unwrap(failure).getMessage()) : "no answer";
			logger.warn(RedisFailure.code(message), "Redis does not know of the latest members: " + message);
		}
	}

	/**
	 * Return who is in a room, on this node and on those that are alive.
	 */
	CompletionStage<List<Member>> members(String room) {
		CompletableFuture<List<Member>> result = new CompletableFuture<>();
		byte[] key = this.keys.members(room);
		this.commands.send(key, (redis) -> redis.hvals(key))
			.whenComplete((found, failure) -> this.lanes.execute(room, () -> {
				if (found != null) {
					result.complete(merge(room, found));
				}
				else {
					result.completeExceptionally(failure);
				}
			}));
		return result;
	}

	private List<Member> merge(String room, List<byte[]> found) {
		Map<String, Member> all = new LinkedHashMap<>();
		for (byte[] bytes : found) {
			KeptMember kept = KeptMember.read(bytes);
			if (kept != null && (kept.expected() || isThere(kept.owner()))) {
				all.put(kept.member().session(), kept.member());
			}
		}
		this.book.partition(room).members(room).forEach((member) -> all.put(member.session(), member));
		return List.copyOf(all.values());
	}

	private boolean isThere(String owner) {
		return !owner.equals(this.registry.owner()) && !this.registry.isDead(owner);
	}

	/** There is a connection. */
	void connected() {
		this.book.partitions().forEach(PresencePartition::tellRecent);
		tellAll();
	}

	@Override
	public void beaten() {
	}

	@Override
	public void renewed() {
		this.book.partitions().forEach(PresencePartition::tellAll);
		tellAll();
	}

	private void tellAll() {
		this.book.partitions().forEach(this::tell);
	}

	/**
	 * Redis has lost what it knew of this node in a partition.
	 */
	void lost(PresencePartition partition) {
		partition.tellAll();
		tell(partition);
	}

	/**
	 * Try again what is due, and let those fail that have waited for too long. To be
	 * called regularly.
	 */
	void check() {
		tellAll();
		expire(System.nanoTime());
	}

	private void expire(long now) {
		Waiting first = this.waiting.peek();
		while (first != null && (first.answer().isDone() || now - first.deadline() >= 0)) {
			this.waiting.poll();
			fail(first, "no confirmation in time");
			first = this.waiting.peek();
		}
	}

	private void fail(Waiting late, String reason) {
		if (!late.answer().isDone()) {
			this.lanes.execute(late.room(),
					() -> late.answer().completeExceptionally(new RelayUnavailableException("Redis: " + reason, null)));
		}
	}

	/**
	 * Let everything fail that is waiting.
	 */
	void stop() {
		this.stopped = true;
		this.waiting.forEach((late) -> fail(late, "stopped"));
		this.waiting.clear();
	}

	/**
	 * Somebody who waits.
	 */
	private record Waiting(String room, CompletableFuture<Integer> answer, long deadline) {

	}

}
