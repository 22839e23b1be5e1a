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

package dev.realtime;

import java.security.Principal;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One connected client. All methods may be called on any thread and never block.
 *
 * @since 0.1.0
 */
public interface RealtimeSession {

	/**
	 * Return the id of the session, fresh for every connection and not to be guessed.
	 * @return the id
	 */
	String id();

	/**
	 * Return the name of the user.
	 * @return the name, empty if anonymous or not yet connected
	 */
	String user();

	/**
	 * Return who the client is.
	 * @return the principal, or {@code null} if anonymous or not yet connected
	 */
	@Nullable Principal principal();

	/**
	 * Return attributes that the application keeps for the session.
	 * @return a concurrent map, gone with the session
	 */
	Map<String, Object> attributes();

	/**
	 * Return the rooms that the session is in, or about to be.
	 * @return a snapshot of the names
	 */
	Set<String> rooms();

	/**
	 * Send a message to this session alone. At most once: it is lost if the client is
	 * away.
	 * @param payload the message
	 */
	void send(Payload payload);

	/**
	 * End the session, after what is queued has been sent.
	 * @param reason the reason, which the client sees
	 */
	void disconnect(DisconnectReason reason);

}
