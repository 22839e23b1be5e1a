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

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.realtime.Payload;
import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one command of JSON. Jackson checks the text; payloads are cut out of the frame
 * as they are. Its limits are tighter than Jackson's own, since strangers write these
 * frames.
 */
final class JsonCommandReader {

	private static final int MAX_DEPTH = 32;

	private static final int MAX_TOKENS = 10_000;

	private static final int MAX_NAME = 1_000;

	/** Digits: more than any number that a client means. */
	private static final int MAX_NUMBER = 256;

	private static final long MAX_ID = 0xFFFF_FFFFL;

	/** Bit 1 of a subscribe command's flag. */
	private static final long REJECT_UNRECOVERABLE = 2;

	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_DEPTH)
			.maxTokenCount(MAX_TOKENS)
			.maxNameLength(MAX_NAME)
			.maxNumberLength(MAX_NUMBER)
			.build())
		.build();

	private static final JsonFactory PAYLOADS = new JsonFactory();

	private static final Factory SEND = (id, r) -> new Command.Send(id, r.data);

	/** How to make a command of the fields of its request. */
	private static final Map<String, Factory> METHODS = Map
		.ofEntries(
				Map.entry("connect",
						(id, r) -> new Command.Connect(id, r.token, r.data, r.subscriptions, r.name, r.version,
								r.headers)),
				Map.entry("subscribe",
						(id, r) -> new Command.Subscribe(id, r.room, r.token,
								r.recover ? new StreamPosition(r.offset, r.epoch) : null, r.data, r.joinLeave,
								(r.flag & REJECT_UNRECOVERABLE) != 0, r.type, r.filtered)),
				Map.entry("unsubscribe", (id, r) -> new Command.Unsubscribe(id, r.room)),
				Map.entry("publish",
						(id, r) -> new Command.Publish(id, r.room, r.data, (r.type == 0 && r.mapped) ? 1 : r.type)),
				Map.entry("presence", (id, r) -> new Command.Presence(id, r.room)),
				Map.entry("presence_stats", (id, r) -> new Command.PresenceStats(id, r.room)),
				Map.entry("history", (id, r) -> new Command.History(id, r.room, r.limit, r.since, r.reverse)),
				Map.entry("rpc", (id, r) -> new Command.Rpc(id, r.rpcMethod, r.data)), Map.entry("send", SEND),
				Map.entry("refresh", (id, r) -> new Command.Refresh(id, r.token)),
				Map.entry("sub_refresh", (id, r) -> new Command.SubRefresh(id, r.room, r.token)),
				Map.entry("ping", (id, r) -> new Command.Ping(id)));

	Command read(byte[] frame, int start, int length) throws ProtocolException {
		if (!Utf8.isJsonText(frame, start, length)) {
			throw new ProtocolException("not JSON in UTF-8");
		}
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), frame, start, length)) {
			Command command = new Reading(parser, frame, start).command();
			if (parser.nextToken() != null) {
				throw new ProtocolException("more than one value in a line");
			}
			return command;
		}
		catch (JacksonException ex) {
			throw new ProtocolException("malformed JSON");
		}
	}

	/**
	 * Return whether bytes are one JSON value. They are a payload that was accepted, so
	 * only Jackson's own limits count.
	 */
	static boolean isJson(byte[] bytes) {
		if (!Utf8.isJsonText(bytes, 0, bytes.length)) {
			return false;
		}
		try (JsonParser parser = PAYLOADS.createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
			if (parser.nextToken() == null) {
				return false;
			}
			parser.skipChildren();
			parser.finishToken();
			return parser.nextToken() == null;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	/**
	 * The reading of one command.
	 */
	private static final class Reading {

		private final JsonParser parser;

		private final byte[] frame;

		private final int start;

		private long id;

		private @Nullable Request request;

		Reading(JsonParser parser, byte[] frame, int start) {
			this.parser = parser;
			this.frame = frame;
			this.start = start;
		}

		Command command() throws ProtocolException {
			expect(this.parser.nextToken(), JsonToken.START_OBJECT);
			Set<String> names = new HashSet<>(4);
			while (this.parser.nextToken() != JsonToken.END_OBJECT) {
				member(once(names));
			}
			if (this.request == null) {
				if (this.id == 0) {
					return new Command.Pong();
				}
				throw new ProtocolException("no method");
			}
			if (this.id == 0 && this.request.factory != SEND) {
				return new Command.Pong();
			}
			return this.request.factory.create(this.id, this.request);
		}

		/** Two fields of one name mean different things to different readers. */
		private String once(Set<String> names) throws ProtocolException {
			String name = this.parser.currentName();
			if (!names.add(name)) {
				throw new ProtocolException("duplicate field");
			}
			return name;
		}

		private void member(String name) throws ProtocolException {
			JsonToken token = this.parser.nextToken();
			if (name.equals("id")) {
				this.id = number(token, MAX_ID);
			}
			else {
				Factory factory = (this.request == null) ? METHODS.get(name) : null;
				if (factory != null && token != JsonToken.VALUE_NULL) {
					this.request = request(factory, token);
				}
				else {
					this.parser.skipChildren();
				}
			}
		}

		private Request request(Factory factory, JsonToken token) throws ProtocolException {
			expect(token, JsonToken.START_OBJECT);
			Request result = new Request(factory);
			Set<String> names = new HashSet<>(4);
			while (this.parser.nextToken() != JsonToken.END_OBJECT) {
				String name = once(names);
				field(result, name, this.parser.nextToken());
			}
			return result;
		}

		private void field(Request result, String name, JsonToken token) throws ProtocolException {
			if (token == JsonToken.VALUE_NULL && !name.equals("data")) {
				return;
			}
			switch (name) {
				case "channel" -> result.room = text(token);
				case "token" -> result.token = text(token);
				case "name" -> result.name = text(token);
				case "version" -> result.version = text(token);
				case "method" -> result.rpcMethod = text(token);
				case "epoch" -> result.epoch = text(token);
				case "offset" -> result.offset = number(token, Long.MAX_VALUE);
				case "limit" -> result.limit = (int) signed(token);
				case "flag" -> result.flag = bits(token);
				case "type" -> result.type = (int) signed(token);
				case "recover" -> result.recover = bool(token);
				case "join_leave" -> result.joinLeave = bool(token);
				case "reverse" -> result.reverse = bool(token);
				case "data" -> result.data = payload(token);
				case "headers" -> result.headers = texts(token);
				case "since" -> result.since = position(token);
				case "subs" -> result.subscriptions = positions(token);
				default -> other(result, name);
			}
		}

		private void other(Request result, String name) {
			result.filtered |= name.equals("tf");
			result.mapped |= name.equals("key") || name.equals("removed");
			this.parser.skipChildren();
		}

		private Payload payload(JsonToken token) {
			int from = this.start + (int) this.parser.currentTokenLocation().getByteOffset();
			if (token.isStructStart()) {
				this.parser.skipChildren();
			}
			this.parser.finishToken();
			int to = this.start + (int) this.parser.currentLocation().getByteOffset();
			return Payload.ofJson(Arrays.copyOfRange(this.frame, from, to));
		}

		private Map<String, String> texts(JsonToken token) throws ProtocolException {
			expect(token, JsonToken.START_OBJECT);
			Map<String, String> result = new HashMap<>();
			Set<String> names = new HashSet<>();
			while (this.parser.nextToken() != JsonToken.END_OBJECT) {
				String name = once(names);
				result.put(name, text(this.parser.nextToken()));
			}
			return result;
		}

		private Map<String, StreamPosition> positions(JsonToken token) throws ProtocolException {
			expect(token, JsonToken.START_OBJECT);
			Map<String, StreamPosition> result = new HashMap<>();
			Set<String> names = new HashSet<>();
			while (this.parser.nextToken() != JsonToken.END_OBJECT) {
				String name = once(names);
				result.put(name, position(this.parser.nextToken()));
			}
			return result;
		}

		private StreamPosition position(JsonToken token) throws ProtocolException {
			Request position = request(SEND, token);
			return new StreamPosition(position.offset, position.epoch);
		}

		private String text(JsonToken token) throws ProtocolException {
			expect(token, JsonToken.VALUE_STRING);
			return this.parser.getString();
		}

		private boolean bool(JsonToken token) throws ProtocolException {
			if (!token.isBoolean()) {
				throw new ProtocolException("not a boolean");
			}
			return token == JsonToken.VALUE_TRUE;
		}

		private long number(JsonToken token, long max) throws ProtocolException {
			expect(token, JsonToken.VALUE_NUMBER_INT);
			if (this.parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
				return unsigned(max);
			}
			long value = this.parser.getLongValue();
			if (value < 0 || value > max) {
				throw new ProtocolException("number out of range");
			}
			return value;
		}

		/** Offsets are unsigned: one above 2^63 - 1 is in the future in any case. */
		private long unsigned(long max) throws ProtocolException {
			if (max != Long.MAX_VALUE || this.parser.getBigIntegerValue().signum() < 0
					|| this.parser.getBigIntegerValue().bitLength() > Long.SIZE) {
				throw new ProtocolException("number out of range");
			}
			return Long.MAX_VALUE;
		}

		private long signed(JsonToken token) throws ProtocolException {
			expect(token, JsonToken.VALUE_NUMBER_INT);
			long value = this.parser.getLongValue();
			return Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
		}

		private long bits(JsonToken token) throws ProtocolException {
			expect(token, JsonToken.VALUE_NUMBER_INT);
			return this.parser.getBigIntegerValue().longValue();
		}

		private void expect(@Nullable JsonToken token, JsonToken expected) throws ProtocolException {
			if (token != expected) {
				throw new ProtocolException("unexpected value");
			}
		}

	}

	/**
	 * Makes a command of the fields of its request.
	 */
	private interface Factory {

		Command create(long id, Request request);

	}

	/**
	 * The fields of all requests together; each command takes its own.
	 */
	private static final class Request {

		private final Factory factory;

		private String room = "";

		private String token = "";

		private String name = "";

		private String version = "";

		private String rpcMethod = "";

		private String epoch = "";

		private long offset;

		private int limit;

		private long flag;

		private int type;

		private boolean recover;

		private boolean joinLeave;

		private boolean reverse;

		private boolean filtered;

		private boolean mapped;

		private Payload data = Payload.EMPTY;

		private Map<String, String> headers = Map.of();

		private @Nullable StreamPosition since;

		private Map<String, StreamPosition> subscriptions = Map.of();

		Request(Factory factory) {
			this.factory = factory;
		}

	}

}
