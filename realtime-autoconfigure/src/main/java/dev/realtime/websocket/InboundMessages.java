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

package dev.realtime.websocket;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

import dev.realtime.core.SessionInbound;
import org.jspecify.annotations.Nullable;

/**
 * The read side of one socket. A container reads with one thread at a time but reports
 * the end on whichever thread closes the session; the lock makes one sequence of the two,
 * after whose end nothing follows.
 */
final class InboundMessages {

	private static final byte[] NO_COMMAND = {};

	private final boolean binary;

	private final MessageAssembler assembler;

	private @Nullable SessionInbound session;

	InboundMessages(boolean binary, int maxBytes) {
		this.binary = binary;
		this.assembler = new MessageAssembler(maxBytes, this::frame, this::oversized);
	}

	/**
	 * Open the session.
	 * @param opener opens it; if another thread closes it meanwhile, its end is reported
	 * afterwards
	 */
	synchronized void open(Supplier<SessionInbound> opener) {
		this.session = opener.get();
	}

	synchronized void text(String part, boolean last) {
		if (this.binary) {
			refuse();
		}
		else {
			this.assembler.text(part, last);
		}
	}

	synchronized void binary(ByteBuffer part, boolean last) {
		if (this.binary) {
			this.assembler.binary(part, last);
		}
		else {
			refuse();
		}
	}

	/** A frame of the wrong type is answered like one without a command: 3501. */
	private void refuse() {
		this.assembler.end();
		frame(NO_COMMAND);
	}

	private void frame(byte[] message) {
		if (this.session != null) {
			this.session.frame(message);
		}
	}

	private void oversized() {
		if (this.session != null) {
			this.session.oversized();
		}
	}

	synchronized void pong() {
		if (this.session != null) {
			this.session.pong();
		}
	}

	synchronized void closed(boolean clean) {
		SessionInbound ended = this.session;
		this.session = null;
		this.assembler.end();
		if (ended != null) {
			ended.closed(clean);
		}
	}

}
