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

package dev.realtime.jdbc;

import java.time.Duration;

/**
 * The bounds of an outbox.
 *
 * @param maxMessages how many messages may wait; 0 for no limit
 * @param maxBytes how large their envelopes may be together; 0 for no limit
 * @param maxMessageBytes how large one of them may be; 0 for no limit
 * @param lease for how long a node works a room off before others may
 * @param maxAttempts after so many a message is parked
 * @since 0.1.0
 */
public record OutboxLimits(long maxMessages, long maxBytes, int maxMessageBytes, Duration lease, int maxAttempts) {

}
