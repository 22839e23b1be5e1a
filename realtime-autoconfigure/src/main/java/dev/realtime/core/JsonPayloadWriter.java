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

package dev.realtime.core;

import dev.realtime.Payload;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Writes payloads as JSON with the application's mapper.
 *
 * @since 0.1.0
 */
public final class JsonPayloadWriter implements PayloadWriter {

	private final ObjectMapper mapper;

	/**
	 * Create a writer.
	 * @param mapper the mapper
	 */
	public JsonPayloadWriter(ObjectMapper mapper) {
		this.mapper = mapper;
	}

	@Override
	public Payload write(Object payload) {
		if (payload instanceof Payload written) {
			return written;
		}
		try {
			return Payload.ofJson(this.mapper.writeValueAsBytes(payload));
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Cannot write a payload of " + payload.getClass().getName(), ex);
		}
	}

}
