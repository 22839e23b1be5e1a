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

import java.util.Arrays;

import dev.realtime.control.ControlCodec;
import dev.realtime.control.ControlMessage;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;

/**
 * Reads bytes as what nodes send each other: they are a message or refused, and a message
 * that is written and read again is the same.
 */
public final class EnvelopeFuzzer {

	private EnvelopeFuzzer() {
	}

	/**
	 * Try one input.
	 * @param input the bytes
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		publication(input);
		member(input);
		control(input);
	}

	private static void publication(byte[] input) {
		try {
			RelayMessage message = EnvelopeCodec.decode("chat:1", "epoch", 7, true, input);
			String id = (message.id() != null) ? message.id() : "";
			byte[] written = EnvelopeCodec.encode(message, id, message.publication().time());
			check(message, EnvelopeCodec.decode("chat:1", "epoch", 7, true, written));
			Payloads.check(message.publication());
		}
		catch (ProtocolException ex) {
			Payloads.checkMessage(ex);
		}
	}

	private static void member(byte[] input) {
		try {
			check(EnvelopeCodec.decodeMember(input),
					EnvelopeCodec.decodeMember(EnvelopeCodec.encode(EnvelopeCodec.decodeMember(input))));
		}
		catch (ProtocolException ex) {
			Payloads.checkMessage(ex);
		}
	}

	private static void control(byte[] input) {
		ControlMessage message = ControlCodec.decode(input);
		if (message != null) {
			byte[] written = ControlCodec.encode(message);
			ControlMessage again = ControlCodec.decode(written);
			if (again == null || !Arrays.equals(written, ControlCodec.encode(again))) {
				throw new IllegalStateException("not the same: " + message + " and " + again);
			}
		}
	}

	private static void check(Object message, Object again) {
		if (!message.equals(again)) {
			throw new IllegalStateException("not the same: " + message + " and " + again);
		}
	}

}
