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

package dev.realtime.handler;

import dev.realtime.RealtimeException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.util.StringUtils;

/**
 * Resolves headers, and tells the client which one is missing or wrong.
 */
final class HeaderArgumentResolver extends HeaderMethodArgumentResolver {

	HeaderArgumentResolver(ConversionService conversionService) {
		super(conversionService, null);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
		try {
			return super.resolveArgument(parameter, message);
		}
		catch (ConversionException ex) {
			throw new RealtimeException(HandlerErrors.INVALID, "invalid header: " + name(parameter));
		}
	}

	private static @Nullable String name(MethodParameter parameter) {
		Header annotation = parameter.getParameterAnnotation(Header.class);
		return (annotation != null && StringUtils.hasText(annotation.name())) ? annotation.name()
				: parameter.getParameterName();
	}

	@Override
	protected void handleMissingValue(String headerName, MethodParameter parameter, Message<?> message) {
		throw new RealtimeException(HandlerErrors.INVALID, "missing header: " + headerName);
	}

}
