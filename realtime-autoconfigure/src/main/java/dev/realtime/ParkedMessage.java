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

import java.time.Instant;

/**
 * A publication that the outbox has given up, as the broker refused it although it took
 * others. It stays stored until somebody {@link OutboxOperations decides} about it.
 *
 * @param row its place in the outbox
 * @param room the name of its room
 * @param id by which it is recognized wherever it has got to
 * @param bytes the size of its envelope
 * @param storedAt when it was stored, by the clock of the store
 * @param attempts how often it was tried
 * @param reason why the last attempt failed, at most 255 characters
 * @since 0.1.0
 */
public record ParkedMessage(long row, String room, String id, int bytes, Instant storedAt, int attempts,
		String reason) {

}
