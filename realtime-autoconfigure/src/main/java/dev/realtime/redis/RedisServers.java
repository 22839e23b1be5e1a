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

import dev.realtime.relay.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * The servers that make up one Redis, and which of them has what. Thread-safe.
 */
interface RedisServers extends RedisCommands {

	/**
	 * Begin to connect.
	 * @param subscriptions what is to be subscribed to on the connections
	 */
	void start(RedisSubscriptions subscriptions);

	void stop();

	/**
	 * Do what is due. To be called regularly, by the worker.
	 */
	void check();

	/**
	 * Return what is known of all of them together.
	 */
	RelayState state();

	/**
	 * Return what is known of the one that has a partition.
	 */
	RelayState state(int partition);

	/**
	 * Return which one has a partition.
	 * @return the server, or {@code null} if that is not known
	 */
	@Nullable RedisEndpoint endpoint(int partition);

	/**
	 * Look soon where what is.
	 */
	void lookSoon();

	/**
	 * Return the connection by which commands for a key are sent, if there is one.
	 */
	@Nullable Object connection(byte[] key);

}
