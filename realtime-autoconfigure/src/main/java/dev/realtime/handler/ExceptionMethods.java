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
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import dev.realtime.annotation.RealtimeExceptionHandler;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.handler.invocation.AbstractExceptionHandlerMethodResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;

/**
 * The methods of one controller that turn exceptions into what the client is told.
 */
final class ExceptionMethods extends AbstractExceptionHandlerMethodResolver {

	private static final List<Class<?>> RETURN_TYPES = List.of(RealtimeException.class, ErrorCode.class,
			DisconnectReason.class);

	ExceptionMethods(Class<?> type, HandlerMethodArgumentResolverComposite resolvers) {
		super(find(type, resolvers));
	}

	private static Map<Class<? extends Throwable>, Method> find(Class<?> type,
			HandlerMethodArgumentResolverComposite resolvers) {
		Map<Class<? extends Throwable>, Method> found = new HashMap<>();
		MethodIntrospector
			.selectMethods(type,
					(Method method) -> AnnotatedElementUtils.findMergedAnnotation(method,
							RealtimeExceptionHandler.class))
			.forEach((method, annotation) -> {
				add(found, method, annotation);
				checkParameters(method, resolvers);
			});
		return found;
	}

	private static void add(Map<Class<? extends Throwable>, Method> found, Method method,
			RealtimeExceptionHandler annotation) {
		if (RETURN_TYPES.stream().noneMatch((type) -> type.isAssignableFrom(method.getReturnType()))) {
			throw new InvalidHandlerException("The exception handler " + method + " returns nothing to tell the client",
					"Let it return RealtimeException, ErrorCode or DisconnectReason");
		}
		if (Modifier.isPrivate(method.getModifiers())) {
			throw new InvalidHandlerException("The exception handler " + method + " is private",
					ControllerMethod.VISIBILITY);
		}
		for (Class<? extends Throwable> type : types(method, annotation)) {
			Method other = found.put(type, method);
			if (other != null && !other.equals(method)) {
				throw new InvalidHandlerException(
						"Two exception handlers for " + type.getName() + ": " + other + " and " + method,
						"Remove one of them");
			}
		}
	}

	private static void checkParameters(Method method, HandlerMethodArgumentResolverComposite resolvers) {
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new MethodParameter(method, i);
			if (!Throwable.class.isAssignableFrom(parameter.getParameterType())
					&& !resolvers.supportsParameter(parameter)) {
				throw new InvalidHandlerException(
						"Parameter " + i + " of the exception handler " + method + " has nothing to stand for",
						"Change or remove the parameter");
			}
		}
	}

	private static List<Class<? extends Throwable>> types(Method method, RealtimeExceptionHandler annotation) {
		try {
			return (annotation.value().length > 0) ? List.of(annotation.value())
					: getExceptionsFromMethodSignature(method);
		}
		catch (IllegalStateException ex) {
			throw new InvalidHandlerException("The exception handler " + method + " is for no exception",
					"Let it take one, or name the types in its annotation");
		}
	}

}
