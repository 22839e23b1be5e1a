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

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The control bus of this node, which outlives the runs of its relay. Thread-safe;
 * nothing blocks.
 */
final class RedisControlBus implements ControlBus, BanStore, ControlListener {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisControlBus.class));

	private final Supplier<@Nullable RedisNode> running;

	private volatile @Nullable ControlListener listener;

	/**
	 * Create a bus.
	 * @param running the current run of the relay, or null
	 */
	RedisControlBus(Supplier<@Nullable RedisNode> running) {
		this.running = running;
	}

	@Override
	public void listen(ControlListener listener) {
		this.listener = listener;
	}

	@Override
	public CompletionStage<@Nullable Void> broadcast(ControlMessage message) {
		return with((node) -> node.sender().broadcast(message));
	}

	@Override
	public void send(ControlMessage message) {
		with((node) -> node.sender().send(message)).exceptionally((failure) -> {
			logger.warn("send", "Other nodes do not get something that is sent to a user: "
					+ RedisNode.unwrap(failure).getMessage());
			return null;
		});
	}

	@Override
	public BanStore bans() {
		return this;
	}

	@Override
	public CompletionStage<@Nullable Void> put(ControlMessage.Ban ban) {
		return with((node) -> node.sender().send(ban)).thenApply((reply) -> null);
	}

	@Override
	public CompletionStage<@Nullable Void> remove(String user) {
		return with((node) -> node.sender().send(new ControlMessage.Unban(user))).thenApply((reply) -> null);
	}

	@Override
	public CompletionStage<List<ControlMessage.Verdict>> all() {
		return with((node) -> node.bans().all());
	}

	@Override
	public CompletionStage<@Nullable Void> restore(Collection<ControlMessage.Ban> bans) {
		return with((node) -> node.bans().restore(bans));
	}

	private <T extends @Nullable Object> CompletionStage<T> with(Function<RedisNode, CompletionStage<T>> action) {
		RedisNode node = this.running.get();
		RelayUnavailableException refused = (node != null) ? node.refusal(RedisKeys.COMMON)
				: new RelayUnavailableException("The relay is stopped", null);
		if (node == null || refused != null) {
			return CompletableFuture.failedFuture((refused != null) ? refused : new IllegalStateException());
		}
		return action.apply(node);
	}

	@Override
	public CompletionStage<@Nullable Void> handle(ControlMessage message) {
		ControlListener told = this.listener;
		return (told != null) ? told.handle(message) : CompletableFuture.completedFuture(null);
	}

	@Override
	public void resumed() {
		ControlListener told = this.listener;
		if (told != null) {
			told.resumed();
		}
	}

}
