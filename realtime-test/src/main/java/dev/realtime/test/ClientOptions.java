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

import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client says about itself each time that it connects, and how it behaves.
 *
 * @param handshake what comes before the protocol begins
 * @param token the token of the connect command, or empty
 * @param data the data of the connect command, or {@code null}
 * @param headers the headers of the connect command
 * @param timeout how long to wait for anything
 * @param quietTime how long nothing has to come to be nothing
 * @param mapper reads and writes the application's data
 * @param onOpen is told of a client that is about to open a connection
 */
record ClientOptions(Connector.Handshake handshake, String token, @Nullable Object data, Map<String, String> headers,
		Duration timeout, Duration quietTime, JsonMapper mapper, Consumer<RealtimeTestClient> onOpen) {

	/**
	 * Return the body of the connect command.
	 * @param serverSide the rooms that the server subscribed to before, with the
	 * positions to go on from
	 */
	ObjectNode connectRequest(Map<String, StreamPosition> serverSide) {
		ObjectNode request = Wire.object();
		if (!this.token.isEmpty()) {
			request.put("token", this.token);
		}
		if (this.data != null) {
			request.set("data", Wire.tree(this.mapper, this.data));
		}
		if (!this.headers.isEmpty()) {
			ObjectNode object = request.putObject("headers");
			this.headers.forEach(object::put);
		}
		if (!serverSide.isEmpty()) {
			ObjectNode rooms = request.putObject("subs");
			serverSide.forEach((room, position) -> Wire.recover(rooms.putObject(room), position));
		}
		return request;
	}

	/**
	 * Return the user of the handshake, or {@code null}.
	 */
	@Nullable Principal principal() {
		return this.handshake.principal();
	}

}
