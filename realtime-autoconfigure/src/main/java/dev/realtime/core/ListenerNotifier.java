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
import java.util.function.Consumer;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeListener;
import dev.realtime.room.RoomObserver;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the listeners of the application what happens, in the order in which it happens
 * to a session and on the executor that its code runs on.
 */
final class ListenerNotifier implements RoomObserver {

	private static final Log logger = LogFactory.getLog(ListenerNotifier.class);

	private final List<RealtimeListener> listeners;

	ListenerNotifier(List<RealtimeListener> listeners) {
		this.listeners = listeners;
	}

	void connected(LocalSession session) {
		notify(session, (listener) -> listener.connected(session));
	}

	void disconnected(LocalSession session, DisconnectReason reason) {
		notify(session, (listener) -> listener.disconnected(session, reason));
	}

	@Override
	public void joined(Subscription subscription, boolean first) {
		LocalSession session = subscription.session();
		if (first) {
			notify(session, (listener) -> listener.roomOccupied(subscription.room()));
		}
		notify(session, (listener) -> listener.joined(session, subscription.room()));
	}

	@Override
	public void left(Subscription subscription, boolean last) {
		LocalSession session = subscription.session();
		notify(session, (listener) -> listener.left(session, subscription.room()));
		if (last) {
			notify(session, (listener) -> listener.roomVacated(subscription.room()));
		}
	}

	private void notify(LocalSession session, Consumer<RealtimeListener> event) {
		if (!this.listeners.isEmpty()) {
			session.runUserCode(() -> this.listeners.forEach((listener) -> tell(listener, event)));
		}
	}

	private void tell(RealtimeListener listener, Consumer<RealtimeListener> event) {
		try {
			event.accept(listener);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed: " + listener.getClass().getName(), ex);
		}
	}

}
