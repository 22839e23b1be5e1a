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
 * What became of a publication that the library accepted.
 *
 * @since 0.1.0
 */
public sealed interface PublishResult {

	/**
	 * It is in the room.
	 *
	 * @param position its place in the room's stream; without history the offset is 0
	 */
	record Published(StreamPosition position) implements PublishResult {

	}

	/**
	 * It goes out when the surrounding transaction has been committed, and never if that
	 * rolls back.
	 */
	record Enlisted() implements PublishResult {

	}

	/**
	 * It is stored durably, and goes out when the broker is back.
	 */
	record Spilled() implements PublishResult {

	}

	/**
	 * Only members on this node got it.
	 */
	record LocalOnly() implements PublishResult {

	}

}
