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

package dev.realtime.relay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.protocol.ProtobufReader;
import dev.realtime.protocol.ProtobufWriter;
import dev.realtime.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads what travels between nodes: numbered fields, of which a reader skips
 * those that it does not know, so that nodes of neighbouring versions understand each
 * other. Room, epoch and offset are not among them; the relay adds these. Everything that
 * is read is untrusted. Stateless.
 *
 * <pre>
 * 1 type  2 id  3 time  4 data  5 publisher or member  6 tags  7 excluded session
 * 8 conflation key            member: 1 user  2 session  3 connection info  4 room info
 * </pre>
 *
 * @since 0.1.0
 */
public final class EnvelopeCodec {

	private static final int MAX_ENTRIES = 10_000;

	private EnvelopeCodec() {
	}

	/**
	 * Write a message.
	 * @param message the message
	 * @param id its id, by which it is recognized when it is sent again
	 * @param time when it was sent, in milliseconds since 1970
	 * @return the bytes
	 */
	public static byte[] encode(RelayMessage message, String id, long time) {
		Publication publication = message.publication();
		Member member = (message.member() != null) ? message.member() : publication.info();
		ProtobufWriter writer = new ProtobufWriter(publication.data().length() + 128);
		writer.number(1, message.type().ordinal()).string(2, id).number(3, time).payload(4, publication.data());
		if (member != null) {
			writer.message(5, (content) -> encode(content, member));
		}
		writer.strings(6, publication.tags());
		message.exclude().forEach((session) -> writer.string(7, session));
		if (message.conflationKey() != null) {
			writer.string(8, message.conflationKey());
		}
		return writer.toBytes();
	}

	/**
	 * Write a member alone.
	 * @param member the member
	 * @return the bytes
	 */
	public static byte[] encode(Member member) {
		ProtobufWriter writer = new ProtobufWriter(128);
		encode(writer, member);
		return writer.toBytes();
	}

	private static void encode(ProtobufWriter writer, Member member) {
		writer.string(1, member.user())
			.string(2, member.session())
			.payload(3, member.connectionInfo())
			.payload(4, member.roomInfo());
	}

	/**
	 * Read a message.
	 * @param room the name of the room
	 * @param epoch the stream
	 * @param offset the place in the stream, or 0 if it is no publication
	 * @param visible whether clients see the offset
	 * @param bytes the bytes
	 * @return the message
	 * @throws ProtocolException if it is none
	 */
	public static RelayMessage decode(String room, String epoch, long offset, boolean visible, byte[] bytes)
			throws ProtocolException {
		Fields fields = new Fields();
		ProtobufReader reader = new ProtobufReader(bytes, 0, bytes.length);
		for (int field = reader.next(); field != 0; field = reader.next()) {
			fields.read(field, reader);
		}
		return fields.message(room, epoch, offset, visible);
	}

	/**
	 * Read a publication that has no place in the stream yet.
	 * @param room the name of the room
	 * @param bytes the bytes
	 * @return the message
	 * @throws ProtocolException if it is none
	 */
	public static RelayMessage decodePending(String room, byte[] bytes) throws ProtocolException {
		RelayMessage message = decode(room, "", 1, false, bytes);
		return RelayMessage.publication(room, message.publication(), message.id(), message.exclude(),
				message.conflationKey());
	}

	/**
	 * Read a member.
	 * @param bytes the bytes
	 * @return the member
	 * @throws ProtocolException if it is none
	 */
	public static Member decodeMember(byte[] bytes) throws ProtocolException {
		return member(new ProtobufReader(bytes, 0, bytes.length));
	}

	private static Member member(ProtobufReader reader) throws ProtocolException {
		String user = "";
		String session = "";
		Payload connectionInfo = Payload.EMPTY;
		Payload roomInfo = Payload.EMPTY;
		for (int field = reader.next(); field != 0; field = reader.next()) {
			switch (field) {
				case 1 -> user = reader.string();
				case 2 -> session = reader.string();
				case 3 -> connectionInfo = Payload.ofBytes(reader.bytes());
				case 4 -> roomInfo = Payload.ofBytes(reader.bytes());
				default -> reader.skip();
			}
		}
		return new Member(user, session, connectionInfo, roomInfo);
	}

	/**
	 * What has been read so far.
	 */
	private static final class Fields {

		private final Map<String, String> tags = new HashMap<>(0);

		private final Set<String> exclude = new HashSet<>(0);

		private long type;

		private @Nullable String id;

		private long time;

		private Payload data = Payload.EMPTY;

		private @Nullable Member member;

		private @Nullable String conflationKey;

		void read(int field, ProtobufReader reader) throws ProtocolException {
			switch (field) {
				case 1 -> this.type = reader.number();
				case 2 -> this.id = reader.string();
				case 3 -> this.time = reader.number();
				case 4 -> this.data = Payload.ofBytes(reader.bytes());
				case 5 -> this.member = member(reader.message());
				case 6 -> tag(reader.message());
				case 7 -> exclude(reader.string());
				case 8 -> this.conflationKey = reader.string();
				default -> reader.skip();
			}
			if (this.tags.size() + this.exclude.size() > MAX_ENTRIES) {
				throw new ProtocolException("too many entries");
			}
		}

		/** An empty text is the same as none, which no writer writes. */
		private void exclude(String session) {
			if (!session.isEmpty()) {
				this.exclude.add(session);
			}
		}

		private void tag(ProtobufReader reader) throws ProtocolException {
			String key = "";
			String value = "";
			for (int field = reader.next(); field != 0; field = reader.next()) {
				switch (field) {
					case 1 -> key = reader.string();
					case 2 -> value = reader.string();
					default -> reader.skip();
				}
			}
			this.tags.put(key, value);
		}

		RelayMessage message(String room, String epoch, long offset, boolean visible) throws ProtocolException {
			RelayMessage.Type[] types = RelayMessage.Type.values();
			if (this.type < 0 || this.type >= types.length) {
				throw new ProtocolException("unknown type");
			}
			if (this.id == null) {
				throw new ProtocolException("no id");
			}
			RelayMessage.Type known = types[(int) this.type];
			boolean publication = known == RelayMessage.Type.PUBLICATION;
			if (publication != (offset > 0) || (!publication && this.member == null)) {
				throw new ProtocolException("no such message");
			}
			Publication content = new Publication(this.data, visible ? offset : 0, publication ? this.member : null,
					this.tags, this.time);
			return new RelayMessage(known, room, this.id, epoch, offset, content, publication ? null : this.member,
					this.exclude, "".equals(this.conflationKey) ? null : this.conflationKey);
		}

	}

}
