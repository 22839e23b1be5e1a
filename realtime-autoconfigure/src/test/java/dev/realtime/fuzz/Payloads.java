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

package dev.realtime.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.protocol.ProtobufWireCodec;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.protocol.Push;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What must hold for everything that has been read.
 */
final class Payloads {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final JsonWireCodec JSON = new JsonWireCodec();

	private static final ProtobufWireCodec PROTOBUF = new ProtobufWireCodec();

	private Payloads() {
	}

	/** It goes into logs, and so must not repeat what somebody has sent. */
	static void checkMessage(ProtocolException failure) {
		String message = String.valueOf(failure.getMessage());
		if (!message.matches("[A-Za-z0-9 -]{1,60}") || failure.getCause() != null) {
			throw new IllegalStateException("says too much: " + message);
		}
	}

	/**
	 * Check a command.
	 * @param command the command
	 * @param json whether it was read as JSON, so that its payload must be JSON
	 */
	static void check(Command command, boolean json) {
		Payload data = data(command);
		if (json && !data.isEmpty() && !data.isJson()) {
			throw new IllegalStateException("no JSON: " + command);
		}
		check(new Publication(data, 1, null, Map.of(), 1));
	}

	private static Payload data(Command command) {
		if (command instanceof Command.Publish publish) {
			return publish.data();
		}
		if (command instanceof Command.Rpc rpc) {
			return rpc.data();
		}
		if (command instanceof Command.Send send) {
			return send.data();
		}
		if (command instanceof Command.Subscribe subscribe) {
			return subscribe.data();
		}
		return (command instanceof Command.Connect connect) ? connect.data() : Payload.EMPTY;
	}

	/** Whoever gets it must be able to read the whole frame. */
	static void check(Publication publication) {
		Push push = new Push.Published("chat:1", publication);
		PROTOBUF.push(push);
		if (!JSON.carries(publication.data())) {
			return;
		}
		String line = new String(JSON.push(push), StandardCharsets.UTF_8);
		JsonNode pub = MAPPER.readTree(line).path("push").path("pub");
		if (line.indexOf('\n') >= 0 || pub.path("offset").asLong() != publication.offset()) {
			throw new IllegalStateException("cannot be read: " + line);
		}
	}

}
