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

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.realtime.Payload;
import dev.realtime.RelayUnavailableException;
import dev.realtime.control.BanStore;
import dev.realtime.control.ControlCodec;
import dev.realtime.control.ControlMessage;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends control messages and gathers the answers. Whatever is sent goes through a script
 * that writes, since a replica takes what is merely published to it and loses it. What is
 * not answered is sent again until the time is over: a node may just be reconnecting.
 * Thread-safe; nothing blocks.
 */
final class ControlSender implements ChannelListener {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(ControlSender.class));

	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);

	private static final int MAX_UNDER_WAY = 10_000;

	private final Map<String, Broadcast> underWay = new ConcurrentHashMap<>();

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final String address = UUID.randomUUID().toString();

	private final ControlSeal seal;

	private final LiveNodes nodes;

	private final long timeoutNanos;

	/**
	 * Create a sender.
	 * @param nodes this node and the others
	 * @param timeoutNanos how long the others may take
	 */
	ControlSender(RedisCommands commands, RedisKeys keys, ControlSeal seal, LiveNodes nodes, long timeoutNanos) {
		this.commands = commands;
		this.keys = keys;
		this.seal = seal;
		this.nodes = nodes;
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Return where answers are sent, which nobody else has.
	 */
	String address() {
		return this.address;
	}

	/**
	 * Tell all others, and wait until all that are alive have done it.
	 */
	CompletionStage<@Nullable Void> broadcast(ControlMessage message) {
		if (this.underWay.size() >= MAX_UNDER_WAY) {
			return CompletableFuture.failedFuture(new RelayUnavailableException("Too many are under way", null));
		}
		String id = UUID.randomUUID().toString();
		Broadcast broadcast = new Broadcast(seal(id, true, message), ControlChange.of(message), this.nodes.others(),
				System.nanoTime() + this.timeoutNanos);
		this.underWay.put(id, broadcast);
		broadcast.stage().whenComplete((nothing, failure) -> this.underWay.remove(id));
		transmit(broadcast);
		return broadcast.stage();
	}

	private byte[] seal(String id, boolean wantsAnswer, ControlMessage message) {
		Payload body = Payload.ofBytes(ControlCodec.encode(message));
		return this.seal.close(new ControlEnvelope(id, this.address, wantsAnswer, body).encode());
	}

	private void transmit(Broadcast broadcast) {
		if (!broadcast.send(System.nanoTime(), INTERVAL)) {
			return;
		}
		run(this.keys.controlChannel(), broadcast.message(), broadcast.change()).whenComplete((reply, failure) -> {
			if (failure != null) {
				broadcast.failed(RedisNode.unwrap(failure));
			}
			else {
				broadcast.accepted(this.nodes.others());
			}
		});
	}

	private CompletionStage<?> run(String channel, byte[] message, ControlChange change) {
		return this.commands.run(RedisScript.CONTROL, this.keys.bans(), RedisKeys.bytes(channel), message,
				RedisKeys.bytes(change.kind()), RedisKeys.bytes(change.user()), RedisKeys.bytes(change.time()),
				RedisKeys.bytes(BanStore.MAX_BANS));
	}

	/**
	 * Tell all others without waiting for them.
	 * @return a stage that completes when Redis has it
	 */
	CompletionStage<?> send(ControlMessage message) {
		return run(this.keys.controlChannel(), seal(UUID.randomUUID().toString(), false, message),
				ControlChange.of(message));
	}

	/**
	 * Tell the sender of a message that it has been done.
	 */
	void answer(ControlEnvelope envelope) {
		byte[] answer = this.seal.close(ControlEnvelope.answer(envelope.id(), this.nodes.self()).encode());
		run(this.keys.answerChannel(envelope.sender()), answer, ControlChange.NONE).exceptionally((failure) -> {
			logger.warn("answer",
					"Another node does not hear that something is done: " + RedisNode.unwrap(failure).getMessage());
			return null;
		});
	}

	@Override
	public void subscribed() {
	}

	/** An answer has come. */
	@Override
	public void message(byte[] message) {
		byte[] content = this.seal.open(message);
		ControlEnvelope answer = (content != null) ? ControlEnvelope.decode(content) : null;
		if (answer == null) {
			logger.warn("garbage", "Something on the channel for answers has not been sent by a node of this version "
					+ "and application with the same realtime.redis.control-secret");
			return;
		}
		Broadcast broadcast = this.underWay.get(answer.id());
		if (broadcast != null) {
			broadcast.answered(answer.sender());
		}
	}

	/**
	 * Do what is due. To be called regularly, by one thread.
	 */
	void check() {
		long now = System.nanoTime();
		Set<String> alive = this.nodes.others();
		for (Broadcast broadcast : this.underWay.values()) {
			if (!broadcast.check(now, alive)) {
				transmit(broadcast);
			}
		}
	}

	/**
	 * Let everything fail that is under way.
	 */
	void stop() {
		this.underWay.values().forEach((broadcast) -> broadcast.fail("before this node stopped"));
	}

}
