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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import dev.realtime.DisconnectReason;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.naming.SlowConsumerPolicy;
import dev.realtime.protocol.Push;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelaySubscriber;
import dev.realtime.session.LocalSession;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * One room on this node. Messages of the relay, joins, leaves and completions are events
 * in its inbox, which its stripe works off; so nothing here needs a lock, and what a
 * member gets first is decided by the order of the inbox alone. Messages that stand
 * together are delivered together.
 */
final class Room implements RelaySubscriber, Runnable {

	/** So many members are served before others on the stripe have their turn. */
	private static final int CHUNK = 256;

	private static final int MAX_BATCH = 512;

	private static final int MAX_EVENTS = 64;

	/** An unsubscribe code after which clients subscribe again at once. */
	private static final int INSUFFICIENT_STATE = 2500;

	private final String name;

	private final RoomSettings settings;

	private final RoomRegistry registry;

	private final Stripe stripe;

	private final Queue<Object> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final Members members = new Members();

	private final Entrance entrance;

	private StreamPosition position = StreamPosition.START;

	private final @Nullable Provisional provisional;

	/** The furthest position with which a member joined ahead of the room. */
	private long ahead;

	private @Nullable Batch current;

	private int served;

	Room(String name, RoomSettings settings, RoomRegistry registry, Stripe stripe) {
		this.name = name;
		this.settings = settings;
		this.registry = registry;
		this.stripe = stripe;
		this.entrance = new Entrance(this);
		this.provisional = registry.limits().provisional() ? new Provisional() : null;
	}

	/**
	 * Put an event into the inbox. Nothing happens before {@link #flush}.
	 */
	void add(Runnable event) {
		this.inbox.add(event);
	}

	@Override
	public void offer(RelayMessage message) {
		this.inbox.add(message);
	}

	/**
	 * Deliver a publication that has no place in the stream. An event.
	 */
	void deliver(RelayMessage message) {
		this.members.send(batch(List.of(message), null), 0, this.members.size(), false, this::resync);
	}

	/**
	 * Deliver a publication before it has its place in the stream. An event.
	 */
	void deliverAhead(RelayMessage message) {
		if (this.provisional != null && message.id() != null && this.provisional.add(message.id())) {
			deliver(message);
		}
	}

	private Batch batch(List<RelayMessage> messages, Provisional.@Nullable Repeats repeats) {
		return new Batch(this, messages, this.settings.slowConsumer(), this.registry.limits().batchBytes(), repeats);
	}

	@Override
	public void missed(StreamPosition top) {
		add(() -> skipTo(top));
	}

	/** Go on after a hole. Joins that read the history meanwhile must read it again. */
	private void skipTo(StreamPosition top) {
		if (!this.entrance.isLive() || isSeen(top)) {
			return;
		}
		this.position = top;
		this.entrance.invalidate();
		resyncAll();
	}

	private void resyncAll() {
		if (this.provisional != null) {
			this.provisional.clear();
		}
		this.members.all().forEach(this::resync);
	}

	private boolean isSeen(StreamPosition top) {
		return top.epoch().equals(this.position.epoch()) && top.offset() <= this.position.offset();
	}

	@Override
	public void flush(boolean here) {
		if (this.scheduled.compareAndSet(false, true)) {
			this.stripe.schedule(this, here);
		}
	}

	boolean isInboxEmpty() {
		return this.inbox.isEmpty();
	}

	@Override
	public void run() {
		try {
			if (this.current == null) {
				work();
			}
			if (this.current != null) {
				serve(this.current);
			}
		}
		finally {
			rest();
		}
	}

	private void work() {
		int events = 0;
		Object event = this.inbox.peek();
		while (event instanceof Runnable runnable && events++ < MAX_EVENTS) {
			this.inbox.remove();
			runnable.run();
			event = this.inbox.peek();
		}
		if (event instanceof RelayMessage) {
			collect();
		}
	}

	private void collect() {
		List<RelayMessage> batch = new ArrayList<>();
		Object event = this.inbox.peek();
		while (event instanceof RelayMessage message && batch.size() < MAX_BATCH) {
			if (isHole(message)) {
				if (!batch.isEmpty()) {
					break;
				}
				resyncAll();
			}
			this.inbox.remove();
			if (accept(message)) {
				batch.add(message);
			}
			event = this.inbox.peek();
		}
		Provisional.Repeats repeats = (this.provisional != null) ? this.provisional.take(batch) : null;
		if (!batch.isEmpty() && this.members.size() > 0) {
			this.current = batch(conflate(batch), repeats);
			this.served = 0;
		}
	}

	/** Return whether something between the last message and this one is missing. */
	private boolean isHole(RelayMessage message) {
		if (message.type() != RelayMessage.Type.PUBLICATION || !this.entrance.isLive()) {
			return false;
		}
		boolean sameStream = message.epoch().equals(this.position.epoch());
		return !sameStream || message.offset() > this.position.offset() + 1;
	}

	/**
	 * Let a member subscribe again, so that it gets what is missing or knows that it is.
	 */
	private void resync(Subscription member) {
		LocalSession session = member.session();
		member.end();
		if (member.serverSide()) {
			session.disconnect(DisconnectReason.INSUFFICIENT_STATE);
			return;
		}
		Push push = new Push.Unsubscribed(this.name, INSUFFICIENT_STATE, DisconnectReason.INSUFFICIENT_STATE.reason());
		add(() -> leave(member, () -> session.write(session.codec().push(push))));
	}

	private List<RelayMessage> conflate(List<RelayMessage> batch) {
		if (this.settings.slowConsumer() != SlowConsumerPolicy.CONFLATE || batch.size() == 1) {
			return batch;
		}
		Map<Object, RelayMessage> last = new LinkedHashMap<>();
		for (RelayMessage message : batch) {
			Object key = (message.conflationKey() != null) ? message.conflationKey() : new Object();
			last.remove(key);
			last.put(key, message);
		}
		return List.copyOf(last.values());
	}

	private boolean accept(RelayMessage message) {
		if (message.type() != RelayMessage.Type.PUBLICATION) {
			return true;
		}
		if (message.epoch().equals(this.position.epoch()) && message.offset() <= this.position.offset()) {
			return false;
		}
		this.position = new StreamPosition(message.offset(), message.epoch());
		this.entrance.keep(message);
		if (this.provisional != null) {
			this.provisional.accepted(message.id());
		}
		return true;
	}

	private void serve(Batch batch) {
		boolean some = this.ahead > 0;
		if (this.members.send(batch, this.served, CHUNK, some, this::resync)) {
			this.current = null;
			this.ahead = (this.position.offset() >= this.ahead) ? 0 : this.ahead;
		}
		else {
			this.served += CHUNK;
		}
	}

	/** Go on later if there is something left; leave the node if nobody is left. */
	private void rest() {
		if (this.current != null || !this.inbox.isEmpty()) {
			this.stripe.schedule(this, false);
			return;
		}
		if (this.members.size() == 0 && this.entrance.isEmpty()) {
			this.registry.relay().unsubscribe(this.name, this);
			this.entrance.close();
			this.registry.retire(this.name, this);
		}
		this.scheduled.set(false);
		if (!this.inbox.isEmpty()) {
			flush(false);
		}
	}

	/**
	 * Let a session in. An event.
	 */
	void join(JoinRequest request) {
		this.entrance.join(request);
	}

	/**
	 * The subscription has begun.
	 * @param top where the stream stands
	 */
	void begin(StreamPosition top) {
		this.position = isSeen(top) ? this.position : top;
	}

	/**
	 * Make a session a member.
	 * @param subscription its subscription
	 * @param covered up to which offset it has the stream, -1 for all there is
	 * @return whether it is the first one
	 */
	boolean admit(Subscription subscription, long covered) {
		boolean first = this.members.size() == 0;
		subscription.position((covered >= 0) ? covered : this.position.offset());
		this.ahead = (covered > this.position.offset()) ? Math.max(this.ahead, covered) : this.ahead;
		this.members.add(subscription);
		if (this.provisional != null) {
			this.provisional.joined(subscription);
		}
		return first;
	}

	String name() {
		return this.name;
	}

	RoomSettings settings() {
		return this.settings;
	}

	RoomRegistry registry() {
		return this.registry;
	}

	StreamPosition position() {
		return this.position;
	}

	int memberCount() {
		return this.members.size();
	}

	/**
	 * Let a session out, whether it is in or still pending. An event.
	 * @param subscription its subscription
	 * @param after what to do when nothing more is sent to it
	 */
	void leave(Subscription subscription, Runnable after) {
		depart(subscription, false);
		after.run();
	}

	/**
	 * Let a session out whose connection is lost. An event.
	 * @param subscription its subscription
	 */
	void lose(Subscription subscription) {
		depart(subscription, true);
	}

	/**
	 * The other nodes have taken this one for dead and have told that a session is gone.
	 * It has to come again. An event.
	 * @param session the id of the session
	 */
	void lost(String session) {
		this.members.all().stream().filter((member) -> member.session().id().equals(session)).forEach(this::resync);
	}

	/**
	 * Take a session out that has not asked for it. An event.
	 * @param subscription its subscription
	 * @param tell tells it, unless it is out already or never got in
	 */
	void evict(Subscription subscription, Runnable tell) {
		boolean member = subscription.index() >= 0;
		if (depart(subscription, false) && member) {
			tell.run();
		}
	}

	/** Return false if the subscription had ended before. */
	private boolean depart(Subscription subscription, boolean lost) {
		boolean ended = subscription.end();
		if (subscription.index() >= 0) {
			this.members.remove(subscription);
			if (this.provisional != null) {
				this.provisional.left(subscription);
			}
			if (this.settings.presence()) {
				withdraw(subscription, lost);
			}
			this.registry.observer().left(subscription, this.members.size() == 0, lost);
		}
		return ended;
	}

	private void withdraw(Subscription subscription, boolean lost) {
		if (lost && this.registry.grace().covers(subscription.member())) {
			this.registry.grace().expect(this.name, subscription.member(), this.registry::gone);
			return;
		}
		await(this.registry.presence().remove(this.name, subscription.session().id()), (occupancy, failure) -> {
			if (occupancy == null || occupancy > 0) {
				left(subscription, (occupancy != null) ? occupancy : 0);
			}
		});
	}

	/**
	 * Tell the members that one has left.
	 */
	void left(Subscription subscription, int occupancy) {
		if (!this.settings.isCrowd(occupancy)) {
			announce(RelayMessage.left(this.name, subscription.member()));
		}
	}

	/**
	 * Tell the members on all nodes.
	 */
	void announce(RelayMessage message) {
		this.registry.relay().publish(message, this.settings);
	}

	/**
	 * Go on, on the stripe, when something is known.
	 */
	<T> void await(CompletionStage<T> stage, BiConsumer<? super T, ? super Throwable> action) {
		CompletableFuture<T> future = stage.toCompletableFuture();
		if (future.isDone()) {
			future.whenComplete(action);
			return;
		}
		future.whenComplete((value, failure) -> {
			add(() -> action.accept(value, failure));
			flush(false);
		});
	}

}
