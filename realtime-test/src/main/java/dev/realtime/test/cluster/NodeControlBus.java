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

package dev.realtime.test.cluster;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import org.jspecify.annotations.Nullable;

/**
 * The control bus of one node. Thread-safe.
 */
final class NodeControlBus implements ControlBus, BanStore {

	private final Hub hub;

	private final Cable cable;

	private volatile @Nullable ControlListener listener;

	NodeControlBus(Hub hub, Cable cable) {
		this.hub = hub;
		this.cable = cable;
	}

	@Override
	public void listen(ControlListener listener) {
		this.listener = listener;
		this.hub.join(this);
	}

	/**
	 * The node is gone: nobody waits for it.
	 */
	void close() {
		this.hub.leave(this);
	}

	/**
	 * Messages arrive again.
	 */
	void heal() {
		ControlListener told = this.listener;
		if (told != null) {
			told.resumed();
		}
	}

	/**
	 * Let this node do what another one asks for.
	 * @return a stage that fails if the message is lost
	 */
	CompletableFuture<@Nullable Void> deliver(ControlMessage message) {
		CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
		this.cable.send(new Order(this.listener, message, done));
		return done;
	}

	@Override
	public CompletionStage<@Nullable Void> broadcast(ControlMessage message) {
		return this.cable.ask(() -> this.hub.broadcast(this, message));
	}

	@Override
	public void send(ControlMessage message) {
		broadcast(message);
	}

	@Override
	public BanStore bans() {
		return this;
	}

	@Override
	public CompletionStage<@Nullable Void> put(ControlMessage.Ban ban) {
		return this.cable.ask(() -> this.hub.bans().put(ban));
	}

	@Override
	public CompletionStage<@Nullable Void> remove(String user) {
		return this.cable.ask(() -> this.hub.bans().remove(user));
	}

	@Override
	public CompletionStage<List<ControlMessage.Verdict>> all() {
		return this.cable.ask(() -> this.hub.bans().all());
	}

	@Override
	public CompletionStage<@Nullable Void> restore(Collection<ControlMessage.Ban> bans) {
		return this.cable.ask(() -> this.hub.bans().restore(bans));
	}

	/**
	 * A message on its way to the node.
	 */
	private record Order(@Nullable ControlListener listener, ControlMessage message,
			CompletableFuture<@Nullable Void> done) implements Cable.Parcel {

		@Override
		public void arrived() {
			ControlListener told = this.listener;
			if (told == null) {
				this.done.complete(null);
				return;
			}
			told.handle(this.message).whenComplete((nothing, failure) -> {
				if (failure == null) {
					this.done.complete(null);
				}
			});
		}

		@Override
		public void lost() {
			this.done.completeExceptionally(new RelayUnavailableException("A node has not confirmed it", null));
		}

	}

}
