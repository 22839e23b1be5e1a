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
 * A place in the stream of a room.
 *
 * @param offset the offset of the last publication seen; the first publication of a
 * stream has offset 1, and 0 is the place before it
 * @param epoch a short random name of the stream, which changes whenever offsets restart;
 * empty when the place is in no particular stream
 * @since 0.1.0
 */
public record StreamPosition(long offset, String epoch) {

	/** The place before the first publication of any stream. */
	public static final StreamPosition START = new StreamPosition(0, "");

	public StreamPosition {
		if (offset < 0) {
			throw new IllegalArgumentException("offset must not be negative: " + offset);
		}
	}

}
