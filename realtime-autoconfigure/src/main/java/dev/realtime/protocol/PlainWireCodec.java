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
import java.util.function.Consumer;

import dev.realtime.Payload;

/**
 * What sessions get that an application drives itself: the payload of each publication,
 * one per line, and nothing else. It reads nothing. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PlainWireCodec implements WireCodec {

	private static final byte[] NOTHING = new byte[0];

	private final JsonWireCodec json = new JsonWireCodec();

	@Override
	public int index() {
		return 2;
	}

	@Override
	public void decode(byte[] frame, Consumer<Command> commands) throws ProtocolException {
		throw new ProtocolException("plain sessions have no commands");
	}

	@Override
	public byte[] reply(long id, Result result) {
		return NOTHING;
	}

	@Override
	public byte[] error(long id, int code, String message, boolean temporary) {
		return NOTHING;
	}

	@Override
	public byte[] push(Push push) {
		if (push instanceof Push.Published published) {
			return published.publication().data().bytes();
		}
		return (push instanceof Push.Message message) ? message.data().bytes() : NOTHING;
	}

	@Override
	public byte[] ping() {
		return NOTHING;
	}

	@Override
	public boolean carries(Payload payload) {
		return this.json.carries(payload);
	}

	@Override
	public int separatorLength() {
		return this.json.separatorLength();
	}

	@Override
	public byte[] join(List<byte[]> messages, int bytes) {
		return this.json.join(messages, bytes);
	}

}
