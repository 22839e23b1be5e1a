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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;

/**
 * Messages at random, each as one of our records and as the fields that it has on the
 * wire, by their names there. The same seed gives the same messages.
 */
final class RandomMessages {

	private static final List<String> TEXTS = List.of("", "a", "chat:1", "häl\u0142o \ud83d\ude42",
			"\"\\\n\u0000\u2028", "x".repeat(127), "y".repeat(300));

	private static final List<String> VALUES = List.of("{}", "null", "\"m-0\"", "[1,2.50,-1e5,\"\\u00e4\"]",
			"{ \"text\" : \"häl\u0142o\" }", "true", "18446744073709551616");

	private static final List<Long> NUMBERS = List.of(0L, 1L, 127L, 128L, 16384L, 1L << 31, 1L << 53, Long.MAX_VALUE);

	private final Random random;

	RandomMessages(long seed) {
		this.random = new Random(seed);
	}

	Sample<Command> command() {
		long id = 1 + (this.random.nextLong() >>> (32 + this.random.nextInt(31)));
		String room = text();
		Payload data = json();
		return switch (this.random.nextInt(12)) {
			case 0 -> connect(id);
			case 1 -> subscribe(id);
			case 2 -> command(new Command.Unsubscribe(id, room), "unsubscribe", "channel", room);
			case 3 -> publish(id, room, data);
			case 4 -> command(new Command.Presence(id, room), "presence", "channel", room);
			case 5 -> command(new Command.PresenceStats(id, room), "presence_stats", "channel", room);
			case 6 -> history(id);
			case 7 -> command(new Command.Ping(id), "ping");
			case 8 -> {
				long sent = chance() ? 0 : id;
				yield command(new Command.Send(sent, data), "send", "data", data);
			}
			case 9 -> command(new Command.Rpc(id, room, data), "rpc", "method", room, "data", data);
			case 10 -> command(new Command.Refresh(id, room), "refresh", "token", room);
			default -> {
				String token = text();
				yield command(new Command.SubRefresh(id, room, token), "sub_refresh", "channel", room, "token", token);
			}
		};
	}

	private Sample<Command> connect(long id) {
		Map<String, StreamPosition> positions = map(this::position);
		Map<String, Object> subscriptions = new LinkedHashMap<>();
		positions.forEach((room, position) -> subscriptions.put(room,
				fields("recover", true, "epoch", position.epoch(), "offset", position.offset())));
		Command.Connect connect = new Command.Connect(id, text(), json(), positions, text(), text(), map(this::text));
		return command(connect, "connect", "token", connect.token(), "data", connect.data(), "subs", subscriptions,
				"name", connect.name(), "version", connect.version(), "headers", connect.headers(), "flag", type());
	}

	private Sample<Command> subscribe(long id) {
		boolean recover = chance();
		StreamPosition position = position();
		boolean filtered = chance();
		Command.Subscribe subscribe = new Command.Subscribe(id, text(), text(), recover ? position : null, json(),
				chance(), chance(), type(), filtered);
		return command(subscribe, "subscribe", "channel", subscribe.room(), "token", subscribe.token(), "recover",
				recover, "epoch", position.epoch(), "offset", position.offset(), "data", subscribe.data(), "positioned",
				chance(), "recoverable", chance(), "join_leave", subscribe.joinLeave(), "delta", text(), "tf",
				filtered ? fields("op", "and", "vals", List.of("a", "b")) : null, "flag",
				(this.random.nextLong() & ~2L) + (subscribe.rejectUnrecoverable() ? 2 : 0), "type", subscribe.type(),
				"cursor", text(), "limit", type(), "asc", chance());
	}

	private Sample<Command> publish(long id, String room, Payload data) {
		boolean keyed = chance();
		int type = keyed ? 1 : type();
		return command(new Command.Publish(id, room, data, type), "publish", "channel", room, "data", data, "type",
				keyed ? null : type, "key", keyed ? "k" : null, "removed", keyed ? true : null);
	}

	private Sample<Command> history(long id) {
		StreamPosition since = chance() ? position() : null;
		Command.History history = new Command.History(id, text(), type(), since, chance());
		return command(history, "history", "channel", history.room(), "limit", history.limit(), "since",
				(since != null) ? fields("offset", since.offset(), "epoch", since.epoch()) : null, "reverse",
				history.reverse());
	}

	private static Sample<Command> command(Command command, String method, Object... fields) {
		return new Sample<>(command, fields("id", command.id(), method, fields(fields)));
	}

	Sample<Result> result() {
		StreamPosition position = position();
		Payload data = bytes();
		List<Sample<Publication>> publications = list(this::publication);
		return switch (this.random.nextInt(10)) {
			case 0 -> connected();
			case 1 -> {
				Sample<Result.Subscribed> subscribed = subscribed();
				yield new Sample<>(subscribed.record(), fields("subscribe", subscribed.fields()));
			}
			case 2 -> {
				List<Sample<Member>> members = list(this::member);
				Map<String, Object> presence = new LinkedHashMap<>();
				members.forEach((member) -> presence.put(member.record().session(), member.fields()));
				yield result(new Result.PresenceList(records(members)), "presence", "presence", presence);
			}
			case 3 -> {
				int sessions = this.random.nextInt(1000);
				yield result(new Result.PresenceCount(sessions, sessions / 2), "presence_stats", "num_clients",
						sessions, "num_users", sessions / 2);
			}
			case 4 -> result(new Result.HistoryPage(records(publications), position), "history", "publications",
					fieldsOf(publications), "epoch", position.epoch(), "offset", position.offset());
			case 5 -> result(new Result.Unsubscribed(), "unsubscribe");
			case 6 -> result(new Result.PublishAccepted(), "publish");
			case 7 -> {
				long ttl = ttl();
				yield result(new Result.Refreshed(ttl), "refresh", "expires", ttl > 0, "ttl", ttl);
			}
			case 8 -> {
				long ttl = ttl();
				yield result(new Result.SubscriptionRefreshed(ttl), "sub_refresh", "expires", ttl > 0, "ttl", ttl);
			}
			default -> result(new Result.RpcReturned(data), "rpc", "data", data);
		};
	}

	private Sample<Result> connected() {
		Map<String, Sample<Result.Subscribed>> rooms = map(this::subscribed);
		rooms.remove("");
		Map<String, Result.Subscribed> subscriptions = new LinkedHashMap<>();
		rooms.forEach((room, subscribed) -> subscriptions.put(room, subscribed.record()));
		Map<String, Object> subs = new LinkedHashMap<>();
		rooms.forEach((room, subscribed) -> subs.put(room, subscribed.fields()));
		Result.Connected connected = new Result.Connected(text(), text(), bytes(), this.random.nextInt(3), ttl(),
				subscriptions);
		return result(connected, "connect", "client", connected.session(), "version", connected.version(), "expires",
				connected.ttl() > 0, "ttl", connected.ttl(), "data", connected.data(), "subs", subs, "ping",
				connected.pingSeconds(), "pong", connected.pingSeconds() > 0);
	}

	private Sample<Result.Subscribed> subscribed() {
		List<Sample<Publication>> publications = list(this::publication);
		Boolean recovery = chance() ? chance() : null;
		Result.Subscribed subscribed = new Result.Subscribed(chance(), chance() ? position() : null, recovery,
				records(publications), bytes(), ttl());
		StreamPosition position = (subscribed.position() != null) ? subscribed.position() : StreamPosition.START;
		return new Sample<>(subscribed,
				fields("expires", subscribed.ttl() > 0, "ttl", subscribed.ttl(), "recoverable",
						subscribed.recoverable(), "epoch", position.epoch(), "publications", fieldsOf(publications),
						"recovered", Boolean.TRUE.equals(recovery), "offset", position.offset(), "positioned",
						subscribed.recoverable(), "data", subscribed.data(), "was_recovering", recovery != null));
	}

	private static Sample<Result> result(Result result, String method, Object... fields) {
		return new Sample<>(result, fields(method, fields(fields)));
	}

	Sample<Push> push() {
		String room = text();
		Sample<Member> member = member();
		return switch (this.random.nextInt(6)) {
			case 0 -> {
				Sample<Publication> publication = publication();
				yield push(new Push.Published(room, publication.record()), "pub", publication.fields());
			}
			case 1 -> push(new Push.Joined(room, member.record()), "join", fields("info", member.fields()));
			case 2 -> push(new Push.Left(room, member.record()), "leave", fields("info", member.fields()));
			case 3 -> push(new Push.Unsubscribed(room, 2500, "because"), "unsubscribe",
					fields("code", 2500, "reason", "because"));
			case 4 -> {
				Sample<Result.Subscribed> subscribed = subscribed();
				Map<String, Object> fields = subscribed.fields();
				fields.keySet().retainAll(Set.of("recoverable", "epoch", "offset", "positioned", "data"));
				yield push(new Push.Subscribed(room, subscribed.record()), "subscribe", fields);
			}
			default -> {
				Payload data = bytes();
				yield push(new Push.Message(data), "message", fields("data", data));
			}
		};
	}

	private static Sample<Push> push(Push push, String type, Map<String, Object> fields) {
		return new Sample<>(push, fields("push", fields("channel", push.room(), type, fields)));
	}

	private Sample<Publication> publication() {
		Sample<Member> info = chance() ? member() : null;
		Map<String, String> tags = map(() -> "tag" + text());
		tags.remove("");
		Publication publication = new Publication(bytes(), number(), (info != null) ? info.record() : null, tags,
				number());
		return new Sample<>(publication,
				fields("data", publication.data(), "info", (info != null) ? info.fields() : null, "offset",
						publication.offset(), "tags", publication.tags(), "time", publication.time()));
	}

	private Sample<Member> member() {
		Member member = new Member(text(), "session-" + this.random.nextInt(), bytes(), bytes());
		return new Sample<>(member, fields("user", member.user(), "client", member.session(), "conn_info",
				member.connectionInfo(), "chan_info", member.roomInfo()));
	}

	private StreamPosition position() {
		return new StreamPosition(number(), text());
	}

	private String text() {
		return TEXTS.get(this.random.nextInt(TEXTS.size()));
	}

	private Payload json() {
		return chance() ? Payload.EMPTY : Payload.ofJson(VALUES.get(this.random.nextInt(VALUES.size())));
	}

	private Payload bytes() {
		byte[] bytes = new byte[this.random.nextInt(4) * 50];
		this.random.nextBytes(bytes);
		return Payload.ofBytes(bytes);
	}

	private long number() {
		return NUMBERS.get(this.random.nextInt(NUMBERS.size()));
	}

	private int type() {
		return this.random.nextInt(5) - 1;
	}

	private long ttl() {
		return this.random.nextInt(3) * 3600L;
	}

	private boolean chance() {
		return this.random.nextBoolean();
	}

	private <T> List<T> list(Supplier<T> element) {
		return Stream.generate(element).limit(this.random.nextInt(4)).toList();
	}

	private <T> Map<String, T> map(Supplier<T> value) {
		Map<String, T> map = new LinkedHashMap<>();
		list(this::text).forEach((key) -> map.put(key, value.get()));
		return map;
	}

	private static <T> List<T> records(List<Sample<T>> samples) {
		return samples.stream().map(Sample::record).toList();
	}

	private static <T> List<Map<String, Object>> fieldsOf(List<Sample<T>> samples) {
		return samples.stream().map(Sample::fields).toList();
	}

	/**
	 * Return the fields of names and values; what is {@code null} or no payload is not
	 * there.
	 */
	private static Map<String, Object> fields(Object... namesAndValues) {
		Map<String, Object> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			Object value = namesAndValues[i + 1];
			if (value != null && !(value instanceof Payload payload && payload.isEmpty())) {
				fields.put((String) namesAndValues[i], value);
			}
		}
		return fields;
	}

	/**
	 * A message in both forms.
	 *
	 * @param record the record
	 * @param fields what the record says, by the names on the wire
	 */
	record Sample<T>(T record, Map<String, Object> fields) {

	}

}
