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

package dev.realtime.room;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.realtime.ErrorCode;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeSession;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.presence.PresenceStore;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.Result;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RoomRelay;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import dev.realtime.session.Wheel;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that have members on this node. A room appears with its first member and
 * vanishes with its last; both are atomic with what is posted to it, so that no join is
 * lost in between. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
public final class RoomRegistry {

	/** The application takes the user out for good. */
	private static final int SERVER_UNSUBSCRIBE = 2000;

	private final Map<String, Room> rooms = new ConcurrentHashMap<>();

	private final Stripes stripes;

	private final RoomRelay relay;

	private final PresenceStore presence;

	private final RoomObserver observer;

	private final RoomLimits limits;

	private final Namespaces namespaces;

	private final RoomPublisher publisher;

	private final LeaveGrace grace;

	/**
	 * Create a registry.
	 * @param stripes where the rooms live
	 * @param relay what connects them to other nodes
	 * @param presence who is in them
	 * @param observer is told who comes and goes
	 * @param limits the bounds of recovery and fan-out
	 * @param namespaces the namespaces of rooms
	 * @param publisher what publishes for sessions
	 * @param wheel measures absences
	 */
	public RoomRegistry(Stripes stripes, RoomRelay relay, PresenceStore presence, RoomObserver observer,
			RoomLimits limits, Namespaces namespaces, RoomPublisher publisher, Wheel wheel) {
		this.stripes = stripes;
		this.relay = relay;
		this.presence = presence;
		this.observer = observer;
		this.limits = limits;
		this.namespaces = namespaces;
		this.publisher = publisher;
		this.grace = new LeaveGrace(limits.leaveGrace(), presence, wheel);
	}

	/**
	 * Let a session into a room without its asking. No rule or authorizer is consulted.
	 * Nothing happens if it is in, or about to be.
	 * @param session a session of this node
	 * @param room the name of the room
	 * @throws IllegalArgumentException if there can be no such room
	 */
	public void join(RealtimeSession session, String room) {
		LocalSession local = (LocalSession) session;
		RoomSettings settings = this.namespaces.get(room);
		Subscription subscription = new Subscription(local, room, true, true, Payload.EMPTY);
		if (local.begin(subscription)) {
			join(new JoinRequest(subscription, null, false, Payload.EMPTY, new JoinNews(local, room)), settings);
			if (local.isEnding()) {
				leave(subscription, () -> {
				});
			}
		}
	}

	/**
	 * Let a session out of a room. Its client is told that it is for good.
	 * @param session a session of this node
	 * @param room the name of the room
	 * @return a stage that completes when nothing more of the room is sent to the session
	 */
	public CompletionStage<@Nullable Void> leave(RealtimeSession session, String room) {
		LocalSession local = (LocalSession) session;
		Subscription subscription = local.subscription(room);
		if (subscription == null) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
		Push push = new Push.Unsubscribed(room, SERVER_UNSUBSCRIBE, "server unsubscribe");
		evict(subscription, () -> local.write(local.codec().push(push)), () -> done.complete(null));
		return done;
	}

	/**
	 * Publish into a room for a session, whether it is a member or not. Members see whose
	 * publication it is. Inside a transaction it goes out after the commit.
	 * @param session a session of this node
	 * @param room the name of the room
	 * @param data the message
	 * @return a stage that completes with what became of it, or exceptionally
	 * @throws IllegalArgumentException if there can be no such room
	 */
	public CompletionStage<PublishResult> publish(RealtimeSession session, String room, Payload data) {
		RoomSettings settings = this.namespaces.get(room);
		Member info = ((LocalSession) session).memberOf(room);
		return this.publisher.submit(room, settings, new Publication(data, 0, info, Map.of(), 0), PublishOptions.NONE);
	}

	/**
	 * Let a room know that a member is gone, with its node or after its absence.
	 * @param room the name of the room
	 * @param member the member
	 * @param occupancy how many members the room had before
	 */
	public void gone(String room, Member member, int occupancy) {
		RoomSettings settings = this.namespaces.find(room);
		if (settings != null && settings.presence() && !settings.isCrowd(occupancy)) {
			this.relay.publish(RelayMessage.left(room, member), settings);
		}
	}

	/**
	 * Let a member of this node join its room again, which has been told that it is gone.
	 * @param room the name of the room
	 * @param session the id of the member's session
	 */
	public void lost(String room, String session) {
		post(room, (present) -> present.lost(session));
	}

	/**
	 * Let a session into a room.
	 * @param request who, and what it wants
	 * @param settings how the room is set up
	 */
	public void join(JoinRequest request, RoomSettings settings) {
		String name = request.subscription().room();
		Room joined = this.rooms.compute(name, (key, present) -> {
			Room room = (present != null) ? present : new Room(key, settings, this, this.stripes.of(key));
			room.add(() -> room.join(request));
			return room;
		});
		joined.flush(true);
	}

	/**
	 * Let a session out of a room.
	 * @param subscription its subscription
	 * @param after called, on the room's stripe, when nothing more is sent for it
	 */
	public void leave(Subscription subscription, Runnable after) {
		Room left = this.rooms.computeIfPresent(subscription.room(), (key, room) -> {
			room.add(() -> room.leave(subscription, after));
			return room;
		});
		if (left != null) {
			left.flush(true);
		}
		else {
			subscription.end();
			after.run();
		}
	}

	/**
	 * Let a session out of a room whose connection is lost. Where there is a leave grace
	 * it remains a member for the others until that is over.
	 * @param subscription its subscription
	 */
	public void lose(Subscription subscription) {
		if (!post(subscription.room(), (present) -> present.lose(subscription))) {
			subscription.end();
		}
	}

	/** Return false if there is no such room. */
	private boolean post(String name, Consumer<Room> event) {
		Room present = this.rooms.computeIfPresent(name, (key, room) -> {
			room.add(() -> event.accept(room));
			return room;
		});
		if (present != null) {
			present.flush(true);
		}
		return present != null;
	}

	/**
	 * Take a session out of a room without its asking.
	 * @param subscription its subscription
	 * @param tell called, on the room's stripe, to tell it when nothing more is sent for
	 * the subscription; not called if that has ended for another reason
	 */
	public void evict(Subscription subscription, Runnable tell) {
		evict(subscription, tell, () -> {
		});
	}

	/** A subscription that is on its way to a room that is not there yet ends here. */
	private void evict(Subscription subscription, Runnable tell, Runnable after) {
		Room left = this.rooms.computeIfPresent(subscription.room(), (key, room) -> {
			room.add(() -> {
				room.evict(subscription, tell);
				after.run();
			});
			return room;
		});
		if (left != null) {
			left.flush(true);
		}
		else {
			subscription.end();
			after.run();
		}
	}

	/**
	 * Deliver a publication to the members on this node only, without a place in the
	 * stream.
	 * @param message the publication
	 */
	public void deliver(RelayMessage message) {
		post(message.room(), (present) -> present.deliver(message));
	}

	/**
	 * Deliver a publication to the members on this node ahead of its place in the stream.
	 * They do not get it again when it comes by the stream.
	 * @param message the publication, with the id that it has there
	 */
	public void deliverAhead(RelayMessage message) {
		Room present = this.rooms.computeIfPresent(message.room(), (key, room) -> {
			room.add(() -> room.deliverAhead(message));
			return room;
		});
		if (present != null) {
			present.flush(true);
		}
	}

	/**
	 * Return how many rooms have members here.
	 * @return the number of rooms
	 */
	public int size() {
		return this.rooms.size();
	}

	void retire(String name, Room room) {
		this.rooms.computeIfPresent(name, (key, present) -> (present == room && room.isInboxEmpty()) ? null : present);
	}

	RoomRelay relay() {
		return this.relay;
	}

	PresenceStore presence() {
		return this.presence;
	}

	LeaveGrace grace() {
		return this.grace;
	}

	RoomObserver observer() {
		return this.observer;
	}

	RoomLimits limits() {
		return this.limits;
	}

	/**
	 * Tells a session that it has been put into a room.
	 */
	private record JoinNews(LocalSession session, String room) implements JoinRequest.Reply {

		@Override
		public void joined(Result.Subscribed result) {
			this.session.write(this.session.codec().push(new Push.Subscribed(this.room, result)));
		}

		@Override
		public void failed(ErrorCode error) {
		}

	}

}
