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

import java.util.HashMap;
import java.util.Map;

import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands of Protobuf. The schema is flat, so that nothing a client sends can make
 * the reader recurse deeper than it is written here.
 */
final class ProtobufCommandReader {

	private static final long MAX_ID = 0xFFFF_FFFFL;

	private static final long REJECT_UNRECOVERABLE = 2;

	Command read(ProtobufReader in) throws ProtocolException {
		long id = 0;
		int method = 0;
		ProtobufReader request = null;
		for (int field = in.next(); field != 0; field = in.next()) {
			if (field == 1) {
				id = in.number();
			}
			else if (field >= 4 && field <= 15 && request == null) {
				method = field;
				request = in.message();
			}
			else {
				in.skip();
			}
		}
		if (id < 0 || id > MAX_ID) {
			throw new ProtocolException("id out of range");
		}
		return command(id, method, request);
	}

	private Command command(long id, int method, @Nullable ProtobufReader request) throws ProtocolException {
		if (id == 0 && method != 12) {
			return new Command.Pong();
		}
		if (request == null) {
			throw new ProtocolException("no method");
		}
		return switch (method) {
			case 4 -> connect(id, request);
			case 5 -> subscribe(id, request);
			case 6 -> new Command.Unsubscribe(id, room(request));
			case 7 -> publish(id, request);
			case 8 -> new Command.Presence(id, room(request));
			case 9 -> new Command.PresenceStats(id, room(request));
			case 10 -> history(id, request);
			case 11 -> new Command.Ping(id);
			case 12 -> new Command.Send(id, data(request));
			case 13 -> rpc(id, request);
			case 14 -> new Command.Refresh(id, room(request));
			default -> subRefresh(id, request);
		};
	}

	private Command connect(long id, ProtobufReader in) throws ProtocolException {
		String token = "";
		Payload data = Payload.EMPTY;
		Map<String, StreamPosition> subscriptions = new HashMap<>();
		String name = "";
		String version = "";
		Map<String, String> headers = new HashMap<>();
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> token = in.string();
				case 2 -> data = Payload.ofBytes(in.bytes());
				case 3 -> position(in.message(), subscriptions);
				case 4 -> name = in.string();
				case 5 -> version = in.string();
				case 6 -> header(in.message(), headers);
				default -> in.skip();
			}
		}
		return new Command.Connect(id, token, data, subscriptions, name, version, headers);
	}

	private void position(ProtobufReader entry, Map<String, StreamPosition> positions) throws ProtocolException {
		String room = "";
		StreamPosition position = StreamPosition.START;
		for (int field = entry.next(); field != 0; field = entry.next()) {
			switch (field) {
				case 1 -> room = entry.string();
				case 2 -> {
					Subscription subscription = subscription(entry.message());
					position = subscription.position();
				}
				default -> entry.skip();
			}
		}
		positions.put(room, position);
	}

	private void header(ProtobufReader entry, Map<String, String> headers) throws ProtocolException {
		String name = "";
		String value = "";
		for (int field = entry.next(); field != 0; field = entry.next()) {
			switch (field) {
				case 1 -> name = entry.string();
				case 2 -> value = entry.string();
				default -> entry.skip();
			}
		}
		headers.put(name, value);
	}

	private Command subscribe(long id, ProtobufReader in) throws ProtocolException {
		Subscription read = subscription(in);
		return new Command.Subscribe(id, read.room, read.token, read.recover ? read.position() : null, read.data,
				read.joinLeave, (read.flag & REJECT_UNRECOVERABLE) != 0, read.type, read.filtered);
	}

	private Subscription subscription(ProtobufReader in) throws ProtocolException {
		Subscription result = new Subscription();
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> result.room = in.string();
				case 2 -> result.token = in.string();
				case 3 -> result.recover = in.bool();
				case 6 -> result.epoch = in.string();
				case 7 -> result.offset = offset(in);
				case 8 -> result.data = Payload.ofBytes(in.bytes());
				case 11 -> result.joinLeave = in.bool();
				case 13 -> {
					result.filtered = true;
					in.skip();
				}
				case 14 -> result.flag = in.number();
				case 15 -> result.type = (int) in.number();
				default -> in.skip();
			}
		}
		return result;
	}

	/** Offsets are unsigned: one above 2^63 - 1 is in the future in any case. */
	private static long offset(ProtobufReader in) throws ProtocolException {
		long offset = in.number();
		return (offset < 0) ? Long.MAX_VALUE : offset;
	}

	private Command publish(long id, ProtobufReader in) throws ProtocolException {
		String room = "";
		Payload data = Payload.EMPTY;
		int type = 0;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> room = in.string();
				case 2 -> data = Payload.ofBytes(in.bytes());
				case 3 -> type = (type != 0) ? type : (int) in.number();
				case 4, 5 -> {
					type = 1;
					in.skip();
				}
				default -> in.skip();
			}
		}
		return new Command.Publish(id, room, data, type);
	}

	private Command history(long id, ProtobufReader in) throws ProtocolException {
		String room = "";
		int limit = 0;
		StreamPosition since = null;
		boolean reverse = false;
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> room = in.string();
				case 7 -> limit = (int) in.number();
				case 8 -> since = since(in.message());
				case 9 -> reverse = in.bool();
				default -> in.skip();
			}
		}
		return new Command.History(id, room, limit, since, reverse);
	}

	private StreamPosition since(ProtobufReader in) throws ProtocolException {
		long offset = 0;
		String epoch = "";
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> offset = offset(in);
				case 2 -> epoch = in.string();
				default -> in.skip();
			}
		}
		return new StreamPosition(offset, epoch);
	}

	private Command rpc(long id, ProtobufReader in) throws ProtocolException {
		Payload data = Payload.EMPTY;
		String method = "";
		for (int field = in.next(); field != 0; field = in.next()) {
			switch (field) {
				case 1 -> data = Payload.ofBytes(in.bytes());
				case 2 -> method = in.string();
				default -> in.skip();
			}
		}
		return new Command.Rpc(id, method, data);
	}

	private Command subRefresh(long id, ProtobufReader in) throws ProtocolException {
		Subscription read = subscription(in);
		return new Command.SubRefresh(id, read.room, read.token);
	}

	/** Read the text that is field 1: the room, or the token of a refresh. */
	private String room(ProtobufReader in) throws ProtocolException {
		String room = "";
		for (int field = in.next(); field != 0; field = in.next()) {
			if (field == 1) {
				room = in.string();
			}
			else {
				in.skip();
			}
		}
		return room;
	}

	private Payload data(ProtobufReader in) throws ProtocolException {
		Payload data = Payload.EMPTY;
		for (int field = in.next(); field != 0; field = in.next()) {
			if (field == 1) {
				data = Payload.ofBytes(in.bytes());
			}
			else {
				in.skip();
			}
		}
		return data;
	}

	/**
	 * The fields of a subscribe request.
	 */
	private static final class Subscription {

		private String room = "";

		private String token = "";

		private boolean recover;

		private String epoch = "";

		private long offset;

		private Payload data = Payload.EMPTY;

		private boolean joinLeave;

		private long flag;

		private int type;

		private boolean filtered;

		private StreamPosition position() {
			return new StreamPosition(this.offset, this.epoch);
		}

	}

}
