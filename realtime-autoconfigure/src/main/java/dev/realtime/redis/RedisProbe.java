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

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.relay.RelayState;

/**
 * Checks that what this node publishes comes back to it. A connection may be healthy and
 * subscribed and yet attached to a server that gets nothing any more. The probe goes the
 * way of every publication; one that could not be sent proves nothing.
 */
final class RedisProbe implements ChannelListener {

	private static final String ROOM = "$probe";

	/** How often to look while something is wrong. */
	private static final long IMPATIENT = TimeUnit.SECONDS.toNanos(1);

	private final RedisCommands commands;

	private final RedisKeys keys;

	private final int partition;

	private final String channel;

	private final RelayCondition condition;

	private final Runnable restart;

	private final Runnable subscribed;

	private final long interval;

	private final AtomicLong number = new AtomicLong();

	private long last = System.nanoTime();

	/** Whether what is sent now can be heard. */
	private boolean listening;

	private long accepted;

	/** When Redis accepted the first of the probes that are not heard yet. */
	private long acceptedAt;

	private long heard;

	/**
	 * Create a probe.
	 * @param partition where to publish
	 * @param node the name of this node
	 * @param restart makes the connection anew by which this node hears
	 * @param subscribed is told that a probe can be heard
	 * @param interval how often to look, in nanoseconds
	 */
	RedisProbe(RedisCommands commands, RedisKeys keys, int partition, String node, RelayCondition condition,
			Runnable restart, Runnable subscribed, long interval) {
		this.commands = commands;
		this.keys = keys;
		this.partition = partition;
		this.channel = keys.probeChannel(partition, node);
		this.condition = condition;
		this.restart = restart;
		this.subscribed = subscribed;
		this.interval = interval;
	}

	int partition() {
		return this.partition;
	}

	String channel() {
		return this.channel;
	}

	/**
	 * Look if it is time. To be called regularly, by one thread.
	 */
	void check() {
		long now = System.nanoTime();
		if (isLost(now)) {
			this.condition.hearing(false, "a probe did not come back");
			this.restart.run();
			return;
		}
		boolean fine = this.condition.state() == RelayState.LIVE;
		if (now - this.last >= (fine ? this.interval : Math.min(this.interval, IMPATIENT))) {
			this.last = now;
			send();
		}
	}

	/** A slow way delays what arrives, so the time counts from the acceptance. */
	private synchronized boolean isLost(long now) {
		return this.listening && this.accepted > this.heard && now - this.acceptedAt >= this.interval;
	}

	/**
	 * Send a probe.
	 */
	CompletionStage<?> send() {
		long sent = this.number.incrementAndGet();
		byte[][] stream = this.keys.stream(this.partition, ROOM);
		return this.commands
			.run(RedisScript.PUBLISH, stream, RedisKeys.bytes(this.channel), RedisKeys.bytes("probe"),
					RedisKeys.bytes(0), RedisKeys.bytes(0), RedisKeys.bytes(60_000), RedisKeys.bytes(3_600_000),
					RedisKeys.bytes(0), RedisKeys.bytes(-1), RedisKeys.bytes(""), RedisKeys.bytes(0),
					RedisKeys.bytes(Outgoing.EVENT), RedisKeys.bytes(""), RedisKeys.bytes(sent))
			.whenComplete((reply, failure) -> {
				if (reply != null) {
					accepted(sent);
				}
				// A partition that moves says nothing of the server
				if (reply != null || Redirection.of(failure) == null) {
					this.condition.accepting(reply != null,
							(failure != null) ? String.valueOf(RedisNode.unwrap(failure).getMessage()) : "");
				}
			});
	}

	private synchronized void accepted(long sent) {
		if (this.accepted <= this.heard) {
			this.acceptedAt = System.nanoTime();
		}
		this.accepted = Math.max(this.accepted, sent);
	}

	/**
	 * Nothing can be heard until it is said that it can.
	 */
	synchronized void disconnected() {
		this.listening = false;
	}

	@Override
	public void subscribed() {
		synchronized (this) {
			this.listening = true;
			// What was sent before may have come while nobody listened
			this.heard = this.number.get();
		}
		this.subscribed.run();
	}

	@Override
	public void message(byte[] message) {
		String text = new String(message, StandardCharsets.UTF_8);
		String body = text.substring(text.lastIndexOf(' ') + 1);
		if (!body.isEmpty() && body.length() < 18 && body.chars().allMatch(Character::isDigit)
				&& heard(Long.parseLong(body))) {
			this.condition.hearing(true, "");
		}
	}

	/** Whoever can reach Redis can write numbers that were never sent. */
	private synchronized boolean heard(long sent) {
		if (sent <= this.heard || sent > this.number.get()) {
			return false;
		}
		this.heard = sent;
		this.acceptedAt = System.nanoTime();
		return true;
	}

}
