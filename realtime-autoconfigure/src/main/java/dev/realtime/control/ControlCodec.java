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

package dev.realtime.control;

import java.time.Duration;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.protocol.ProtobufReader;
import dev.realtime.protocol.ProtobufWriter;
import dev.realtime.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads control messages: numbered fields, of which a reader skips those that
 * it does not know, so that nodes of neighbouring versions understand each other. What is
 * read is untrusted. Stateless.
 *
 * <pre>
 * 1 type  2 user  3 session  4 room  5 close code  6 close reason
 * 7 time of a ban in ms, left out if it is for good  8 payload
 *
 * types: 1 disconnect user  2 disconnect session  3 subscribe  4 unsubscribe  5 refresh
 * 6 send to user  7 ban  8 unban  9 end login (its key is in field 3)
 * </pre>
 *
 * @since 0.1.0
 */
public final class ControlCodec {

	/** What is longer than that is not read. */
	private static final int MAX_BYTES = 16 << 20;

	private static final int DISCONNECT_USER = 1;

	private static final int DISCONNECT_SESSION = 2;

	private static final int SUBSCRIBE = 3;

	private static final int UNSUBSCRIBE = 4;

	private static final int REFRESH = 5;

	private static final int SEND_TO_USER = 6;

	private static final int BAN = 7;

	private static final int UNBAN = 8;

	private static final int END_LOGIN = 9;

	private ControlCodec() {
	}

	/**
	 * Write a message.
	 * @param message the message
	 * @return the bytes
	 */
	public static byte[] encode(ControlMessage message) {
		ProtobufWriter writer = new ProtobufWriter(128);
		if (message instanceof ControlMessage.Verdict verdict) {
			verdict(writer, verdict);
		}
		else if (message instanceof ControlMessage.DisconnectUser ending) {
			reason(writer.number(1, DISCONNECT_USER).string(2, ending.user()), ending.reason());
		}
		else if (message instanceof ControlMessage.DisconnectSession ending) {
			reason(writer.number(1, DISCONNECT_SESSION).string(3, ending.session()), ending.reason());
		}
		else if (message instanceof ControlMessage.Subscribe joining) {
			writer.number(1, SUBSCRIBE).string(2, joining.user()).string(4, joining.room());
		}
		else if (message instanceof ControlMessage.Unsubscribe leaving) {
			writer.number(1, UNSUBSCRIBE).string(2, leaving.user()).string(4, leaving.room());
		}
		else if (message instanceof ControlMessage.EndLogin ending) {
			writer.number(1, END_LOGIN).string(3, ending.login());
		}
		else if (message instanceof ControlMessage.Refresh refresh) {
			writer.number(1, REFRESH).string(2, refresh.user());
		}
		else if (message instanceof ControlMessage.SendToUser sending) {
			writer.number(1, SEND_TO_USER).string(2, sending.user()).payload(8, sending.payload());
		}
		return writer.toBytes();
	}

	private static void verdict(ProtobufWriter writer, ControlMessage.Verdict verdict) {
		writer.number(1, (verdict instanceof ControlMessage.Ban) ? BAN : UNBAN).string(2, verdict.user());
		if (verdict instanceof ControlMessage.Ban ban && ban.remaining() != null) {
			writer.number(7, ban.remaining().toMillis());
		}
	}

	private static void reason(ProtobufWriter writer, DisconnectReason reason) {
		writer.number(5, reason.code()).string(6, reason.reason());
	}

	/**
	 * Read a message.
	 * @param bytes the bytes, from whoever it may be
	 * @return the message, or {@code null} if it is none that this version understands
	 */
	public static @Nullable ControlMessage decode(byte[] bytes) {
		if (bytes.length > MAX_BYTES) {
			return null;
		}
		try {
			Fields fields = new Fields();
			ProtobufReader reader = new ProtobufReader(bytes, 0, bytes.length);
			for (int field = reader.next(); field != 0; field = reader.next()) {
				fields.read(field, reader);
			}
			return fields.message();
		}
		catch (ProtocolException | IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * What has been read so far.
	 */
	private static final class Fields {

		private long type;

		private String user = "";

		private String session = "";

		private String room = "";

		private long code;

		private String reason = "";

		private @Nullable Duration time;

		private Payload payload = Payload.EMPTY;

		void read(int field, ProtobufReader reader) throws ProtocolException {
			switch (field) {
				case 1 -> this.type = reader.number();
				case 2 -> this.user = reader.string();
				case 3 -> this.session = reader.string();
				case 4 -> this.room = reader.string();
				case 5 -> this.code = reader.number();
				case 6 -> this.reason = reader.string();
				case 7 -> this.time = Duration.ofMillis(reader.number());
				case 8 -> this.payload = Payload.ofBytes(reader.bytes());
				default -> reader.skip();
			}
		}

		@Nullable ControlMessage message() {
			if (this.type < DISCONNECT_USER || this.type > END_LOGIN) {
				return null;
			}
			return switch ((int) this.type) {
				case DISCONNECT_USER -> new ControlMessage.DisconnectUser(this.user, reason());
				case DISCONNECT_SESSION -> new ControlMessage.DisconnectSession(this.session, reason());
				case SUBSCRIBE -> new ControlMessage.Subscribe(this.user, this.room);
				case UNSUBSCRIBE -> new ControlMessage.Unsubscribe(this.user, this.room);
				case REFRESH -> new ControlMessage.Refresh(this.user);
				case SEND_TO_USER -> new ControlMessage.SendToUser(this.user, this.payload);
				case BAN -> new ControlMessage.Ban(this.user, this.time);
				case UNBAN -> new ControlMessage.Unban(this.user);
				default -> new ControlMessage.EndLogin(this.session);
			};
		}

		private DisconnectReason reason() {
			return new DisconnectReason((int) Math.min(Math.max(this.code, 0), Integer.MAX_VALUE), this.reason);
		}

	}

}
