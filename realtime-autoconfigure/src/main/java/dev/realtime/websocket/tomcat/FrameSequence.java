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

package dev.realtime.websocket.tomcat;

import java.nio.ByteBuffer;

import dev.realtime.session.Transport;
import dev.realtime.websocket.CompletionLoop;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import org.jspecify.annotations.Nullable;

/**
 * Gives Tomcat one frame at a time. Tomcat would queue a ping behind a message that is
 * stuck, but when the session is closed it tries to write the ping before it reports that
 * the message failed: a thread of the connector waits for ever, and the failure is never
 * reported. So a ping waits here until the message is out, and a message until a ping is.
 * After a failure nothing is written any more.
 * <p>
 * Messages come one after the other, pings from any thread.
 */
final class FrameSequence {

	private final FrameWriter writer;

	private final byte type;

	private boolean busy;

	private boolean dead;

	private boolean pingDue;

	private @Nullable Message waiting;

	/**
	 * Create a sequence.
	 * @param writer writes the frames
	 * @param type the type of messages
	 */
	FrameSequence(FrameWriter writer, byte type) {
		this.writer = writer;
		this.type = type;
	}

	void send(byte[] frame, Transport.Completion completion) {
		Message message = new Message(frame, completion);
		if (begin(message)) {
			write(message);
		}
	}

	private synchronized boolean begin(Message message) {
		if (this.dead) {
			throw new IllegalStateException("An earlier frame could not be written");
		}
		if (this.busy) {
			this.waiting = message;
			return false;
		}
		this.busy = true;
		return true;
	}

	void ping() {
		if (beginPing()) {
			writePing();
		}
	}

	private synchronized boolean beginPing() {
		this.pingDue = this.busy;
		this.busy = true;
		return !this.pingDue;
	}

	private void ended(@Nullable Throwable failure) {
		boolean ping;
		Message next;
		synchronized (this) {
			this.dead |= failure != null;
			ping = this.pingDue && !this.dead;
			next = ping ? null : this.waiting;
			this.pingDue = false;
			this.waiting = ping ? this.waiting : null;
			this.busy = this.dead || ping || next != null;
		}
		if (ping) {
			writePing();
		}
		else if (next != null) {
			writeLate(next, failure);
		}
	}

	private void writePing() {
		try {
			write(FrameWriter.PING, new byte[0],
					(result) -> CompletionLoop.complete(this::ended, result.getException()));
		}
		catch (Throwable ex) {
			ended(ex);
		}
	}

	/** Whoever sent it has gone on: a failure can only be reported. */
	private void writeLate(Message message, @Nullable Throwable failure) {
		if (failure != null) {
			message.completion.completed(failure);
			return;
		}
		try {
			write(message);
		}
		catch (Throwable ex) {
			message.completion.completed(ex);
		}
	}

	private void write(Message message) {
		write(this.type, message.frame, message);
	}

	private void write(byte type, byte[] payload, SendHandler handler) {
		CompletionLoop loop = CompletionLoop.begin();
		try {
			this.writer.write(type, ByteBuffer.wrap(payload), handler);
		}
		finally {
			loop.end();
		}
	}

	/** A message and what happens when it is written. */
	private final class Message implements SendHandler, Transport.Completion {

		private final byte[] frame;

		private final Transport.Completion completion;

		private Message(byte[] frame, Transport.Completion completion) {
			this.frame = frame;
			this.completion = completion;
		}

		@Override
		public void onResult(SendResult result) {
			CompletionLoop.complete(this, result.getException());
		}

		@Override
		public void completed(@Nullable Throwable failure) {
			ended(failure);
			this.completion.completed(failure);
		}

	}

}
