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

import java.security.Principal;
import java.util.Optional;

import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeSession;
import dev.realtime.annotation.Room;
import dev.realtime.annotation.RoomVariable;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Resolves parameters about the session, the room and the connection.
 */
final class InvocationArgumentResolver implements HandlerMethodArgumentResolver {

	private final ConversionService conversionService;

	InvocationArgumentResolver(ConversionService conversionService) {
		this.conversionService = conversionService;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
		return parameter.hasParameterAnnotation(RoomVariable.class) || parameter.hasParameterAnnotation(Room.class)
				|| type == RealtimeSession.class || type == ConnectRequest.class || type == DisconnectReason.class
				|| Principal.class.isAssignableFrom(type);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Object value = resolve(parameter, (Invocation) message);
		return (parameter.getParameterType() == Optional.class) ? Optional.ofNullable(value) : value;
	}

	private @Nullable Object resolve(MethodParameter parameter, Invocation invocation) {
		Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
		if (parameter.hasParameterAnnotation(RoomVariable.class)) {
			return convert(invocation.variables().get(variable(parameter)), parameter);
		}
		if (parameter.hasParameterAnnotation(Room.class)) {
			return invocation.room();
		}
		if (type == RealtimeSession.class) {
			return invocation.session();
		}
		if (type == ConnectRequest.class) {
			return invocation.request();
		}
		return (type == DisconnectReason.class) ? invocation.reason() : principal(type, invocation);
	}

	private static @Nullable Principal principal(Class<?> type, Invocation invocation) {
		Principal principal = invocation.session().principal();
		if (principal != null && !type.isInstance(principal)) {
			throw new IllegalStateException("The principal is a " + principal.getClass().getName() + ", and no "
					+ type.getName() + " as a parameter wants it");
		}
		return principal;
	}

	private @Nullable Object convert(@Nullable String value, MethodParameter parameter) {
		try {
			return this.conversionService.convert(value, TypeDescriptor.valueOf(String.class),
					new TypeDescriptor(parameter.nestedIfOptional()));
		}
		catch (ConversionException ex) {
			throw new RealtimeException(ErrorCode.UNKNOWN_ROOM);
		}
	}

	/**
	 * Return the name of the variable that a parameter stands for.
	 */
	static String variable(MethodParameter parameter) {
		RoomVariable annotation = parameter.getParameterAnnotation(RoomVariable.class);
		String name = (annotation != null) ? annotation.value() : "";
		return name.isEmpty() ? String.valueOf(parameter.getParameterName()) : name;
	}

}
