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

package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

import dev.realtime.naming.RoomSettings;
import dev.realtime.protocol.ProtocolException;
import dev.realtime.relay.EnvelopeCodec;
import dev.realtime.relay.RelayMessage;
import org.apache.commons.logging.LogFactory;

/**
 * Reads what arrives on channels: a version, epoch, a space, offset, a space, and the
 * envelope. Whoever can reach Redis can write there, so whatever is wrong is only logged.
 */
final class Delivery {

	private static final LimitedLog logger = new LimitedLog(LogFactory.getLog(Delivery.class));

	private static final byte VERSION = '1';

	private static final int MAX_DIGITS = 18;

	private Delivery() {
	}

	static void read(String room, RoomSettings settings, byte[] bytes, Consumer<RelayMessage> receiver) {
		RelayMessage message;
		try {
			message = parse(room, settings, bytes);
		}
		catch (ProtocolException ex) {
			logger.warn(String.valueOf(ex.getMessage()),
					"Ignored what is no message on the channel of room " + room + ": " + ex.getMessage());
			return;
		}
		receiver.accept(message);
	}

	private static RelayMessage parse(String room, RoomSettings settings, byte[] bytes) throws ProtocolException {
		if (bytes.length == 0 || bytes[0] != VERSION) {
			throw new ProtocolException("unknown version");
		}
		int first = indexOfSpace(bytes, 1);
		int second = indexOfSpace(bytes, first + 1);
		String epoch = new String(bytes, 1, first - 1, StandardCharsets.US_ASCII);
		long offset = number(bytes, first + 1, second);
		return EnvelopeCodec.decode(room, epoch, offset, settings.hasHistory(),
				Arrays.copyOfRange(bytes, second + 1, bytes.length));
	}

	private static int indexOfSpace(byte[] bytes, int from) throws ProtocolException {
		for (int i = from; i < bytes.length; i++) {
			if (bytes[i] == ' ') {
				return i;
			}
		}
		throw new ProtocolException("no position");
	}

	private static long number(byte[] bytes, int from, int to) throws ProtocolException {
		long result = 0;
		for (int i = from; i < to; i++) {
			int digit = bytes[i] - '0';
			if (digit < 0 || digit > 9 || to - from > MAX_DIGITS) {
				throw new ProtocolException("bad offset");
			}
			result = result * 10 + digit;
		}
		return result;
	}

}
