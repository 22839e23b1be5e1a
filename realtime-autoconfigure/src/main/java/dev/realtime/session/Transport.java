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

package dev.realtime.session;

import dev.realtime.DisconnectReason;
import org.jspecify.annotations.Nullable;

/**
 * One socket. The methods that send never block and are called by one thread at a time;
 * anything they throw means that the socket is dead.
 *
 * @since 0.1.0
 */
public interface Transport {

	/**
	 * Write one frame. The next one is written only after the completion was called.
	 * @param frame the frame, shared with other transports and not to be modified
	 * @param completion called exactly once, but never inside of the write that it
	 * completes, and never recursively: on the calling thread only when nothing but the
	 * return is left to do
	 */
	void send(byte[] frame, Completion completion);

	/**
	 * Write a ping frame of the WebSocket protocol itself.
	 */
	void ping();

	/**
	 * Stop reading from the socket until {@link #resume()}.
	 */
	void suspend();

	/**
	 * Go on reading from the socket.
	 */
	void resume();

	/**
	 * Close the socket. May block for a while.
	 * @param reason the reason that the peer sees; with {@link DisconnectReason#CLOSED}
	 * the connection is dropped without a word
	 */
	void close(DisconnectReason reason);

	/**
	 * Return where the peer is.
	 * @return the address, without port
	 */
	String remoteAddress();

	/**
	 * Is told that a write has ended.
	 */
	@FunctionalInterface
	interface Completion {

		/**
		 * The write has ended.
		 * @param failure why it failed, or {@code null} if it did not
		 */
		void completed(@Nullable Throwable failure);

	}

}
