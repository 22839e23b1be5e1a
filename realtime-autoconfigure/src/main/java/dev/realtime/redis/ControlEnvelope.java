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

import dev.realtime.Payload;
import dev.realtime.protocol.ProtobufReader;
import dev.realtime.protocol.ProtobufWriter;
import dev.realtime.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other about a control message. Readers skip fields that they do
 * not know; what is read is untrusted.
 *
 * <pre>
 * 1 id  2 address of the sender, or its name in an answer  3 whether an answer is wanted  4 control message, none in an answer
 * </pre>
 *
 * @param id the id of the control message
 * @param sender where an answer goes, or the name of the node that answers
 * @param wantsAnswer whether the sender waits until it is done
 * @param body the control message, or nothing if this is an answer
 */
record ControlEnvelope(String id, String sender, boolean wantsAnswer, Payload body) {

	/** The longest id, address and name of a node. */
	private static final int MAX_LENGTH = 1024;

	static ControlEnvelope answer(String id, String sender) {
		return new ControlEnvelope(id, sender, false, Payload.EMPTY);
	}

	byte[] encode() {
		return new ProtobufWriter(this.body.length() + 128).string(1, this.id)
			.string(2, this.sender)
			.bool(3, this.wantsAnswer)
			.payload(4, this.body)
			.toBytes();
	}

	/**
	 * Read an envelope.
	 * @return the envelope, or null if it is none
	 */
	static @Nullable ControlEnvelope decode(byte[] bytes) {
		try {
			ControlEnvelope envelope = read(new ProtobufReader(bytes, 0, bytes.length));
			return (isName(envelope.id) && isName(envelope.sender)) ? envelope : null;
		}
		catch (ProtocolException ex) {
			return null;
		}
	}

	private static ControlEnvelope read(ProtobufReader reader) throws ProtocolException {
		String id = "";
		String sender = "";
		boolean wantsAnswer = false;
		Payload body = Payload.EMPTY;
		for (int field = reader.next(); field != 0; field = reader.next()) {
			switch (field) {
				case 1 -> id = reader.string();
				case 2 -> sender = reader.string();
				case 3 -> wantsAnswer = reader.number() != 0;
				case 4 -> body = Payload.ofBytes(reader.bytes());
				default -> reader.skip();
			}
		}
		return new ControlEnvelope(id, sender, wantsAnswer, body);
	}

	private static boolean isName(String text) {
		return !text.isEmpty() && text.length() <= MAX_LENGTH;
	}

}
