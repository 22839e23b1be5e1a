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

/**
 * How a {@link RedisServer} is started. Nothing is kept on disk unless it is said so.
 */
public final class RedisServerOptions {

	private final List<String> lines = new ArrayList<>();

	private int port;

	private String password;

	private boolean debug;

	private boolean sentinel;

	/**
	 * Use a certain port instead of any free one.
	 * @param port the port
	 * @return these options
	 */
	public RedisServerOptions port(int port) {
		this.port = port;
		return this;
	}

	/**
	 * Keep the data in an append-only file, so that a restart finds it.
	 * @param fsync when it is forced to the disk: {@code always}, {@code everysec} or
	 * {@code no}; a killed process loses nothing that it acknowledged in any case
	 * @return these options
	 */
	public RedisServerOptions appendOnly(String fsync) {
		return line("appendonly yes").line("appendfsync " + fsync);
	}

	/**
	 * Require a password, also for replicas of this server and of its master.
	 * @param password the password
	 * @return these options
	 */
	public RedisServerOptions password(String password) {
		this.password = password;
		return line("requirepass " + password).line("masterauth " + password);
	}

	/**
	 * Add a user.
	 * @param rules the name and the rules, for instance
	 * {@code app on >secret ~* &* +@all -@scripting}
	 * @return these options
	 */
	public RedisServerOptions user(String rules) {
		return line("user " + rules);
	}

	/**
	 * Limit the memory.
	 * @param limit the limit, for instance {@code 8mb}
	 * @param policy what happens above it, for instance {@code noeviction}
	 * @return these options
	 */
	public RedisServerOptions maxMemory(String limit, String policy) {
		return line("maxmemory " + limit).line("maxmemory-policy " + policy);
	}

	/**
	 * Be a replica.
	 * @param host the host of the master
	 * @param port the port of the master
	 * @return these options
	 */
	public RedisServerOptions replicaOf(String host, int port) {
		return line("replicaof " + host + " " + port);
	}

	/**
	 * Refuse to write without replicas.
	 * @param count how many there have to be
	 * @return these options
	 */
	public RedisServerOptions minReplicasToWrite(int count) {
		return line("min-replicas-to-write " + count);
	}

	/**
	 * Be a sentinel instead of a server.
	 * @return these options
	 */
	public RedisServerOptions sentinel() {
		this.sentinel = true;
		return this;
	}

	/**
	 * Allow {@code DEBUG}. Redis before 7 always does.
	 * @return these options
	 */
	public RedisServerOptions debugCommand() {
		this.debug = true;
		return this;
	}

	/**
	 * Add a line of {@code redis.conf}.
	 * @param line the line
	 * @return these options
	 */
	public RedisServerOptions line(String line) {
		this.lines.add(line);
		return this;
	}

	boolean isSentinel() {
		return this.sentinel;
	}

	int port() {
		return this.port;
	}

	String password() {
		return this.password;
	}

	List<String> configuration(int majorVersion) {
		List<String> all = new ArrayList<>();
		if (!this.sentinel) {
			all.addAll(List.of("save \"\"", "repl-diskless-sync-delay 0"));
		}
		if (this.debug && majorVersion >= 7) {
			all.add("enable-debug-command local");
		}
		all.addAll(this.lines);
		return all;
	}

}
