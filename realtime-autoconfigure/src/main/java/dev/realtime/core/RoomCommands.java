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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.RealtimeException;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.presence.PresenceStore;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.Result;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.JoinRequest;
import dev.realtime.room.RoomRegistry;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;

/**
 * The commands about rooms.
 */
final class RoomCommands {

	private final RoomGuard guard;

	private final RoomRegistry rooms;

	private final RoomRelay relay;

	private final PublishPipeline pipeline;

	private final PresenceStore presence;

	private final SubscriptionExpiries expiries;

	private final int maxRooms;

	RoomCommands(RoomGuard guard, RoomRegistry rooms, RoomRelay relay, PublishPipeline pipeline, PresenceStore presence,
			SubscriptionExpiries expiries, int maxRooms) {
		this.guard = guard;
		this.rooms = rooms;
		this.relay = relay;
		this.pipeline = pipeline;
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
			return publish(responder, publish, settings);
		}
		return (command instanceof Command.History history) ? history(responder, history, settings)
				: presence(responder, command, settings);
	}

	private boolean subscribe(Responder responder, Command.Subscribe command) {
		RoomSettings settings = this.guard.settings(command.room());
		LocalSession session = responder.session();
		require(command.type() == 0, ErrorCode.NOT_AVAILABLE);
		require(!command.filtered(), ErrorCode.BAD_REQUEST);
		require(session.subscription(command.room()) == null, ErrorCode.ALREADY_SUBSCRIBED);
		require(session.subscriptionCount() < this.maxRooms, ErrorCode.LIMIT_EXCEEDED);
		RoomAccess.Operation operation = (command.since() != null) ? RoomAccess.Operation.RECOVER
				: RoomAccess.Operation.SUBSCRIBE;
		return access(responder, new Request(command.room(), settings, operation, command.data(), command.token()),
				(decision) -> join(responder, command, settings, decision));
	}

	private void join(Responder responder, Command.Subscribe command, RoomSettings settings, RoomDecision decision) {
		Subscription subscription = new Subscription(responder.session(), command.room(), command.joinLeave(), false,
				decision.info());
		checkExpiry(decision);
		if (!responder.session().begin(subscription)) {
			responder.fail(ErrorCode.ALREADY_SUBSCRIBED);
			return;
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

	private void checkExpiry(RoomDecision decision) {
		require(!this.expiries.isOver(decision), ErrorCode.TOKEN_EXPIRED);
	}

	private boolean refresh(Responder responder, Command.SubRefresh command, RoomSettings settings) {
		require(!command.token().isEmpty(), ErrorCode.BAD_REQUEST);
		Subscription subscription = responder.session().subscription(command.room());
		if (subscription == null) {
			throw new RealtimeException(ErrorCode.PERMISSION_DENIED);
		}
		require(this.guard.isCustom(), ErrorCode.NOT_AVAILABLE);
		return access(responder,
				new Request(command.room(), settings, RoomAccess.Operation.SUBSCRIBE, Payload.EMPTY, command.token()),
				(decision) -> renew(responder, subscription, command, decision));
	}

	private void renew(Responder responder, Subscription subscription, Command.SubRefresh command,
			RoomDecision decision) {
		require(!this.expiries.isOver(decision), ErrorCode.EXPIRED);
		long ttl = this.expiries.grant(subscription, decision, command.token());
		responder.succeed(new Result.SubscriptionRefreshed(ttl));
	}

	private void unsubscribe(Responder responder, String room) {
		Subscription subscription = responder.session().subscription(room);
		if (subscription == null) {
			responder.succeed(new Result.Unsubscribed());
			return;
		}
		this.rooms.leave(subscription, () -> responder.succeed(new Result.Unsubscribed()));
	}

	private boolean publish(Responder responder, Command.Publish command, RoomSettings settings) {
		require(command.type() == 0, ErrorCode.NOT_AVAILABLE);
		require(!command.data().isEmpty(), ErrorCode.BAD_REQUEST);
		return access(responder,
				new Request(command.room(), settings, RoomAccess.Operation.PUBLISH, command.data(), ""),
				(decision) -> accept(responder, command, settings));
	}

	private void accept(Responder responder, Command.Publish command, RoomSettings settings) {
		LocalSession session = responder.session();
		Subscription subscription = session.subscription(command.room());
		Member info = (subscription != null) ? subscription.member() : session.member(Payload.EMPTY);
		Publication publication = new Publication(command.data(), 0, info, Map.of(), 0);
		answer(responder, this.pipeline.publish(command.room(), settings, publication, PublishOptions.NONE),
				(position) -> new Result.PublishAccepted());
	}

	private boolean presence(Responder responder, Command.RoomCommand command, RoomSettings settings) {
		this.guard.checkRule(responder.session(), command.room(), settings, RoomAccess.Operation.PRESENCE);
		require(settings.presence(), ErrorCode.NOT_AVAILABLE);
		boolean list = command instanceof Command.Presence;
		return access(responder,
				new Request(command.room(), settings, RoomAccess.Operation.PRESENCE, Payload.EMPTY, ""),
				(decision) -> answer(responder, this.presence.members(command.room()),
						(members) -> list ? list(members, settings) : count(members)));
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
		return access(responder, new Request(command.room(), settings, RoomAccess.Operation.HISTORY, Payload.EMPTY, ""),
				(decision) -> answer(responder, this.relay.history(command.room(), settings, query),
						(history) -> new Result.HistoryPage(history.publications(), history.top())));
	}

	private static void require(boolean condition, ErrorCode error) {
		if (!condition) {
			throw new RealtimeException(error);
		}
	}

	/** Check whether a session may do something, and let it do so. */
	private boolean access(Responder responder, Request request, Consumer<RoomDecision> action) {
		this.guard.checkRule(responder.session(), request.room, request.settings, request.operation);
		if (!this.guard.isCustom()) {
			action.accept(RoomDecision.GRANTED);
			return true;
		}
		RoomAccess access = new RoomAccess(responder.session(), request.room, request.operation, request.data,
				request.token);
		responder.session().runUserCode(() -> {
			try {
				action.accept(this.guard.authorize(access));
			}
			catch (Throwable ex) {
				responder.fail(ex);
			}
			finally {
				responder.inbound().started();
			}
		});
		return false;
	}

	private <T> void answer(Responder responder, CompletionStage<T> stage, Function<T, Result> result) {
		stage.whenComplete((value, failure) -> {
			if (failure != null) {
				responder.fail((failure instanceof CompletionException && failure.getCause() != null)
						? failure.getCause() : failure);
				return;
			}
			try {
				reply(responder, result.apply(value));
			}
			catch (RealtimeException ex) {
				responder.fail(ex);
			}
		});
	}

	private static void reply(Responder responder, Result result) {
		if (carries(responder.session(), result)) {
			responder.succeed(result);
		}
		else {
			responder.disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
		}
	}

	private static boolean carries(LocalSession session, Result result) {
		List<Publication> publications = List.of();
		if (result instanceof Result.Subscribed subscribed) {
			publications = subscribed.publications();
		}
		else if (result instanceof Result.HistoryPage page) {
			publications = page.publications();
		}
		return publications.stream().allMatch((publication) -> session.codec().carries(publication.data()));
	}

	/**
	 * Something that a session wants to do in a room.
	 */
	private record Request(String room, RoomSettings settings, RoomAccess.Operation operation, Payload data,
			String token) {

	}

	/**
	 * Answers a subscribe command.
	 */
	private record JoinReply(Responder responder, long ttl) implements JoinRequest.Reply {

		@Override
		public void joined(Result.Subscribed result) {
			reply(this.responder, result.ttl(this.ttl));
		}

		@Override
		public void failed(ErrorCode error) {
			this.responder.fail(error);
		}

	}

}
