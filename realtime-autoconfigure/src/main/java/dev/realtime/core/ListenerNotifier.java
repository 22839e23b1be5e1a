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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeListener;
import dev.realtime.presence.PresenceStore;
import dev.realtime.room.RoomObserver;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import dev.realtime.session.Wheel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the listeners of the application what happens, in the order in which it happens
 * to a session and on the executor that its code runs on.
 */
final class ListenerNotifier implements RoomObserver {

	private static final Log logger = LogFactory.getLog(ListenerNotifier.class);

	private final List<RealtimeListener> listeners;

	private final RoomOccupancy occupancy;

	/**
	 * Create a notifier.
	 * @param listeners the listeners of the application
	 * @param presence knows which rooms other nodes have sessions in
	 * @param grace for how long a room counts as occupied after its last session is lost
	 * @param wheel measures that
	 * @param executor where the application's code runs
	 */
	ListenerNotifier(List<RealtimeListener> listeners, PresenceStore presence, Duration grace, Wheel wheel,
			Executor executor) {
		this.listeners = listeners;
		this.occupancy = new RoomOccupancy(listeners, presence, grace, wheel, executor, this::notify);
	}

	RoomOccupancy occupancy() {
		return this.occupancy;
	}

	void connected(LocalSession session) {
		notify(session::runUserCode, (listener) -> listener.connected(session));
	}

	void disconnected(LocalSession session, DisconnectReason reason) {
		notify(session::runUserCode, (listener) -> listener.disconnected(session, reason));
	}

	@Override
	public void joined(Subscription subscription, boolean first) {
		LocalSession session = subscription.session();
		if (first) {
			this.occupancy.occupied(subscription.room(), session);
		}
		notify(session::runUserCode, (listener) -> listener.joined(session, subscription.room()));
	}

	@Override
	public void left(Subscription subscription, boolean last, boolean lost) {
		LocalSession session = subscription.session();
		notify(session::runUserCode, (listener) -> listener.left(session, subscription.room()));
		if (last) {
			this.occupancy.vacated(subscription.room(), session, lost);
		}
	}

	private void notify(Executor executor, RoomOccupancy.Event event) {
		if (!this.listeners.isEmpty()) {
			executor.execute(() -> this.listeners.forEach((listener) -> tell(listener, event)));
		}
	}

	private void tell(RealtimeListener listener, RoomOccupancy.Event event) {
		try {
			event.tell(listener);
		}
		catch (RuntimeException ex) {
			logger.error("A listener failed: " + listener.getClass().getName(), ex);
		}
	}

}
