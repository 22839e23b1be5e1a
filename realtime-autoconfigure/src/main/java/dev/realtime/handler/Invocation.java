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

package dev.realtime.handler;

import java.util.Map;

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.RealtimeSession;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * What a method is called for: everything that its parameters can be made of. For Spring
 * it is a message, to which an argument resolver of the application may cast.
 *
 * @param session whose command it is
 * @param data what the client sent, possibly empty
 * @param room the name of the room, empty where there is none
 * @param variables the values of the room's variables
 * @param request what the client said when it connected, or {@code null} afterwards
 * @param reason why the session ended, or {@code null} before
 * @since 0.1.0
 */
public record Invocation(RealtimeSession session, Payload data, String room, Map<String, String> variables,
		@Nullable ConnectRequest request, @Nullable DisconnectReason reason) implements Message<Payload> {

	static Invocation of(RealtimeSession session, Payload data) {
		return new Invocation(session, data, "", Map.of(), null, null);
	}

	static Invocation of(RealtimeSession session, Payload data, String room, Map<String, String> variables) {
		return new Invocation(session, data, room, variables, null, null);
	}

	static Invocation of(ConnectRequest request) {
		return new Invocation(request.session(), request.data(), "", Map.of(), request, null);
	}

	static Invocation of(RealtimeSession session, DisconnectReason reason) {
		return new Invocation(session, Payload.EMPTY, "", Map.of(), null, reason);
	}

	@Override
	public Payload getPayload() {
		return this.data;
	}

	/**
	 * Return the headers that the client sent when it connects, and none later.
	 */
	@Override
	public MessageHeaders getHeaders() {
		return new Headers((this.request != null) ? this.request.headers() : Map.of());
	}

	/**
	 * Headers without an id and a time, which nobody needs and which cost something.
	 */
	private static final class Headers extends MessageHeaders {

		private static final long serialVersionUID = 1L;

		Headers(Map<String, String> headers) {
			super(Map.copyOf(headers), ID_VALUE_NONE, -1L);
		}

	}

}
