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
import java.util.Map;
import java.util.function.Consumer;

import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.StreamPosition;

/**
 * The protocol in JSON: text frames, messages separated by a line feed.
 *
 * @since 0.1.0
 */
public final class JsonWireCodec implements WireCodec {

	/** The sub-protocol that asks for this codec, which is also the one without any. */
	public static final String SUB_PROTOCOL = "centrifuge-json";

	private static final byte[] PING = { '{', '}' };

	private static final int SMALL = 128;

	private static final int ENVELOPE = 256;

	private final JsonCommandReader reader = new JsonCommandReader();

	@Override
	public int index() {
		return 0;
	}

	@Override
	public void decode(byte[] frame, Consumer<Command> commands) throws ProtocolException {
		int end = frame.length;
		if (end > 0 && frame[end - 1] == '\n') {
			end--;
		}
		int start = 0;
		for (int i = 0; i < end; i++) {
			if (frame[i] == '\n') {
				commands.accept(this.reader.read(frame, start, i - start));
				start = i + 1;
			}
		}
		commands.accept(this.reader.read(frame, start, end - start));
	}

	@Override
	public byte[] reply(long id, Result result) {
		JsonWriter json = new JsonWriter(ENVELOPE).begin().optionalNumber("id", id);
		if (result instanceof Result.Connected connected) {
			connected(json.begin("connect"), connected);
		}
		else if (result instanceof Result.Subscribed subscribed) {
			subscribed(json.begin("subscribe"), subscribed);
		}
		else if (result instanceof Result.PresenceList presence) {
			json.begin("presence").begin("presence");
			presence.members().forEach((member) -> member(json, member.session(), member));
			json.end();
		}
		else if (result instanceof Result.PresenceCount count) {
			json.begin("presence_stats").number("num_clients", count.sessions()).number("num_users", count.users());
		}
		else if (result instanceof Result.HistoryPage page) {
			json.begin("history");
			publications(json, page.publications());
			json.string("epoch", page.top().epoch()).number("offset", page.top().offset());
		}
		else if (result instanceof Result.Refreshed refreshed) {
			expiry(json.begin("refresh"), refreshed.ttl());
		}
		else if (result instanceof Result.SubscriptionRefreshed refreshed) {
			expiry(json.begin("sub_refresh"), refreshed.ttl());
		}
		else if (result instanceof Result.RpcReturned returned) {
			json.begin("rpc").optionalPayload("data", returned.data());
		}
		else {
			json.begin((result instanceof Result.Unsubscribed) ? "unsubscribe" : "publish");
		}
		return json.end().end().toBytes();
	}

	private void connected(JsonWriter json, Result.Connected connected) {
		json.string("client", connected.session());
		json.optionalString("version", connected.version());
		json.optionalPayload("data", json(connected.data()));
		if (!connected.subscriptions().isEmpty()) {
			json.begin("subs");
			connected.subscriptions().forEach((room, subscribed) -> {
				subscribed(json.begin(room), subscribed);
				json.end();
			});
			json.end();
		}
		expiry(json, connected.ttl());
		json.optionalNumber("ping", connected.pingSeconds());
		json.optionalTrue("pong", connected.pingSeconds() > 0);
	}

	private void expiry(JsonWriter json, long ttl) {
		json.optionalTrue("expires", ttl > 0).optionalNumber("ttl", ttl);
	}

	private void subscribed(JsonWriter json, Result.Subscribed subscribed) {
		expiry(json, subscribed.ttl());
		json.optionalTrue("recoverable", subscribed.recoverable());
		json.optionalTrue("positioned", subscribed.recoverable());
		StreamPosition position = subscribed.position();
		if (position != null) {
			json.optionalString("epoch", position.epoch()).optionalNumber("offset", position.offset());
		}
		if (!subscribed.publications().isEmpty()) {
			publications(json, subscribed.publications());
		}
		json.optionalTrue("was_recovering", subscribed.recovery() != null);
		json.optionalTrue("recovered", Boolean.TRUE.equals(subscribed.recovery()));
		json.optionalPayload("data", json(subscribed.data()));
	}

	private void publications(JsonWriter json, List<Publication> publications) {
		json.beginArray("publications");
		publications.forEach((publication) -> publication(json.beginElement(), publication));
		json.endArray();
	}

	private void publication(JsonWriter json, Publication publication) {
		json.optionalPayload("data", publication.data());
		Member info = publication.info();
		if (info != null) {
			member(json, "info", info);
		}
		json.optionalNumber("offset", publication.offset());
		if (!publication.tags().isEmpty()) {
			json.begin("tags");
			for (Map.Entry<String, String> tag : publication.tags().entrySet()) {
				json.string(tag.getKey(), tag.getValue());
			}
			json.end();
		}
		json.optionalNumber("time", publication.time()).end();
	}

	private void member(JsonWriter json, String field, Member member) {
		json.begin(field).string("user", member.user()).string("client", member.session());
		json.optionalPayload("conn_info", json(member.connectionInfo()));
		json.optionalPayload("chan_info", json(member.roomInfo())).end();
	}

	/** What only describes something is left out if it cannot be carried. */
	private Payload json(Payload payload) {
		return carries(payload) ? payload : Payload.EMPTY;
	}

	@Override
	public byte[] error(long id, int code, String message, boolean temporary) {
		JsonWriter json = new JsonWriter(SMALL).begin().optionalNumber("id", id).begin("error");
		json.number("code", code).string("message", message).optionalTrue("temporary", temporary);
		return json.end().end().toBytes();
	}

	@Override
	public byte[] push(Push push) {
		JsonWriter json = new JsonWriter(capacity(push)).begin().begin("push").optionalString("channel", push.room());
		if (push instanceof Push.Published published) {
			publication(json.begin("pub"), published.publication());
		}
		else if (push instanceof Push.Joined joined) {
			member(json.begin("join"), "info", joined.member());
			json.end();
		}
		else if (push instanceof Push.Left left) {
			member(json.begin("leave"), "info", left.member());
			json.end();
		}
		else if (push instanceof Push.Unsubscribed unsubscribed) {
			json.begin("unsubscribe").number("code", unsubscribed.code());
			json.string("reason", unsubscribed.reason()).end();
		}
		else if (push instanceof Push.Subscribed subscribed) {
			subscribed(json.begin("subscribe"), subscribed.subscription());
			json.end();
		}
		else if (push instanceof Push.Message message) {
			json.begin("message").optionalPayload("data", message.data()).end();
		}
		return json.end().end().toBytes();
	}

	private int capacity(Push push) {
		return ENVELOPE + ((push instanceof Push.Published published) ? published.publication().data().length() : 0);
	}

	@Override
	public byte[] ping() {
		return PING;
	}

	@Override
	public boolean carries(Payload payload) {
		return payload.isJson() || payload.isEmpty() || JsonCommandReader.isJson(payload.bytes());
	}

	@Override
	public int separatorLength() {
		return 1;
	}

	@Override
	public byte[] join(List<byte[]> messages, int bytes) {
		if (messages.size() == 1) {
			return messages.get(0);
		}
		byte[] frame = new byte[bytes + messages.size() - 1];
		int at = 0;
		for (byte[] message : messages) {
			if (at > 0) {
				frame[at++] = '\n';
			}
			System.arraycopy(message, 0, frame, at, message.length);
			at += message.length;
		}
		return frame;
	}

}
