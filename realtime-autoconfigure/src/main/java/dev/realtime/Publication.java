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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One message that a room got.
 *
 * @param data the payload
 * @param offset the place in the room's stream, from 1, or 0 in a room without history
 * @param info who published it, or {@code null} if the application did
 * @param tags short texts that travel with the payload, possibly empty
 * @param time when it was accepted, in milliseconds since 1970
 * @since 0.1.0
 */
public record Publication(Payload data, long offset, @Nullable Member info, Map<String, String> tags, long time) {

}
