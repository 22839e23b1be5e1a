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

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who is there, during one run of the relay: nodes, and members of rooms. Thread-safe;
 * only {@link #stop} blocks, for a moment.
 */
final class RedisPresence {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisRoomRelay.class));

	private static final long LEAVE_MILLIS = 500;

	private final PresenceBook book;

	private final NodeRegistry registry;

	private final PresenceSync sync;

	private final PresenceReaper reaper;

	private @Nullable Object connection;

	RedisPresence(PresenceBook book, RedisCommands commands, RedisKeys keys, String node, ReplyLanes lanes,
			NodeTimes times) {
		this.book = book;
		this.registry = new NodeRegistry(commands, keys, node, times);
		this.sync = new PresenceSync(book, commands, keys, this.registry, lanes);
		this.reaper = new PresenceReaper(book, this.sync, commands, keys, this.registry, lanes, times);
	}

	/**
	 * Return which nodes there are.
	 */
	NodeRegistry registry() {
		return this.registry;
	}

	PresenceSync sync() {
		return this.sync;
	}

	/**
	 * There is a connection to a Redis that belongs to this application. Being told so
	 * again has no effect.
	 */
	void connected(@Nullable Object current) {
		synchronized (this) {
			if (current == null || current == this.connection) {
				return;
			}
			this.connection = current;
		}
		this.registry.connected();
		this.sync.connected();
		this.reaper.connected();
	}

	/**
	 * There is a connection again to some of what belongs to this application.
	 */
	void returned() {
		this.sync.connected();
		this.reaper.connected();
	}

	/** There is none any more. */
	void disconnected() {
		this.registry.disconnected();
	}

	/**
	 * Do what is due. To be called regularly, by one thread.
	 */
	void check() {
		this.registry.check();
		this.sync.check();
		this.reaper.check();
	}

	/**
	 * Let the other nodes know that this one ends, while there is a connection.
	 */
	void stop() {
		try {
			this.registry.leave(this.book.isEmpty()).toCompletableFuture().get(LEAVE_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("leave", "Redis does not know yet that this node ends: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.sync.stop();
	}

}
