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

import dev.realtime.session.Transport;
import dev.realtime.websocket.StandardTransport;
import dev.realtime.websocket.TransportFactory;
import org.apache.tomcat.websocket.WsSession;

import org.springframework.util.Assert;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;

/**
 * Makes transports that use what Tomcat has beyond the public API.
 *
 * @since 0.1.0
 */
public final class TomcatTransportFactory implements TransportFactory {

	/**
	 * Return whether this version of Tomcat has what is needed. If not, a
	 * {@link StandardTransport} does the same, slower.
	 * @return whether transports can be made
	 */
	public static boolean isAvailable() {
		return FrameWriter.isAvailable();
	}

	/**
	 * Make the transport of a session.
	 * @param session the session, open, of Tomcat
	 * @param binary whether frames are binary; otherwise they are UTF-8 text
	 * @return the transport
	 * @throws IllegalStateException if the session is not one of Tomcat or
	 * {@link #isAvailable()} is {@code false}
	 */
	@Override
	public Transport create(WebSocketSession session, boolean binary) {
		WsSession nativeSession = ((NativeWebSocketSession) session).getNativeSession(WsSession.class);
		Assert.state(nativeSession != null, "Not a session of Tomcat");
		return new TomcatTransport(nativeSession, binary, new StandardTransport(session, binary, Runnable::run));
	}

}
