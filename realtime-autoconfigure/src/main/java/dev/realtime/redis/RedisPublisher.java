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

package dev.realtime.redis;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.RelayUnavailableException;
import dev.realtime.StreamPosition;
import dev.realtime.naming.RoomSettings;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Publishes. A message is tried until Redis has accepted or refused it or its time is up,
 * and never twice: where the outcome of an attempt is unknown, the next one looks for the
 * message's id first. Thread-safe; nothing blocks.
 */
final class RedisPublisher {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(RedisPublisher.class));

	/** Waiting messages that make more fail at once. */
	private static final int MAX_WAITING = 10_000;

	private static final long MAX_WAITING_BYTES = 16L * 1024 * 1024;

	private static final long RETRY_NANOS = 200_000_000;

	/**
	 * For how long and for how many rooms it is remembered what Redis has accepted: it
	 * must not fall behind unnoticed when a replica becomes the master.
	 */
	private static final long MEMORY = TimeUnit.SECONDS.toNanos(15);

	private static final int MAX_MEMORY = 10_000;

	private static final String STOPPED = "stopped";

	private final Map<String, RoomSender> senders = new ConcurrentHashMap<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong waitingBytes = new AtomicLong();

	private final RedisServers servers;

	private final StreamArguments arguments;

	private final RedisKeys keys;

	private final ReplyLanes lanes;

	private final Clock clock;

	private final long timeoutNanos;

	private volatile boolean stopped;

	RedisPublisher(RedisServers servers, StreamArguments arguments, RedisKeys keys, ReplyLanes lanes, Clock clock,
			long timeoutNanos) {
		this.servers = servers;
		this.arguments = arguments;
		this.keys = keys;
		this.lanes = lanes;
		this.clock = clock;
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Publish.
	 * @param again whether it may have been published before
	 */
	CompletionStage<StreamPosition> publish(RelayMessage message, RoomSettings settings, boolean again) {
		Outgoing outgoing = outgoing(message, again);
		if (this.waiting.get() >= MAX_WAITING || this.waitingBytes.get() >= MAX_WAITING_BYTES) {
			return CompletableFuture
				.failedFuture(new RelayUnavailableException("Too much is waiting to be published", null));
		}
		this.waiting.incrementAndGet();
		this.waitingBytes.addAndGet(outgoing.bytes());
		RoomSender sender = this.senders.compute(message.room(), (room, present) -> {
			RoomSender result = (present != null) ? present : new RoomSender(room, settings);
			result.add(outgoing, System.nanoTime());
			return result;
		});
		drive(sender);
		if (this.stopped) {
			fail(sender, sender.takeAll(), STOPPED);
		}
		return outgoing.position();
	}

	private Outgoing outgoing(RelayMessage message, boolean again) {
		boolean publication = message.type() == RelayMessage.Type.PUBLICATION;
		String id = (message.id() != null) ? message.id() : UUID.randomUUID().toString();
		// What is replayed may be so again much later, when the stream has forgotten its
		// id
		byte[] key = (publication && (message.hasKey() || again)) ? this.keys.idempotency(message.room(), id) : null;
		String kind = (key != null) ? Outgoing.PUBLICATION_WITH_KEY : Outgoing.PUBLICATION;
		return new Outgoing(publication ? kind : Outgoing.EVENT, id, key,
				EnvelopeCodec.encode(message, id, this.clock.millis()), System.nanoTime() + this.timeoutNanos, again,
				new CompletableFuture<>());
	}

	private void drive(RoomSender sender) {
		long now = System.nanoTime();
		RedisEndpoint endpoint = this.servers.endpoint(this.keys.partition(sender.room()));
		RoomSender.Call call = (endpoint == null || endpoint.gate().isOpen(now)) ? sender.take(now) : null;
		if (call != null) {
			if (endpoint != null) {
				endpoint.gate().passed(now);
			}
			this.servers
				.run(RedisScript.PUBLISH, this.arguments.keys(sender.room(), call.messages()),
						this.arguments.publish(sender.room(), sender.settings(), call))
				.whenComplete((reply, failure) -> answered(sender, endpoint, call, reply, failure));
		}
	}

	private void answered(RoomSender sender, @Nullable RedisEndpoint endpoint, RoomSender.Call call,
			@Nullable List<Object> reply, @Nullable Throwable failure) {
		PublishReply parsed = (reply != null) ? PublishReply.of(reply, call.messages().size())
				: PublishReply.failed(failure);
		List<Outgoing> lost = sender.answered(parsed.positions().size(), parsed.top(), parsed.rest(),
				System.nanoTime() + RETRY_NANOS);
		boolean success = parsed.positions().size() == call.messages().size();
		if (endpoint != null) {
			note(endpoint, success, parsed);
		}
		if (!success) {
			logger.warn(parsed.cause(), "Publishing to Redis failed: " + parsed.error());
		}
		if (success || parsed.rest() == RedisFailure.REFUSED) {
			drive(sender);
		}
		this.lanes.execute(sender.room(), () -> {
			complete(call.messages(), parsed.positions());
			fail(lost, parsed.error());
		});
		release(sender);
	}

	private static void note(RedisEndpoint endpoint, boolean success, PublishReply reply) {
		// What is refused for good says something of this room only
		if (success || reply.rest() != RedisFailure.REFUSED) {
			endpoint.accepting(success, "publications fail");
		}
		if (success) {
			endpoint.gate().succeeded();
		}
		else {
			endpoint.gate().failed(reply.cause(), System.nanoTime());
		}
	}

	private void complete(List<Outgoing> messages, List<StreamPosition> positions) {
		for (int i = 0; i < positions.size(); i++) {
			settle(messages.get(i)).complete(positions.get(i));
		}
	}

	private void fail(List<Outgoing> messages, String reason) {
		for (Outgoing message : messages) {
			settle(message).completeExceptionally(new RelayUnavailableException("Redis: " + reason, null));
		}
	}

	private CompletableFuture<StreamPosition> settle(Outgoing message) {
		this.waiting.decrementAndGet();
		this.waitingBytes.addAndGet(-message.bytes());
		return message.position();
	}

	private void release(RoomSender sender) {
		this.senders.computeIfPresent(sender.room(),
				(room, present) -> (present.isIdle() && this.senders.size() > MAX_MEMORY) ? null : present);
	}

	/**
	 * Try again what is due, and let fail what has waited for too long. To be called
	 * regularly.
	 */
	void check() {
		long now = System.nanoTime();
		for (RoomSender sender : new ArrayList<>(this.senders.values())) {
			fail(sender, sender.expire(now), "no confirmation in time");
			drive(sender);
			if (sender.isUnused(now, MEMORY)) {
				this.senders.computeIfPresent(sender.room(),
						(room, present) -> present.isUnused(now, MEMORY) ? null : present);
			}
		}
	}

	/**
	 * Let everything fail that is waiting, and what is in flight: whether that has been
	 * published nobody will know.
	 */
	void stop() {
		this.stopped = true;
		this.senders.values().forEach((sender) -> fail(sender, sender.takeAll(), STOPPED));
	}

	private void fail(RoomSender sender, List<Outgoing> messages, String reason) {
		if (!messages.isEmpty()) {
			this.lanes.execute(sender.room(), () -> fail(messages, reason));
			release(sender);
		}
	}

}
