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

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.StreamPosition;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.handler.RoomHandler;
import dev.realtime.naming.RoomSettings;
import dev.realtime.presence.PresenceStore;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.JoinRequest;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The commands about rooms.
 */
final class RoomCommands {

	private final RoomGuard guard;

	private final RoomRegistry rooms;

	private final RoomRelay relay;

	private final PublishCommands publishes;

	private final RealtimeHandlers handlers;

	private final PresenceStore presence;

	private final SubscriptionExpiries expiries;

	private final int maxRooms;

	RoomCommands(RoomGuard guard, RealtimeHandlers handlers, PublishCommands publishes, RoomRegistry rooms,
			RoomRelay relay, PresenceStore presence, SubscriptionExpiries expiries, int maxRooms) {
		this.guard = guard;
		this.rooms = rooms;
		this.relay = relay;
		this.handlers = handlers;
		this.publishes = publishes;
		this.presence = presence;
		this.expiries = expiries;
		this.maxRooms = maxRooms;
	}

	/**
	 * Start a command.
	 * @return {@code false} if the next one must wait
	 */
	boolean start(Responder responder, Command.RoomCommand command) {
		if (command.room().isEmpty()) {
			responder.disconnect(DisconnectReason.BAD_REQUEST);
			return true;
		}
		if (command instanceof Command.Unsubscribe) {
			unsubscribe(responder, command.room());
			return true;
		}
		if (command instanceof Command.Subscribe subscribe) {
			return subscribe(responder, subscribe);
		}
		RoomSettings settings = this.guard.settings(command.room());
		if (command instanceof Command.SubRefresh refresh) {
			return refresh(responder, refresh, settings);
		}
		if (command instanceof Command.Publish publish) {
			return this.publishes.start(responder, publish, settings);
		}
		return (command instanceof Command.History history) ? history(responder, history, settings)
				: presence(responder, command, settings);
	}

	boolean mayOverlap(Command.Publish command) {
		return this.publishes.mayOverlap(command);
	}

	private boolean subscribe(Responder responder, Command.Subscribe command) {
		RoomSettings settings = this.guard.settings(command.room());
		LocalSession session = responder.session();
		require(command.type() == 0, ErrorCode.NOT_AVAILABLE);
		require(!command.filtered(), ErrorCode.BAD_REQUEST);
		require(session.subscription(command.room()) == null, ErrorCode.ALREADY_SUBSCRIBED);
		require(session.subscriptionCount() < this.maxRooms, ErrorCode.LIMIT_EXCEEDED);
		RoomAccess access = new RoomAccess(session, command.room(),
				(command.since() != null) ? RoomAccess.Operation.RECOVER : RoomAccess.Operation.SUBSCRIBE,
				command.data(), command.token());
		RoomHandler<RoomDecision> handler = this.handlers.subscribe(command.room());
		return this.guard.admit(responder, access, settings, handler != null, (decision) -> {
			if (handler == null) {
				join(responder, command, settings, decision);
				return;
			}
			CompletionStage<RoomDecision> asked = handler.handle(access);
			responder.follow(
					asked.exceptionallyCompose(
							(failure) -> CompletableFuture.failedFuture(handler.explain(failure, access))),
					(own) -> join(responder, command, settings, own.and(decision)));
		});
	}

	private void join(Responder responder, Command.Subscribe command, RoomSettings settings, RoomDecision decision) {
		Subscription subscription = new Subscription(responder.session(), command.room(), command.joinLeave(), false,
				decision.info());
		require(decision.granted(), ErrorCode.PERMISSION_DENIED);
		require(!this.expiries.isOver(decision), ErrorCode.TOKEN_EXPIRED);
		ErrorCode error = responder.session().begin(subscription, this.maxRooms);
		if (error != null) {
			responder.fail(error);
			return;
		}
		if (responder.isOutdated()) {
			subscription.end();
			responder.requireUpToDate();
		}
		this.rooms.join(
				new JoinRequest(subscription, command.since(), command.rejectUnrecoverable(), decision.data(),
						new JoinReply(responder, this.expiries.grant(subscription, decision, command.token()))),
				settings);
		if (responder.inbound().isClosed()) {
			this.rooms.leave(subscription, () -> {
			});
		}
	}

	private boolean refresh(Responder responder, Command.SubRefresh command, RoomSettings settings) {
		require(!command.token().isEmpty(), ErrorCode.BAD_REQUEST);
		Subscription subscription = responder.session().subscription(command.room());
		if (subscription == null) {
			throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
		}
		require(this.guard.isCustom(), ErrorCode.NOT_AVAILABLE);
		RoomAccess access = new RoomAccess(responder.session(), command.room(), RoomAccess.Operation.SUBSCRIBE,
				Payload.EMPTY, command.token());
		return this.guard.admit(responder, access, settings, false,
				(decision) -> renew(responder, subscription, command, decision));
	}

	private void renew(Responder responder, Subscription subscription, Command.SubRefresh command,
			RoomDecision decision) {
		require(!this.expiries.isOver(decision), ErrorCode.EXPIRED);
		long ttl = this.expiries.grant(subscription, decision, command.token());
		responder.succeed(new Result.SubscriptionRefreshed(ttl));
	}

	/**
	 * Take a session, whose user may do less now, out of the rooms that it may not be in
	 * any more. What was granted for a time is reviewed when that is over, and what the
	 * server has put the session into is the server's business.
	 * @return a stage that completes when nothing more of these rooms is sent to it
	 */
	CompletionStage<@Nullable Void> review(LocalSession session) {
		return CompletableFuture.allOf(session.subscriptions()
			.stream()
			.filter((subscription) -> !subscription.serverSide() && subscription.expiry() == null)
			.filter((subscription) -> !this.guard.stillGrants(session, subscription.room()))
			.map((subscription) -> this.rooms.leave(session, subscription.room()).toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

	private void unsubscribe(Responder responder, String room) {
		Subscription subscription = responder.session().subscription(room);
		if (subscription == null) {
			responder.succeed(new Result.Unsubscribed());
			return;
		}
		this.rooms.leave(subscription, () -> responder.succeed(new Result.Unsubscribed()));
	}

	private boolean presence(Responder responder, Command.RoomCommand command, RoomSettings settings) {
		this.guard.checkRule(responder.session(), command.room(), settings, RoomAccess.Operation.PRESENCE);
		require(settings.presence(), ErrorCode.NOT_AVAILABLE);
		boolean list = command instanceof Command.Presence;
		return this.guard.admit(responder, access(responder, command, RoomAccess.Operation.PRESENCE), settings, false,
				(decision) -> responder.answer(this.presence.members(command.room()), (members) -> {
					responder.requireUpToDate();
					return list ? list(members, settings) : count(members);
				}));
	}

	private Result list(List<Member> members, RoomSettings settings) {
		require(!settings.isCrowd(members.size()), ErrorCode.LIMIT_EXCEEDED);
		return new Result.PresenceList(members);
	}

	private Result count(List<Member> members) {
		Set<String> users = new HashSet<>();
		members.forEach((member) -> users.add(member.user()));
		return new Result.PresenceCount(members.size(), users.size());
	}

	private boolean history(Responder responder, Command.History command, RoomSettings settings) {
		this.guard.checkRule(responder.session(), command.room(), settings, RoomAccess.Operation.HISTORY);
		require(settings.hasHistory(), ErrorCode.NOT_AVAILABLE);
		StreamPosition since = command.since();
		require(!command.reverse() || since == null || since.offset() > 0, ErrorCode.BAD_REQUEST);
		HistoryQuery query = new HistoryQuery(command.limit(), since, command.reverse());
		return this.guard.admit(responder, access(responder, command, RoomAccess.Operation.HISTORY), settings, false,
				(decision) -> responder.answer(this.relay.history(command.room(), settings, query), (history) -> {
					responder.requireUpToDate();
					return new Result.HistoryPage(history.publications(), history.top());
				}));
	}

	private static RoomAccess access(Responder responder, Command.RoomCommand command, RoomAccess.Operation operation) {
		return new RoomAccess(responder.session(), command.room(), operation, Payload.EMPTY, "");
	}

	static void require(boolean condition, ErrorCode error) {
		if (!condition) {
			throw new RealtimeException(error);
		}
	}

	/**
	 * Answers a subscribe command.
	 */
	private record JoinReply(Responder responder, long ttl) implements JoinRequest.Reply {

		@Override
		public void joined(Result.Subscribed result) {
			this.responder.reply(result.ttl(this.ttl));
		}

		@Override
		public void failed(ErrorCode error) {
			this.responder.fail(error);
		}

	}

}
