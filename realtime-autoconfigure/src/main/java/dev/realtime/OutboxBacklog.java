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

/**
 * How much waits in the outbox.
 *
 * @param messages the number of messages that wait
 * @param bytes the size of their envelopes
 * @param oldestMillis since when the oldest one waits, in milliseconds
 * @param parked the number of messages that were given up, and do not wait
 * @since 0.1.0
 */
public record OutboxBacklog(long messages, long bytes, long oldestMillis, long parked) {

	/** Nothing waits. */
	public static final OutboxBacklog NONE = new OutboxBacklog(0, 0, 0, 0);

}
