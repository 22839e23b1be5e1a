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

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.annotation.RealtimeExceptionHandler;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.invocation.AbstractExceptionHandlerMethodResolver;

/**
 * The methods of one controller that turn exceptions into what the client is told.
 */
final class ExceptionMethods extends AbstractExceptionHandlerMethodResolver {

	private static final List<Class<?>> RETURN_TYPES = List.of(RealtimeException.class, ErrorCode.class,
			DisconnectReason.class);

	ExceptionMethods(Class<?> type) {
		super(find(type));
	}

	private static Map<Class<? extends Throwable>, Method> find(Class<?> type) {
		Map<Class<? extends Throwable>, Method> found = new HashMap<>();
		MethodIntrospector
			.selectMethods(type,
					(Method method) -> AnnotatedElementUtils.findMergedAnnotation(method,
							RealtimeExceptionHandler.class))
			.forEach((method, annotation) -> add(found, method, annotation));
		return found;
	}

	private static void add(Map<Class<? extends Throwable>, Method> found, Method method,
			RealtimeExceptionHandler annotation) {
		if (RETURN_TYPES.stream().noneMatch((type) -> type.isAssignableFrom(method.getReturnType()))) {
			throw new InvalidHandlerException("The exception handler " + method + " returns nothing to tell the client",
					"Let it return RealtimeException, ErrorCode or DisconnectReason");
		}
		List<Class<? extends Throwable>> types = List.of(annotation.value());
		for (Class<? extends Throwable> type : types.isEmpty() ? getExceptionsFromMethodSignature(method) : types) {
			Method other = found.put(type, method);
			if (other != null && !other.equals(method)) {
				throw new InvalidHandlerException(
						"Two exception handlers for " + type.getName() + ": " + other + " and " + method,
						"Remove one of them");
			}
		}
	}

}
