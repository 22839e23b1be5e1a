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

package dev.realtime.control;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Carries control messages to the other nodes. Thread-safe; nothing blocks. Stages may
 * complete on a thread of the bus, which must not be kept.
 *
 * @since 0.1.0
 */
public interface ControlBus {

	/**
	 * Say who does what other nodes ask for. To be called once, before the start.
	 * @param listener the listener
	 */
	void listen(ControlListener listener);

	/**
	 * Send a message to all other nodes. A {@link ControlMessage.Verdict verdict} is also
	 * kept in the {@link #bans() store}, in one step or before. This node is not told.
	 * @param message the message
	 * @return a stage that completes when all other nodes that are alive have done what
	 * it says, or else, within the command timeout, fails with
	 * {@link dev.realtime.RelayUnavailableException}. In that case some may have done it,
	 * others may do it later, and a verdict may have been kept
	 */
	CompletionStage<@Nullable Void> broadcast(ControlMessage message);

	/**
	 * Send a message to all other nodes, at most once and without waiting for them.
	 * @param message the message
	 */
	void send(ControlMessage message);

	/**
	 * Return where the bans of all nodes are kept.
	 * @return the store
	 */
	BanStore bans();

}
