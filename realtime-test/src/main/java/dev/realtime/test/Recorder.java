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

package dev.realtime.test;

import dev.realtime.test.RealtimeEvent.Disconnected;
import dev.realtime.test.RealtimeEvent.Joined;
import dev.realtime.test.RealtimeEvent.Left;
import dev.realtime.test.RealtimeEvent.Message;
import dev.realtime.test.RealtimeEvent.Published;
import dev.realtime.test.RealtimeEvent.Subscribed;
import dev.realtime.test.RealtimeEvent.Unsubscribed;
import tools.jackson.databind.JsonNode;

/**
 * Writes down what the server says, on the thread on which it comes, so that nothing is
 * out of order. Thread-safe.
 */
final class Recorder {

	private final Monitor monitor = new Monitor();

	private final Received received = new Received(this.monitor);

	private final Rooms rooms = new Rooms();

	private String session = "";

	private boolean connected;

	Monitor monitor() {
		return this.monitor;
	}

	Received received() {
		return this.received;
	}

	/**
	 * Return in which rooms the client is. Only to be used with the monitor.
	 */
	Rooms rooms() {
		return this.rooms;
	}

	/**
	 * Return the id of the last session, empty if there was none. Only to be used with
	 * the monitor.
	 */
	String session() {
		return this.session;
	}

	/**
	 * Return whether the client is connected. Only to be used with the monitor.
	 */
	boolean isConnected() {
		return this.connected;
	}

	void connected(JsonNode result) {
		this.monitor.change(() -> {
			this.session = result.path("client").asString("");
			this.connected = true;
			result.path("subs").properties().forEach((entry) -> entered(entry.getKey(), entry.getValue()));
		});
	}

	private void entered(String room, JsonNode result) {
		this.received.add(new Subscribed(room, Wire.position(result)));
		subscribed(room, SubscribeOptions.NONE, true, result);
	}

	void subscribed(String room, SubscribeOptions options, JsonNode result) {
		this.monitor.change(() -> subscribed(room, options, false, result));
	}

	private void subscribed(String room, SubscribeOptions options, boolean serverSide, JsonNode result) {
		this.rooms.subscribed(room, options, serverSide, Wire.position(result));
		Wire.publications(room, result).forEach(this::published);
	}

	void unsubscribed(String room) {
		this.monitor.change(() -> this.rooms.unsubscribed(room, 0));
	}

	void disconnected(int code, String reason) {
		this.monitor.change(() -> {
			this.connected = false;
			this.rooms.disconnected();
			this.received.add(new Disconnected(code, reason));
		});
	}

	void push(JsonNode push) {
		this.monitor.change(() -> {
			String room = push.path("channel").asString("");
			push.properties().forEach((entry) -> push(entry.getKey(), room, entry.getValue()));
		});
	}

	private void push(String type, String room, JsonNode body) {
		switch (type) {
			case "pub" -> published(Wire.publication(room, body));
			case "join" -> this.received.add(new Joined(room, Wire.member(body.path("info"))));
			case "leave" -> this.received.add(new Left(room, Wire.member(body.path("info"))));
			case "subscribe" -> entered(room, body);
			case "unsubscribe" -> left(room, body);
			case "message" -> this.received.add(new Message(body.path("data")));
			default -> {
				// Neither the name of the room nor a push of a later version is an event
			}
		}
	}

	private void published(Published publication) {
		this.rooms.advanced(publication.room(), publication.offset());
		this.received.add(publication);
	}

	private void left(String room, JsonNode body) {
		int code = body.path("code").asInt(0);
		this.rooms.unsubscribed(room, code);
		this.received.add(new Unsubscribed(room, code, body.path("reason").asString("")));
	}

}
