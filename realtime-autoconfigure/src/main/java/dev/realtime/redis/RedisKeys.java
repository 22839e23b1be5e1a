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

/**
 * The names of keys and channels. Rooms are spread over partitions, whose number is the
 * hash tag of everything that belongs to the room, so that a script may touch it. Names
 * of rooms have no braces.
 */
final class RedisKeys {

	/** The partition of what belongs to no room. */
	static final int COMMON = 0;

	private final String prefix;

	private final int database;

	private final int partitions;

	/** Where in a key the number of the partition begins. */
	private final int tag;

	RedisKeys(RedisRelaySettings settings) {
		this.prefix = settings.keyPrefix();
		this.database = settings.database();
		this.partitions = settings.partitions();
		this.tag = bytes(this.prefix).length + 1;
	}

	/**
	 * Return the channel of a room.
	 */
	String channel(String room) {
		return name(partition(room), "c" + this.database, room);
	}

	/**
	 * Return the channel by which a node hears itself.
	 */
	String probeChannel(int partition, String node) {
		return name(partition, "p" + this.database, node);
	}

	/**
	 * Return the channel by which nodes hear what to do.
	 */
	String controlChannel() {
		return name(COMMON, "t" + this.database, "control");
	}

	/**
	 * Return the channel by which a node hears that others have done it.
	 */
	String answerChannel(String address) {
		return name(COMMON, "a" + this.database, address);
	}

	/**
	 * Return the keys of who is banned and who is not any more.
	 */
	byte[][] bans() {
		return new byte[][] { key(COMMON, "b", "banned"), key(COMMON, "b", "lifted") };
	}

	/**
	 * Return the keys of a room: meta, stream, ids.
	 */
	byte[][] stream(String room) {
		return stream(partition(room), room);
	}

	byte[][] stream(int partition, String room) {
		return new byte[][] { key(partition, "m", room), key(partition, "s", room), key(partition, "i", room) };
	}

	/**
	 * Return the key by which a publication with an idempotency key is found.
	 */
	byte[] idempotency(String room, String id) {
		return key(partition(room), "k", room + " " + id);
	}

	/**
	 * Return the key that says whose prefix it is.
	 */
	byte[] application() {
		return key(COMMON, "o", "application");
	}

	/**
	 * Return the key of the nodes.
	 */
	byte[] nodes() {
		return key(COMMON, "o", "nodes");
	}

	/**
	 * Return the key of the members of a room.
	 */
	byte[] members(String room) {
		return key(partition(room), "h", room);
	}

	/**
	 * Return what the keys of the members of all rooms of a partition begin with.
	 */
	byte[] members(int partition) {
		return key(partition, "h", "");
	}

	/**
	 * Return the key of the nodes that have members in a partition.
	 */
	byte[] owners(int partition) {
		return key(partition, "n", "owners");
	}

	/**
	 * Return the key of the places of a node's members in a partition.
	 */
	byte[] places(int partition, String owner) {
		return key(partition, "x", owner);
	}

	/**
	 * Return the key that is there once members of a dead node have been taken out.
	 */
	byte[] reaped(int partition, String owner) {
		return key(partition, "r", owner);
	}

	/**
	 * Return what all keys of a partition begin with. A script finds by it who is
	 * expected back in a room, {@code g:<room>}, and what belongs to other nodes.
	 */
	byte[] partitionPrefix(int partition) {
		return bytes(this.prefix + "{" + partition + "}:");
	}

	int partitions() {
		return this.partitions;
	}

	int partition(String room) {
		int hash = room.hashCode();
		return Math.floorMod(hash ^ (hash >>> 16), this.partitions);
	}

	/**
	 * Return the partition of a key.
	 */
	int partition(byte[] key) {
		int number = 0;
		for (int i = this.tag; key[i] != '}'; i++) {
			number = 10 * number + key[i] - '0';
		}
		return number;
	}

	byte[] key(int partition, String kind, String name) {
		return bytes(name(partition, kind, name));
	}

	private String name(int partition, String kind, String name) {
		return this.prefix + "{" + partition + "}:" + kind + ":" + name;
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static byte[] bytes(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
