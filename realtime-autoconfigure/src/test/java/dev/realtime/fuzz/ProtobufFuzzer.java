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

import java.util.ArrayList;
import java.util.List;

import dev.realtime.protocol.Command;
import dev.realtime.protocol.ProtobufWireCodec;
import dev.realtime.protocol.ProtocolException;

/**
 * Reads bytes as a frame of Protobuf: they are commands or refused, and what a command
 * carries can be sent on.
 */
public final class ProtobufFuzzer {

	private static final ProtobufWireCodec CODEC = new ProtobufWireCodec();

	private ProtobufFuzzer() {
	}

	/**
	 * Try one input.
	 * @param input the bytes
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		List<Command> commands = new ArrayList<>();
		try {
			CODEC.decode(input, commands::add);
		}
		catch (ProtocolException ex) {
			Payloads.checkMessage(ex);
		}
		commands.forEach((command) -> Payloads.check(command, false));
	}

}
