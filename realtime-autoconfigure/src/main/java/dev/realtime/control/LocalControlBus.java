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

package dev.realtime.control;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * The bus of a node that is alone. Nothing has to be carried; bans are kept.
 *
 * @since 0.1.0
 */
public final class LocalControlBus implements ControlBus {

	private final BanStore bans;

	/**
	 * Create a bus.
	 * @param bans where bans are kept
	 */
	public LocalControlBus(BanStore bans) {
		this.bans = bans;
	}

	@Override
	public void listen(ControlListener listener) {
	}

	@Override
	public CompletionStage<@Nullable Void> broadcast(ControlMessage message) {
		if (message instanceof ControlMessage.Ban ban) {
			return this.bans.put(ban);
		}
		if (message instanceof ControlMessage.Unban lifted) {
			return this.bans.remove(lifted.user());
		}
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void send(ControlMessage message) {
	}

	@Override
	public BanStore bans() {
		return this.bans;
	}

}
