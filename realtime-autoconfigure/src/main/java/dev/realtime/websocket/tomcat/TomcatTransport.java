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

import java.io.IOException;

import dev.realtime.DisconnectReason;
import dev.realtime.session.Transport;
import dev.realtime.websocket.StandardTransport;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.websocket.WsSession;

/**
 * A socket of Tomcat. Frames are written from the bytes that all sessions share, pings
 * never block, and reading can be stopped.
 */
final class TomcatTransport implements Transport {

	private static final Log logger = LogFactory.getLog(TomcatTransport.class);

	private final WsSession session;

	private final FrameWriter writer;

	private final FrameSequence frames;

	private final StandardTransport standard;

	private boolean suspended;

	TomcatTransport(WsSession session, boolean binary, StandardTransport standard) {
		this.session = session;
		this.writer = new FrameWriter(session.getAsyncRemote());
		this.frames = new FrameSequence(this.writer, binary ? FrameWriter.BINARY : FrameWriter.TEXT);
		this.standard = standard;
	}

	@Override
	public void send(byte[] frame, Completion completion) {
		this.frames.send(frame, completion);
	}

	@Override
	public void ping() {
		this.frames.ping();
	}

	/** Tomcat warns if reading is stopped twice. */
	@Override
	public synchronized void suspend() {
		if (!this.suspended) {
			this.suspended = true;
			this.session.suspend();
		}
	}

	@Override
	public synchronized void resume() {
		if (this.suspended) {
			this.suspended = false;
			this.session.resume();
		}
	}

	@Override
	public void close(DisconnectReason reason) {
		if (reason.code() == DisconnectReason.CLOSED.code()) {
			drop();
		}
		else {
			this.standard.close(reason);
			// The peer's answer must be read
			resume();
		}
	}

	private void drop() {
		this.writer.drop();
		try {
			this.session.close(new CloseReason(CloseCodes.CLOSED_ABNORMALLY, null));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A session could not be closed properly", ex);
		}
	}

	@Override
	public String remoteAddress() {
		return this.standard.remoteAddress();
	}

}
