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

import java.lang.reflect.Type;

/**
 * Turns what the application publishes into bytes, and what clients send into objects. A
 * bean of this type replaces the one that writes and reads JSON with the application's
 * JSON mapper. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PayloadConverter {

	/**
	 * Write a payload.
	 * @param payload the object
	 * @return its bytes; a {@link Payload} is returned as it is
	 * @throws IllegalArgumentException if it cannot be written
	 */
	Payload write(Object payload);

	/**
	 * Read a payload.
	 * @param payload the bytes, not empty
	 * @param type what to make of them
	 * @return the object
	 * @throws RealtimeException with code 400, and a message for the client that names
	 * the field, if they cannot be read as such
	 */
	Object read(Payload payload, Type type);

}
