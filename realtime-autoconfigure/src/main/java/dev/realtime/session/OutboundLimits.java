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

/**
 * The bounds of an outbound queue.
 *
 * @param maxBytes how many bytes may wait for one session
 * @param maxMessages how many messages may wait for one session
 * @param batchBytes up to how many bytes are joined to one frame
 * @param sendTimeNanos how long one write may take
 * @since 0.1.0
 */
public record OutboundLimits(int maxBytes, int maxMessages, int batchBytes, long sendTimeNanos) {

	public OutboundLimits {
		if (maxBytes < 1 || maxMessages < 1 || batchBytes < 1 || sendTimeNanos < 1) {
			throw new IllegalArgumentException("limits must be positive");
		}
	}

}
