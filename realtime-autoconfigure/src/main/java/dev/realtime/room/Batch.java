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
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import dev.realtime.DisconnectReason;
import dev.realtime.naming.SlowConsumerPolicy;
import dev.realtime.protocol.Push;
import dev.realtime.protocol.WireCodec;
import dev.realtime.relay.RelayMessage;
import dev.realtime.session.OutboundMessage;
import dev.realtime.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive messages of a room, encoded once for each codec and joined once for each
 * kind of member: those who want to know who comes and goes, and those who do not.
 */
final class Batch {

	private final Object room;

	private final List<RelayMessage> messages;

	private final SlowConsumerPolicy policy;

	private final int batchBytes;

	private final boolean exclusive;

	private final boolean comings;

	private final Provisional.@Nullable Repeats repeats;

	/** Without the repeats: what most members get. */
	private final @Nullable Batch others;

	private final List<@Nullable List<Message>> encoded = Arrays.asList(null, null, null);

	private final List<@Nullable List<OutboundMessage>> frames = Arrays.asList(null, null, null, null, null, null);

	/**
	 * Create a batch.
	 * @param repeats which of the messages members have got already, if there are any
	 */
	Batch(Object room, List<RelayMessage> messages, SlowConsumerPolicy policy, int batchBytes,
			Provisional.@Nullable Repeats repeats) {
		this.room = room;
		this.messages = messages;
		this.policy = policy;
		this.batchBytes = batchBytes;
		this.exclusive = messages.stream().anyMatch((message) -> !message.exclude().isEmpty());
		this.comings = messages.stream().anyMatch((message) -> message.member() != null);
		this.repeats = repeats;
		this.others = (repeats != null) ? new Batch(room,
				messages.stream().filter((message) -> !repeats.isRepeat(message)).toList(), policy, batchBytes, null)
				: null;
	}

	/**
	 * Send the messages to a member.
	 * @param member the member
	 * @param ahead whether it may have some of them already
	 * @return {@code false} if it must be told to subscribe again
	 */
	boolean send(Subscription member, boolean ahead) {
		if (this.others != null && this.repeats != null && !this.repeats.isLatecomer(member)) {
			return this.others.send(member, ahead);
		}
		WireCodec codec = member.session().codec();
		List<OutboundMessage> selected = (this.exclusive || ahead || this.repeats != null) ? join(codec, member)
				: shared(codec, member.joinLeave() || !this.comings);
		if (selected == null) {
			member.session().disconnect(DisconnectReason.INAPPROPRIATE_PROTOCOL);
			return true;
		}
		for (int i = 0; i < selected.size(); i++) {
			if (!member.session().write(selected.get(i), this.policy)) {
				return false;
			}
		}
		return true;
	}

	private @Nullable List<OutboundMessage> shared(WireCodec codec, boolean comings) {
		int variant = codec.index() * 2 + (comings ? 1 : 0);
		List<OutboundMessage> result = this.frames.get(variant);
		if (result == null) {
			result = join(codec, (message) -> comings || message.member() == null);
			this.frames.set(variant, result);
		}
		return result;
	}

	private @Nullable List<OutboundMessage> join(WireCodec codec, Subscription member) {
		return join(codec, (message) -> (message.member() != null) ? member.joinLeave() : isFor(member, message));
	}

	private boolean isFor(Subscription member, RelayMessage message) {
		boolean further = message.offset() == 0 || message.offset() > member.position();
		boolean repeated = this.repeats != null && this.repeats.has(member, message);
		return further && !repeated && !message.exclude().contains(member.session().id());
	}

	private @Nullable List<OutboundMessage> join(WireCodec codec, Predicate<RelayMessage> filter) {
		Joiner joiner = new Joiner(codec, this.room, this.batchBytes);
		for (Message message : encoded(codec)) {
			if (filter.test(message.message())) {
				if (message.bytes() == null) {
					return null;
				}
				if (message.bytes().length > 0) {
					joiner.add(message.bytes());
				}
			}
		}
		return joiner.finish();
	}

	private List<Message> encoded(WireCodec codec) {
		List<Message> result = this.encoded.get(codec.index());
		if (result == null) {
			result = this.messages.stream().map((message) -> encode(codec, message)).toList();
			this.encoded.set(codec.index(), result);
		}
		return result;
	}

	private static Message encode(WireCodec codec, RelayMessage message) {
		boolean carried = codec.carries(message.publication().data());
		return new Message(message, carried ? codec.push(push(message)) : null);
	}

	private static Push push(RelayMessage message) {
		if (message.member() == null) {
			return new Push.Published(message.room(), message.publication());
		}
		return (message.type() == RelayMessage.Type.JOIN) ? new Push.Joined(message.room(), message.member())
				: new Push.Left(message.room(), message.member());
	}

	private record Message(RelayMessage message, byte @Nullable [] bytes) {

	}

	/**
	 * Joins messages to as few frames as the size allows.
	 */
	private static final class Joiner {

		private final WireCodec codec;

		private final Object room;

		private final int limit;

		private final List<OutboundMessage> frames = new ArrayList<>(1);

		private final List<byte[]> current = new ArrayList<>();

		private int bytes;

		Joiner(WireCodec codec, Object room, int limit) {
			this.codec = codec;
			this.room = room;
			this.limit = limit;
		}

		void add(byte[] message) {
			if (this.bytes + message.length > this.limit) {
				flush();
			}
			this.current.add(message);
			this.bytes += message.length;
		}

		List<OutboundMessage> finish() {
			flush();
			return this.frames;
		}

		private void flush() {
			if (!this.current.isEmpty()) {
				byte[] frame = this.codec.join(this.current, this.bytes);
				this.frames.add(new OutboundMessage(frame, this.room));
				this.current.clear();
				this.bytes = 0;
			}
		}

	}

}
