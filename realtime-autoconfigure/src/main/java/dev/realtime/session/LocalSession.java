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

package dev.realtime.session;

import java.security.Principal;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.Identity;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.RealtimeSession;
import dev.realtime.naming.SlowConsumerPolicy;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.WireCodec;
import org.jspecify.annotations.Nullable;

/**
 * A session on this node.
 *
 * @since 0.1.0
 */
public final class LocalSession implements RealtimeSession {

	private final String id;

	private final Transport transport;

	private final WireCodec codec;

	private final OutboundQueue queue;

	private final Executor closers;

	private final SerialExecutor userCode;

	private final CodeScope scope;

	private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>(4);

	private final ResyncLimit resyncs = new ResyncLimit();

	private final AtomicReference<DisconnectReason> ending = new AtomicReference<>();

	private final AtomicInteger readingPauses = new AtomicInteger();

	private volatile boolean readingPaused;

	private volatile Identity identity = Identity.ANONYMOUS;

	private volatile @Nullable Map<String, Object> attributes;

	/**
	 * Create a session.
	 * @param id its id
	 * @param transport its socket
	 * @param codec the encoding that its client speaks
	 * @param limits the bounds of its queue
	 * @param budget what all queues share
	 * @param closers where sockets are closed, which may block
	 * @param userCode where the application's code for this session runs
	 */
	public LocalSession(String id, Transport transport, WireCodec codec, OutboundLimits limits, OutboundBudget budget,
			Executor closers, Executor userCode) {
		this(id, transport, codec, limits, budget, closers, userCode, CodeScope.NONE);
	}

	/**
	 * Create a session.
	 * @param id its id
	 * @param transport its socket
	 * @param codec the encoding that its client speaks
	 * @param limits the bounds of its queue
	 * @param budget what all queues share
	 * @param closers where sockets are closed, which may block
	 * @param userCode where the application's code for this session runs
	 * @param scope what that code finds around it
	 */
	public LocalSession(String id, Transport transport, WireCodec codec, OutboundLimits limits, OutboundBudget budget,
			Executor closers, Executor userCode, CodeScope scope) {
		this.id = id;
		this.transport = transport;
		this.codec = codec;
		this.queue = new OutboundQueue(transport, codec, limits, budget, this::end);
		this.closers = closers;
		this.userCode = new SerialExecutor(userCode);
		this.scope = scope;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public String user() {
		return this.identity.user();
	}

	@Override
	public @Nullable Principal principal() {
		return this.identity.principal();
	}

	@Override
	public synchronized Map<String, Object> attributes() {
		Map<String, Object> result = this.attributes;
		if (result == null) {
			result = new ConcurrentHashMap<>(4);
			this.attributes = result;
		}
		return result;
	}

	@Override
	public Set<String> rooms() {
		return Set.copyOf(this.subscriptions.keySet());
	}

	@Override
	public void send(Payload payload) {
		if (this.codec.carries(payload)) {
			write(this.codec.push(new Push.Message(payload)));
		}
		else {
			disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
		}
	}

	/**
	 * Send a message that is encoded for this session's codec.
	 * @param message the message, possibly shared with other sessions; nothing happens if
	 * the codec has no bytes for it
	 */
	public void write(byte[] message) {
		if (message.length > 0) {
			this.queue.offer(message);
		}
	}

	/**
	 * Send a message of a room. What does not fit ends as the room's policy has it.
	 * @param message the message, shared with other sessions
	 * @param policy what to do with a session that reads too slowly
	 * @return {@code false} if the session must be told to subscribe to the room again:
	 * nothing of the room is waiting for it any more
	 */
	public boolean write(OutboundMessage message, SlowConsumerPolicy policy) {
		if (this.queue.offer(message)) {
			return true;
		}
		if (policy == SlowConsumerPolicy.RESYNC && message.room() != null && this.resyncs.isAllowed()) {
			this.queue.discard(message.room());
			return false;
		}
		if (!policy.isLossy() || !this.queue.replaceOldest(message)) {
			this.queue.die(DisconnectReason.SLOW);
		}
		return true;
	}

	/**
	 * Let a message go before all that has been waiting since {@link #hold()}.
	 * @param message the message, encoded for this session's codec
	 */
	public void writeFirst(byte[] message) {
		this.queue.offerFirst(message);
	}

	/**
	 * Let messages wait for a moment, so that they share a frame.
	 * @return whether {@link #release()} must be called soon, by the same thread
	 */
	public boolean hold() {
		return this.queue.hold();
	}

	/**
	 * Send what has been waiting since {@link #hold()}.
	 */
	public void release() {
		this.queue.release();
	}

	@Override
	public void disconnect(DisconnectReason reason) {
		if (!reason.flushes()) {
			this.queue.die(reason);
		}
		else if (this.ending.compareAndSet(null, reason)) {
			this.queue.finish(() -> close(reason));
		}
	}

	/** The queue has died: nothing can be flushed, whatever was asked for before. */
	private void end(DisconnectReason reason) {
		this.ending.compareAndSet(null, reason);
		close(reason);
	}

	private void close(DisconnectReason reason) {
		this.closers.execute(() -> this.transport.close(reason));
	}

	/**
	 * The socket is gone.
	 * @return why the session has ended
	 */
	public DisconnectReason closed() {
		this.queue.abandon();
		DisconnectReason before = this.ending.compareAndExchange(null, DisconnectReason.CLOSED);
		return (before != null) ? before : DisconnectReason.CLOSED;
	}

	/**
	 * Return whether the session is to end.
	 * @return {@code true} once it is being disconnected or its socket is gone
	 */
	public boolean isEnding() {
		return this.ending.get() != null;
	}

	/**
	 * Run code of the application for this session, after what is running or waiting.
	 * @param task the code
	 */
	public void runUserCode(Runnable task) {
		this.userCode.execute(() -> this.scope.run(this, task));
	}

	/**
	 * Return what the client is to be told of what code of the application has thrown.
	 * @param failure what was thrown
	 * @return a {@link dev.realtime.RealtimeException} if the client may know, else the
	 * failure
	 */
	public Throwable explain(Throwable failure) {
		return this.scope.explain(failure);
	}

	/**
	 * Read from the socket, or do not for a while.
	 * @param paused whether to stop reading
	 */
	public void pauseReading(boolean paused) {
		this.readingPaused = paused;
		this.readingPauses.incrementAndGet();
		if (paused) {
			this.transport.suspend();
		}
		else {
			this.transport.resume();
		}
	}

	/**
	 * Return whether the socket is not being read.
	 * @return {@code true} while reading is paused
	 */
	public boolean isReadingPaused() {
		return this.readingPaused;
	}

	/**
	 * Return how often reading has been stopped or resumed.
	 * @return a number that grows with each change
	 */
	int readingPauses() {
		return this.readingPauses.get();
	}

	/**
	 * Return the socket.
	 * @return the transport
	 */
	public Transport transport() {
		return this.transport;
	}

	/**
	 * Return the encoding that the client speaks.
	 * @return the codec
	 */
	public WireCodec codec() {
		return this.codec;
	}

	/**
	 * Set who the client is.
	 * @param identity the identity
	 */
	public void identity(Identity identity) {
		this.identity = identity;
	}

	/**
	 * Return how others see this session in a room.
	 * @param roomInfo what they see of the subscription
	 * @return the member
	 */
	public Member member(Payload roomInfo) {
		return new Member(user(), this.id, this.identity.info(), roomInfo);
	}

	/**
	 * Return how others see this session in a room that it is in, or may not be in.
	 * @param room the name of the room
	 * @return the member
	 */
	public Member memberOf(String room) {
		Subscription subscription = this.subscriptions.get(room);
		return (subscription != null) ? subscription.member() : member(Payload.EMPTY);
	}

	/**
	 * Begin a subscription.
	 * @param subscription the subscription
	 * @return {@code false} if there is one for the room
	 */
	public boolean begin(Subscription subscription) {
		return this.subscriptions.putIfAbsent(subscription.room(), subscription) == null;
	}

	/**
	 * Begin a subscription that the client has asked for.
	 * @param subscription the subscription
	 * @param maxRooms how many there may be
	 * @return an error if there is one for the room or there are as many, else
	 * {@code null}
	 */
	public @Nullable ErrorCode begin(Subscription subscription, int maxRooms) {
		synchronized (this.subscriptions) {
			if (this.subscriptions.size() >= maxRooms && !this.subscriptions.containsKey(subscription.room())) {
				return ErrorCode.LIMIT_EXCEEDED;
			}
			return begin(subscription) ? null : ErrorCode.ALREADY_SUBSCRIBED;
		}
	}

	/**
	 * Return the subscription to a room.
	 * @param room the name of the room
	 * @return the subscription, or {@code null}
	 */
	public @Nullable Subscription subscription(String room) {
		return this.subscriptions.get(room);
	}

	/**
	 * Return all subscriptions.
	 * @return a live view
	 */
	public Collection<Subscription> subscriptions() {
		return this.subscriptions.values();
	}

	/**
	 * Return how many subscriptions there are.
	 * @return the number of subscriptions
	 */
	public int subscriptionCount() {
		return this.subscriptions.size();
	}

	void forget(Subscription subscription) {
		this.subscriptions.remove(subscription.room(), subscription);
	}

	/**
	 * Check that no write is stuck.
	 * @param now the monotonic time in nanoseconds
	 */
	void check(long now) {
		this.queue.check(now);
	}

	int waitingBytes() {
		return this.queue.waitingBytes();
	}

	@Override
	public String toString() {
		return "session " + this.id;
	}

}
