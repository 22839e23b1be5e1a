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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.relay.RelayState;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * One server, or the one that sentinels name, has everything.
 */
final class SingleServer implements RedisServers {

	private final Function<SubscriptionLine.Owner, RedisEndpoint> factory;

	private final int partitions;

	private volatile @Nullable RedisEndpoint endpoint;

	SingleServer(Function<SubscriptionLine.Owner, RedisEndpoint> factory, int partitions) {
		this.factory = factory;
		this.partitions = partitions;
	}

	@Override
	public void start(RedisSubscriptions subscriptions) {
		RedisEndpoint made = this.factory.apply(subscriptions);
		this.endpoint = made;
		made.probeWith(RedisKeys.COMMON);
		for (int i = 0; i < this.partitions; i++) {
			subscriptions.assign(i, made.line());
		}
		made.start();
	}

	@Override
	public void stop() {
		RedisEndpoint current = this.endpoint;
		if (current != null) {
			current.stop();
		}
	}

	@Override
	public void check() {
		RedisEndpoint current = this.endpoint;
		if (current != null) {
			current.check();
		}
	}

	@Override
	public RelayState state() {
		RedisEndpoint current = this.endpoint;
		return (current != null) ? current.state() : RelayState.DOWN;
	}

	@Override
	public RelayState state(int partition) {
		return state();
	}

	@Override
	public @Nullable RedisEndpoint endpoint(int partition) {
		return this.endpoint;
	}

	@Override
	public void lookSoon() {
	}

	@Override
	public @Nullable Object connection(byte[] key) {
		RedisEndpoint current = this.endpoint;
		return (current != null) ? current.connection() : null;
	}

	@Override
	public CompletionStage<List<Object>> run(RedisScript script, byte[][] keys, byte[]... arguments) {
		RedisEndpoint current = this.endpoint;
		return (current != null) ? current.commands().run(script, keys, arguments)
				: CompletableFuture.failedFuture(new NotConnectedException());
	}

	@Override
	public <T> CompletionStage<T> send(byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		RedisEndpoint current = this.endpoint;
		return (current != null) ? current.commands().send(command)
				: CompletableFuture.failedFuture(new NotConnectedException());
	}

}
