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

import java.util.concurrent.CompletionStage;

import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

/**
 * The relay of one node. Thread-safe.
 */
final class NodeRelay implements RoomRelay {

	private final Hub hub;

	private final Cable cable;

	NodeRelay(Hub hub, Cable cable) {
		this.hub = hub;
		this.cable = cable;
	}

	@Override
	public CompletionStage<StreamPosition> subscribe(String room, RoomSettings settings, RelaySubscriber subscriber) {
		return this.cable.ask(() -> this.hub.subscribe(new Link(room, settings, this.cable, subscriber)));
	}

	@Override
	public void unsubscribe(String room, RelaySubscriber subscriber) {
		this.hub.unsubscribe(room, this.cable, subscriber);
	}

	@Override
	public CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings) {
		return this.cable.ask(() -> this.hub.streams().publish(message, settings));
	}

	@Override
	public CompletionStage<History> history(String room, RoomSettings settings, HistoryQuery query) {
		return this.cable.ask(() -> this.hub.streams().history(room, settings, query));
	}

	@Override
	public CompletionStage<@Nullable Void> removeHistory(String room, RoomSettings settings) {
		return this.cable.ask(() -> this.hub.streams().removeHistory(room, settings));
	}

}
