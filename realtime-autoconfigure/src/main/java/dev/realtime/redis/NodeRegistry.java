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
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes there are. Each says regularly that it is alive, by the clock of Redis. A
 * name is that of the node and a random incarnation, {@code node#incarnation}, so that a
 * node that starts again is another one; so is one that comes back after it has been
 * taken for dead. Thread-safe; nothing blocks. Listeners are called by the driver's
 * threads, without a lock.
 */
final class NodeRegistry {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisRoomRelay.class));

	private final List<Listener> listeners = new CopyOnWriteArrayList<>();

	private final RedisCommands commands;

	private final byte[] key;

	private final String node;

	private final NodeTimes times;

	private volatile String owner;

	private volatile Set<String> live = Set.of();

	private volatile Set<String> dead = Set.of();

	private volatile boolean up;

	private volatile boolean again;

	private volatile long since = System.nanoTime();

	private boolean known;

	private boolean beating;

	private long last;

	NodeRegistry(RedisCommands commands, RedisKeys keys, String node, NodeTimes times) {
		this.commands = commands;
		this.key = keys.nodes();
		this.node = node.replaceAll("\\p{Cntrl}", "_");
		this.times = times;
		this.owner = incarnate();
	}

	private String incarnate() {
		return this.node + "#" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
	}

	void listen(Listener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Return this node with its incarnation.
	 */
	String owner() {
		return this.owner;
	}

	/**
	 * Return which nodes were alive when this one last said that it is, itself among
	 * them.
	 */
	Set<String> liveNodes() {
		return this.live;
	}

	/**
	 * Return which nodes had been silent for too long by then. They stay until they are
	 * {@link #forget forgotten}.
	 */
	Set<String> deadNodes() {
		return this.dead;
	}

	/**
	 * Return whether nothing of a node counts any more. After the connection was lost all
	 * nodes count for a while, since Redis may not have heard any of them.
	 */
	boolean isDead(String owner) {
		return this.dead.contains(owner) && (!this.again || isTrusted());
	}

	/**
	 * Return whether there has been a connection for so long that every node that is
	 * alive must have been heard.
	 */
	boolean isTrusted() {
		return this.up && System.nanoTime() - this.since >= this.times.dead().toNanos();
	}

	/**
	 * Return whether there is a Redis that belongs to this application.
	 */
	boolean isUp() {
		return this.up;
	}

	/** There is a connection. */
	void connected() {
		synchronized (this) {
			this.since = System.nanoTime();
			this.last = this.since - this.times.beat().toNanos();
			this.up = true;
		}
		check();
	}

	/** There is none any more. */
	void disconnected() {
		this.up = false;
		this.again = true;
	}

	/**
	 * Say that this node is alive, if it is time. To be called regularly.
	 */
	void check() {
		boolean first;
		synchronized (this) {
			long now = System.nanoTime();
			if (!this.up || this.beating || now - this.last < this.times.beat().toNanos()) {
				return;
			}
			this.last = now;
			this.beating = true;
			first = !this.known;
		}
		this.commands
			.run(RedisScript.BEAT, new byte[][] { this.key }, RedisKeys.bytes(this.owner),
					RedisKeys.bytes(this.times.dead().toMillis()), RedisKeys.bytes(first ? 0 : 1))
			.whenComplete(this::beaten);
	}

	private void beaten(@Nullable List<Object> reply, @Nullable Throwable failure) {
		boolean renewed;
		synchronized (this) {
			this.beating = false;
			if (reply == null) {
				return;
			}
			renewed = reply.get(0).equals(0L);
			this.known = !renewed;
			if (renewed) {
				renew();
			}
			else {
				read(reply);
			}
		}
		for (Listener listener : this.listeners) {
			if (renewed) {
				listener.renewed();
			}
			else {
				listener.beaten();
			}
		}
		check();
	}

	/**
	 * Go on as another one, since an incarnation of this node has been taken for dead.
	 */
	void disown(String dead) {
		synchronized (this) {
			if (!this.owner.equals(dead)) {
				return;
			}
			this.known = false;
			renew();
		}
		this.listeners.forEach(Listener::renewed);
		check();
	}

	private void renew() {
		logger.warn("renewed", "Redis has not heard of this node for some time, or has forgotten it");
		this.owner = incarnate();
		this.again = true;
		this.since = System.nanoTime();
		this.last = this.since - this.times.beat().toNanos();
	}

	private void read(List<Object> reply) {
		Set<String> alive = new HashSet<>();
		Set<String> silent = new HashSet<>();
		for (int i = 1; i + 1 < reply.size(); i += 2) {
			String name = new String((byte[]) reply.get(i), StandardCharsets.UTF_8);
			(reply.get(i + 1).equals(1L) ? alive : silent).add(name);
		}
		this.live = Set.copyOf(alive);
		this.dead = Set.copyOf(silent);
	}

	/**
	 * Remove a dead node of which nothing is left.
	 */
	void forget(String dead) {
		this.commands.send(this.key, (redis) -> redis.zrem(this.key, RedisKeys.bytes(dead)));
	}

	/**
	 * This node ends.
	 * @param clean whether nothing is left of it; otherwise it counts as dead at once, so
	 * that the others clean up
	 */
	CompletionStage<?> leave(boolean clean) {
		if (!this.up) {
			return CompletableFuture.completedFuture(null);
		}
		this.up = false;
		byte[] name = RedisKeys.bytes(this.owner);
		return this.commands.send(this.key,
				(redis) -> clean ? redis.zrem(this.key, name) : redis.zadd(this.key, 0, name));
	}

	/**
	 * Return this node and the others that are alive.
	 */
	List<String> ownFirst() {
		List<String> all = new ArrayList<>();
		String own = this.owner;
		all.add(own);
		this.live.stream().filter((name) -> !name.equals(own)).forEach(all::add);
		return all;
	}

	/**
	 * Is told what Redis knows of the nodes.
	 */
	interface Listener {

		/**
		 * This node has said that it is alive.
		 */
		void beaten();

		/**
		 * This node has been taken for dead or forgotten, and is another one now.
		 */
		void renewed();

	}

}
