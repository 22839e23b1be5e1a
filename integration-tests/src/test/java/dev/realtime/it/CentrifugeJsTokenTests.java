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

package dev.realtime.it;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeOperations;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Tokens, their expiry and what the server does on its own, seen by the JavaScript SDK in
 * both codecs: {@code tokens.test.mjs}.
 */
@RequiresCommands({ "node", "npm" })
class CentrifugeJsTokenTests {

	@TestFactory
	Stream<DynamicTest> sdk() throws IOException {
		NodeProject project = NodeProject.install("js");
		try (Sample sample = Sample.start(TokenConfiguration.SETTING, "--realtime.session.ping-interval=2s",
				"--realtime.session.pong-timeout=1s"); ControlServer control = new ControlServer()) {
			RealtimeOperations operations = sample.bean(RealtimeOperations.class);
			for (String codec : List.of("JSON", "Protobuf")) {
				control.on("/drop/carl-" + codec,
						() -> operations.disconnect("carl-" + codec, DisconnectReason.CLOSED));
			}
			for (String text : List.of("one", "two", "tick")) {
				control.on("/room/" + text, () -> operations.publish("chat:roomy", text));
			}
			control.on("/reconnect/roomy", () -> operations.disconnect("roomy", DisconnectReason.FORCE_RECONNECT));
			control.on("/message/roomy", () -> operations.sendToUser("roomy", "hello"));
			return project.runTests("tokens.test.mjs", Map.of("SERVER_PORT", String.valueOf(sample.port()),
					"CONTROL_PORT", String.valueOf(control.port())));
		}
	}

}
