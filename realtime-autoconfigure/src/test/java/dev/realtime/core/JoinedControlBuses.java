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

package dev.realtime.core;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlBus;
import dev.realtime.control.ControlListener;
import dev.realtime.control.ControlMessage;
import dev.realtime.control.InMemoryBanStore;

/**
 * The buses of several engines, joined in memory. Each node hears on a thread of its own.
 */
final class JoinedControlBuses implements AutoCloseable {

	final List<ControlMessage> sent = new CopyOnWriteArrayList<>();

	private final List<Node> nodes = new CopyOnWriteArrayList<>();

	volatile BanStore bans = new InMemoryBanStore(System::nanoTime);

	Node add() {
		Node node = new Node();
		this.nodes.add(node);
		return node;
	}

	@Override
	public void close() {
		this.nodes.forEach((node) -> node.thread.shutdownNow());
	}

	/**
	 * The bus of one node.
	 */
	final class Node implements ControlBus {

		private final ExecutorService thread = Executors.newSingleThreadExecutor();

		private volatile ControlListener listener;

		private volatile boolean cut;

		void cut(boolean cut) {
			this.cut = cut;
		}

		/** Join it again. */
		void heal() {
			this.cut = false;
			this.listener.resumed();
		}

		void resume() {
			this.listener.resumed();
		}

		@Override
		public void listen(ControlListener listener) {
			this.listener = listener;
		}

		@Override
		public CompletionStage<Void> broadcast(ControlMessage message) {
			JoinedControlBuses.this.sent.add(message);
			if (this.cut) {
				return unavailable();
			}
			if (message instanceof ControlMessage.Ban ban) {
				JoinedControlBuses.this.bans.put(ban);
			}
			if (message instanceof ControlMessage.Unban lifted) {
				JoinedControlBuses.this.bans.remove(lifted.user());
			}
			return CompletableFuture.allOf(JoinedControlBuses.this.nodes.stream()
				.filter((node) -> node != this)
				.map((node) -> node.hear(message))
				.toArray(CompletableFuture[]::new));
		}

		private CompletableFuture<Void> hear(ControlMessage message) {
			return this.cut ? unavailable()
					: CompletableFuture.supplyAsync(() -> this.listener.handle(message), this.thread)
						.thenCompose((stage) -> stage);
		}

		private static CompletableFuture<Void> unavailable() {
			return CompletableFuture.failedFuture(new RelayUnavailableException("cut", null));
		}

		@Override
		public void send(ControlMessage message) {
			broadcast(message);
		}

		@Override
		public BanStore bans() {
			if (this.cut) {
				throw new RelayUnavailableException("cut", null);
			}
			return JoinedControlBuses.this.bans;
		}

	}

}
