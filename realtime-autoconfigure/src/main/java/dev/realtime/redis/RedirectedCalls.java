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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends commands to the servers of a cluster and follows where these point. Thread-safe;
 * nothing blocks.
 */
final class RedirectedCalls {

	private static final long TRY_AGAIN_MILLIS = 100;

	private static final int MAX_REDIRECTIONS = 5;

	private final ClusterServers servers;

	private final ScheduledExecutorService worker;

	private final long timeoutNanos;

	RedirectedCalls(ClusterServers servers, ScheduledExecutorService worker, long timeoutNanos) {
		this.servers = servers;
		this.worker = worker;
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Call the server that has a partition.
	 * @param call what to do there, perhaps more than once
	 */
	<T> CompletionStage<T> call(int partition, Function<LinkCommands, CompletionStage<T>> call) {
		return start(new Call<>(partition, call, System.nanoTime() + this.timeoutNanos), 0);
	}

	private <T> CompletionStage<T> start(Call<T> call, int redirections) {
		RedisEndpoint owner = this.servers.endpoint(call.partition());
		return (owner != null) ? follow(call, call.action().apply(owner.commands()), redirections)
				: CompletableFuture.failedFuture(new NotConnectedException());
	}

	private <T> CompletionStage<T> follow(Call<T> call, CompletionStage<T> answer, int redirections) {
		return answer.exceptionallyCompose((failure) -> {
			Redirection redirection = Redirection.of(failure);
			if (redirection == null || redirections == MAX_REDIRECTIONS || System.nanoTime() - call.deadline() >= 0) {
				return CompletableFuture.failedFuture(failure);
			}
			return switch (redirection.kind()) {
				case MOVED -> {
					RedisEndpoint to = this.servers.endpoint(redirection.host(), redirection.port());
					this.servers.moved(call.partition(), to);
					yield follow(call, call.action().apply(to.commands()), redirections + 1);
				}
				case ASK -> {
					RedisEndpoint to = this.servers.endpoint(redirection.host(), redirection.port());
					yield follow(call, call.action().apply(to.asking()), redirections + 1);
				}
				case TRYAGAIN -> later().thenCompose((nothing) -> start(call, redirections));
			};
		});
	}

	private CompletionStage<?> later() {
		CompletableFuture<?> later = new CompletableFuture<>();
		this.worker.schedule(() -> later.complete(null), TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
		return later;
	}

	/**
	 * Something to do.
	 *
	 * @param partition where
	 * @param action what
	 * @param deadline when to give up, by the monotonic clock
	 */
	private record Call<T>(int partition, Function<LinkCommands, CompletionStage<T>> action, long deadline) {

	}

}
