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

import java.lang.reflect.Type;
import java.util.stream.Collectors;

import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;

/**
 * Writes and reads payloads as JSON with the application's mapper.
 *
 * @since 0.1.0
 */
public final class JsonPayloadConverter implements PayloadConverter {

	private static final int INVALID = 400;

	private final ObjectMapper mapper;

	/**
	 * Create a converter.
	 * @param mapper the mapper
	 */
	public JsonPayloadConverter(ObjectMapper mapper) {
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

	@Override
	public Object read(Payload payload, Type type) {
		if (type == byte[].class) {
			return payload.bytes();
		}
		try {
			Object value = this.mapper.readValue(payload.bytes(), this.mapper.constructType(type));
			if (value != null) {
				return value;
			}
		}
		catch (JacksonException ex) {
			throw new RealtimeException(INVALID, "invalid payload" + path(ex));
		}
		throw new RealtimeException(INVALID, "invalid payload");
	}

	/** Where the problem is. The mapper's own message names classes. */
	private static String path(JacksonException failure) {
		String path = failure.getPath()
			.stream()
			.map((reference) -> (reference.getPropertyName() != null) ? reference.getPropertyName()
					: String.valueOf(reference.getIndex()))
			.collect(Collectors.joining("."));
		return path.isEmpty() ? "" : ": " + path;
	}

}
