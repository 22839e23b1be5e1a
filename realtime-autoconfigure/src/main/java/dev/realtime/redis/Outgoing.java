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

package dev.realtime.redis;

import java.util.concurrent.CompletableFuture;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to Redis.
 *
 * @param kind what the script is to do with it
 * @param id by which it is recognized when it is sent again
 * @param key the key of its idempotency key, or {@code null}
 * @param body its envelope
 * @param deadline when it fails, by the monotonic clock
 * @param again whether it may have been accepted before
 * @param position completes when it is accepted
 */
record Outgoing(String kind, String id, byte @Nullable [] key, byte[] body, long deadline, boolean again,
		CompletableFuture<StreamPosition> position) {

	static final String PUBLICATION = "p";

	static final String PUBLICATION_WITH_KEY = "k";

	static final String EVENT = "e";

	int bytes() {
		return this.body.length;
	}

}
