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

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.lettuce.core.api.async.RedisAsyncCommands;

/**
 * Sends commands to where their keys are. Thread-safe; nothing blocks.
 */
interface RedisCommands {

	/**
	 * Return whether each partition may be in another place.
	 */
	default boolean isSpread() {
		return false;
	}

	/**
	 * Run a script.
	 * @param script the script
	 * @param keys the keys that it touches, all of them in one place
	 * @param arguments the other arguments
	 * @return what it returns: texts as byte arrays, and numbers
	 */
	CompletionStage<List<Object>> run(RedisScript script, byte[][] keys, byte[]... arguments);

	/**
	 * Send a command.
	 * @param key the key that it touches
	 * @param command the command
	 */
	<T> CompletionStage<T> send(byte[] key, Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command);

}
