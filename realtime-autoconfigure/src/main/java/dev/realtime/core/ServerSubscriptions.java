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

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.realtime.ErrorCode;
import dev.realtime.RoomDecision;
import dev.realtime.StreamPosition;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.protocol.Result;
import dev.realtime.room.JoinRequest;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Puts sessions into rooms without being asked by them.
 */
final class ServerSubscriptions {

	private final Namespaces namespaces;

	private final RoomRegistry rooms;

	private final SubscriptionExpiries expiries;

	ServerSubscriptions(Namespaces namespaces, RoomRegistry rooms, SubscriptionExpiries expiries) {
		this.namespaces = namespaces;
		this.rooms = rooms;
		this.expiries = expiries;
	}

	/**
	 * Put a session that is about to connect into rooms.
	 * @param session the session, whose queue is held
	 * @param terms the names of the rooms and the terms of each
	 * @param positions where the client left off in rooms that it was in before
	 * @param outdated whether the terms do not count any more
	 * @param done called once, with how it went in each room, or null if it went wrong
	 */
	void enter(LocalSession session, Map<String, RoomDecision> terms, Map<String, StreamPosition> positions,
			BooleanSupplier outdated, Consumer<@Nullable Map<String, Result.Subscribed>> done) {
		Entering entering = new Entering(terms.size(), done);
		terms.forEach((room, term) -> join(session, room, term, positions.get(room), outdated, entering.reply(room)));
	}

	private void join(LocalSession session, String room, RoomDecision terms, @Nullable StreamPosition since,
			BooleanSupplier outdated, JoinRequest.Reply reply) {
		RoomSettings settings = this.namespaces.find(room);
		Subscription subscription = new Subscription(session, room, true, true, terms.info());
		if (settings == null || !session.begin(subscription)) {
			reply.failed(ErrorCode.UNKNOWN_ROOM);
			return;
		}
		if (outdated.getAsBoolean()) {
			subscription.end();
			reply.failed(ErrorCode.PERMISSION_DENIED);
			return;
		}
		this.expiries.grant(subscription, terms, "");
		this.rooms.join(new JoinRequest(subscription, since, false, terms.data(), reply), settings);
		if (session.isEnding()) {
			this.rooms.leave(subscription, () -> {
			});
		}
	}

	/**
	 * Gathers how it went in several rooms.
	 */
	private static final class Entering {

		private final Map<String, Result.Subscribed> results = new ConcurrentHashMap<>();

		private final AtomicInteger remaining;

		private final int count;

		private final Consumer<@Nullable Map<String, Result.Subscribed>> done;

		Entering(int count, Consumer<@Nullable Map<String, Result.Subscribed>> done) {
			this.count = count;
			this.remaining = new AtomicInteger(count);
			this.done = done;
		}

		JoinRequest.Reply reply(String room) {
			return new JoinRequest.Reply() {

				@Override
				public void joined(Result.Subscribed result) {
					Entering.this.results.put(room, result);
					countDown();
				}

				@Override
				public void failed(ErrorCode error) {
					countDown();
				}

			};
		}

		private void countDown() {
			if (this.remaining.decrementAndGet() == 0) {
				this.done.accept((this.results.size() == this.count) ? this.results : null);
			}
		}

	}

}
