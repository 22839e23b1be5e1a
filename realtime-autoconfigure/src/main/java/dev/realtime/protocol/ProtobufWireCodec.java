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

package dev.realtime.protocol;

import java.util.List;
import java.util.function.Consumer;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;

/**
 * The protocol in Protobuf: binary frames, each message behind its length. Written by
 * hand, since the schema is small and a Protobuf library on the class path of an
 * application clashes with the one that it has.
 *
 * @since 0.1.0
 */
public final class ProtobufWireCodec implements WireCodec {

	/** The sub-protocol that asks for this codec. */
	public static final String SUB_PROTOCOL = "centrifuge-protobuf";

	private static final byte[] PING = { 0 };

	private static final int ENVELOPE = 256;

	private final ProtobufCommandReader reader = new ProtobufCommandReader();

	@Override
	public int index() {
		return 1;
	}

	@Override
	public void decode(byte[] frame, Consumer<Command> commands) throws ProtocolException {
		ProtobufReader in = new ProtobufReader(frame, 0, frame.length);
		if (!in.hasMore()) {
			throw new ProtocolException("no command");
		}
		while (in.hasMore()) {
			commands.accept(this.reader.read(in.delimited()));
		}
	}

	@Override
	public byte[] reply(long id, Result result) {
		ProtobufWriter reply = new ProtobufWriter(ENVELOPE).number(1, id);
		if (result instanceof Result.Connected connected) {
			reply.message(5, (out) -> connected(out, connected));
		}
		else if (result instanceof Result.Subscribed subscribed) {
			reply.message(6, (out) -> subscribed(out, subscribed));
		}
		else if (result instanceof Result.PresenceList presence) {
			reply.message(9, (out) -> presence.members()
				.forEach((member) -> out.message(1,
						(entry) -> entry.string(1, member.session()).message(2, (info) -> member(info, member)))));
		}
		else if (result instanceof Result.PresenceCount count) {
			reply.message(10, (out) -> out.number(1, count.sessions()).number(2, count.users()));
		}
		else if (result instanceof Result.HistoryPage page) {
			reply.message(11, (out) -> {
				publications(out, 1, page.publications());
				out.string(2, page.top().epoch()).number(3, page.top().offset());
			});
		}
		else if (result instanceof Result.Refreshed refreshed) {
			reply.message(14, (out) -> out.bool(3, refreshed.ttl() > 0).number(4, refreshed.ttl()));
		}
		else if (result instanceof Result.SubscriptionRefreshed refreshed) {
			reply.message(15, (out) -> out.bool(1, refreshed.ttl() > 0).number(2, refreshed.ttl()));
		}
		else if (result instanceof Result.RpcReturned returned) {
			reply.message(13, (out) -> out.payload(1, returned.data()));
		}
		else {
			reply.message((result instanceof Result.Unsubscribed) ? 7 : 8, (out) -> {
			});
		}
		return reply.toDelimited();
	}

	private void connected(ProtobufWriter out, Result.Connected connected) {
		out.string(1, connected.session()).string(2, connected.version());
		out.bool(3, connected.ttl() > 0).number(4, connected.ttl()).payload(5, connected.data());
		connected.subscriptions()
			.forEach((room, subscribed) -> out.message(6,
					(entry) -> entry.string(1, room).message(2, (value) -> subscribed(value, subscribed))));
		out.number(7, connected.pingSeconds()).bool(8, connected.pingSeconds() > 0);
	}

	private void subscribed(ProtobufWriter out, Result.Subscribed subscribed) {
		out.bool(1, subscribed.ttl() > 0).number(2, subscribed.ttl()).bool(3, subscribed.recoverable());
		StreamPosition position = (subscribed.position() != null) ? subscribed.position() : StreamPosition.START;
		out.string(6, position.epoch());
		publications(out, 7, subscribed.publications());
		out.bool(8, Boolean.TRUE.equals(subscribed.recovery())).number(9, position.offset());
		out.bool(10, subscribed.recoverable()).payload(11, subscribed.data());
		out.bool(12, subscribed.recovery() != null);
	}

	private void publications(ProtobufWriter out, int field, List<Publication> publications) {
		publications.forEach((publication) -> out.message(field, (item) -> publication(item, publication)));
	}

	private void publication(ProtobufWriter out, Publication publication) {
		out.payload(4, publication.data());
		Member info = publication.info();
		if (info != null) {
			out.message(5, (member) -> member(member, info));
		}
		out.number(6, publication.offset()).strings(7, publication.tags()).number(9, publication.time());
	}

	private void member(ProtobufWriter out, Member member) {
		out.string(1, member.user()).string(2, member.session());
		out.payload(3, member.connectionInfo()).payload(4, member.roomInfo());
	}

	@Override
	public byte[] error(long id, int code, String message, boolean temporary) {
		return new ProtobufWriter(ENVELOPE).number(1, id)
			.message(2, (error) -> error.number(1, code).string(2, message).bool(3, temporary))
			.toDelimited();
	}

	@Override
	public byte[] push(Push push) {
		return new ProtobufWriter(ENVELOPE).message(4, (out) -> push(out, push)).toDelimited();
	}

	private void push(ProtobufWriter out, Push push) {
		out.string(2, push.room());
		if (push instanceof Push.Published published) {
			out.message(4, (publication) -> publication(publication, published.publication()));
		}
		else if (push instanceof Push.Joined joined) {
			out.message(5, (join) -> join.message(1, (info) -> member(info, joined.member())));
		}
		else if (push instanceof Push.Left left) {
			out.message(6, (leave) -> leave.message(1, (info) -> member(info, left.member())));
		}
		else if (push instanceof Push.Unsubscribed unsubscribed) {
			out.message(7, (end) -> end.number(2, unsubscribed.code()).string(3, unsubscribed.reason()));
		}
		else if (push instanceof Push.Subscribed subscribed) {
			out.message(9, (subscription) -> pushed(subscription, subscribed.subscription()));
		}
		else if (push instanceof Push.Message message) {
			out.message(8, (content) -> content.payload(1, message.data()));
		}
	}

	private void pushed(ProtobufWriter out, Result.Subscribed subscribed) {
		StreamPosition position = (subscribed.position() != null) ? subscribed.position() : StreamPosition.START;
		out.bool(1, subscribed.recoverable()).string(4, position.epoch()).number(5, position.offset());
		out.bool(6, subscribed.recoverable()).payload(7, subscribed.data());
	}

	@Override
	public byte[] ping() {
		return PING;
	}

	@Override
	public boolean carries(Payload payload) {
		return true;
	}

	@Override
	public int separatorLength() {
		return 0;
	}

	@Override
	public byte[] join(List<byte[]> messages, int bytes) {
		if (messages.size() == 1) {
			return messages.get(0);
		}
		byte[] frame = new byte[bytes];
		int at = 0;
		for (byte[] message : messages) {
			System.arraycopy(message, 0, frame, at, message.length);
			at += message.length;
		}
		return frame;
	}

}
