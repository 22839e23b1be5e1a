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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands on one connection. What several threads send at the same time is flushed
 * together. A connection that does not answer in time is given up. Thread-safe; nothing
 * blocks.
 */
final class LinkCommands implements RedisCommands {

	/** Why a connection is given up on which nothing has been answered for too long. */
	static final String NO_ANSWER = "no answer";

	private final RedisLink<StatefulRedisConnection<byte[], byte[]>> link;

	private final Executor flusher;

	private final long timeoutNanos;

	private final Mode mode;

	private final AtomicBoolean flushing = new AtomicBoolean();

	private final AtomicInteger inFlight = new AtomicInteger();

	private volatile long progress = System.nanoTime();

	LinkCommands(RedisLink<StatefulRedisConnection<byte[], byte[]>> link, Executor flusher, long timeoutNanos,
			Mode mode) {
		this.link = link;
		this.flusher = flusher;
		this.timeoutNanos = timeoutNanos;
		this.mode = mode;
	}

	@Override
	public CompletionStage<List<Object>> run(RedisScript script, byte[][] keys, byte[]... arguments) {
		RedisScript.Text text = (this.mode == Mode.SINGLE) ? script.plain() : script.sharded();
		if (this.mode == Mode.ASKING) {
			return send((commands) -> commands.eval(text.source(), ScriptOutputType.MULTI, keys, arguments));
		}
		CompletionStage<List<Object>> stage = send(
				(commands) -> commands.evalsha(text.digest(), ScriptOutputType.MULTI, keys, arguments));
		return stage.exceptionallyCompose((failure) -> isUnknownScript(failure)
				? send((commands) -> commands.eval(text.source(), ScriptOutputType.MULTI, keys, arguments))
				: CompletableFuture.failedFuture(failure));
	}

	private static boolean isUnknownScript(Throwable failure) {
		return failure instanceof RedisNoScriptException
				|| (failure instanceof CompletionException && failure.getCause() instanceof RedisNoScriptException);
	}

	@Override
	public <T> CompletionStage<T> send(byte[] key,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		return send(command);
	}

	/**
	 * Send a command, whatever its key is.
	 */
	<T> CompletionStage<T> send(Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		StatefulRedisConnection<byte[], byte[]> connection = this.link.connection();
		if (connection == null) {
			return CompletableFuture.failedFuture(new NotConnectedException());
		}
		if (this.inFlight.getAndIncrement() == 0) {
			this.progress = System.nanoTime();
		}
		CompletionStage<T> stage = dispatch(connection.async(), command).whenComplete(this::answered);
		flushSoon();
		return stage;
	}

	private <T> CompletionStage<T> dispatch(RedisAsyncCommands<byte[], byte[]> commands,
			Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
		if (this.mode != Mode.ASKING) {
			return command.apply(commands);
		}
		synchronized (this) {
			commands.asking();
			return command.apply(commands);
		}
	}

	private void answered(@Nullable Object value, @Nullable Throwable failure) {
		this.inFlight.decrementAndGet();
		this.progress = System.nanoTime();
	}

	private void flushSoon() {
		if (this.flushing.compareAndSet(false, true)) {
			this.flusher.execute(this::flush);
		}
	}

	private void flush() {
		this.flushing.set(false);
		StatefulRedisConnection<byte[], byte[]> connection = this.link.connection();
		if (connection != null) {
			connection.flushCommands();
		}
	}

	/**
	 * Give the connection up if nothing has been answered for too long. To be called
	 * regularly.
	 */
	void check() {
		if (this.inFlight.get() > 0 && System.nanoTime() - this.progress > this.timeoutNanos) {
			this.link.reset(NO_ANSWER);
		}
	}

	int inFlight() {
		return this.inFlight.get();
	}

	/**
	 * What is on the other end.
	 */
	enum Mode {

		/** A server that has everything. */
		SINGLE,

		/** A server of a cluster. */
		CLUSTER,

		/** A server of a cluster that is just being given what is asked for. */
		ASKING

	}

}
