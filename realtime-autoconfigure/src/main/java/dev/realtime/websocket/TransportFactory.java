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

import dev.realtime.session.Transport;

import org.springframework.web.socket.WebSocketSession;

/**
 * Makes the write side of a new session. There is one implementation by the public API
 * and one per server that can do better.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransportFactory {

	/**
	 * Make the transport of a session.
	 * @param session the session, open
	 * @param binary whether frames are binary; otherwise they are UTF-8 text
	 * @return the transport
	 */
	Transport create(WebSocketSession session, boolean binary);

}
