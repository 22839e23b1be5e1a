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

package dev.realtime.handler;

import java.util.concurrent.CompletionStage;

import dev.realtime.Payload;
import dev.realtime.RealtimeSession;

/**
 * A method that a client calls.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallHandler {

	/**
	 * Call the method. May block.
	 * @param session who calls
	 * @param data what it sent along, possibly empty
	 * @return the answer, possibly empty; the stage fails with
	 * {@link dev.realtime.RealtimeException} for a refusal that is meant for the client
	 */
	CompletionStage<Payload> handle(RealtimeSession session, Payload data);

}
