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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import dev.realtime.control.ControlMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Reads bans, and writes them back when Redis has lost them. They end by the clock of
 * Redis. Thread-safe; nothing blocks.
 */
final class RedisBans {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisBans.class));

	/** How many are written at a time. */
	private static final int CHUNK = 500;

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final Executor executor;

	/**
	 * Create an access to bans.
	 * @param executor where what has been read is taken
	 */
	RedisBans(RedisCommands commands, RedisKeys keys, Executor executor) {
		this.commands = commands;
		this.keys = keys;
		this.executor = executor;
	}

	CompletionStage<List<ControlMessage.Verdict>> all() {
		return this.commands.run(RedisScript.BANS, this.keys.bans()).thenApplyAsync(RedisBans::read, this.executor);
	}

	/** Gives the users that are banned, each with a time, then those that are not. */
	private static List<ControlMessage.Verdict> read(List<Object> reply) {
		List<ControlMessage.Verdict> verdicts = new ArrayList<>();
		int banned = Integer.parseInt(text(reply.get(0)));
		for (int i = 1; i < 1 + 2 * banned; i += 2) {
			String time = text(reply.get(i + 1));
			add(verdicts, text(reply.get(i)), time);
		}
		for (Object user : reply.subList(1 + 2 * banned, reply.size())) {
			verdicts.add(new ControlMessage.Unban(text(user)));
		}
		return verdicts;
	}

	private static void add(List<ControlMessage.Verdict> verdicts, String user, String time) {
		try {
			verdicts.add(new ControlMessage.Ban(user, time.isEmpty() ? null : Duration.ofMillis(Long.parseLong(time))));
		}
		catch (IllegalArgumentException ex) {
			logger.warn("ban", "Something among the bans in Redis is none");
		}
	}

	private static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
	}

	CompletionStage<@Nullable Void> restore(Collection<ControlMessage.Ban> bans) {
		logger.warn("restore", "Redis has lost bans, which this node writes back: " + bans.size());
		List<ControlMessage.Ban> all = List.copyOf(bans);
		CompletionStage<@Nullable Void> stage = CompletableFuture.completedFuture(null);
		for (int i = 0; i < all.size(); i += CHUNK) {
			List<ControlMessage.Ban> chunk = all.subList(i, Math.min(i + CHUNK, all.size()));
			stage = stage.thenCompose((nothing) -> write(chunk));
		}
		return stage;
	}

	private CompletionStage<@Nullable Void> write(List<ControlMessage.Ban> bans) {
		byte[][] arguments = new byte[2 * bans.size()][];
		for (int i = 0; i < bans.size(); i++) {
			arguments[2 * i] = RedisKeys.bytes(bans.get(i).user());
			arguments[2 * i + 1] = RedisKeys.bytes(ControlChange.time(bans.get(i)));
		}
		return this.commands.run(RedisScript.RESTORE, this.keys.bans(), arguments).thenApply((reply) -> null);
	}

}
