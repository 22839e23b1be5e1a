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
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.realtime.DisconnectReason;
import dev.realtime.ErrorCode;
import dev.realtime.RealtimeException;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Turns what a method throws into what the client is told. What it makes no
 * {@link RealtimeException} of is nothing for the client.
 */
final class HandlerErrors {

	/** The code for what the client must not send like this. */
	static final int INVALID = 400;

	private final ExceptionMethods methods;

	private final HandlerMethodArgumentResolverComposite resolvers;

	HandlerErrors(Class<?> type, HandlerMethodArgumentResolverComposite resolvers) {
		this.methods = new ExceptionMethods(type, resolvers);
		this.resolvers = resolvers;
	}

	/**
	 * Return what has failed, or what the application makes of it.
	 * @param failure what was thrown
	 * @param bean gives the controller
	 * @param invocation what it was called for
	 */
	Throwable translate(Throwable failure, Supplier<Object> bean, Invocation invocation) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		Method method = this.methods.hasExceptionMappings() ? this.methods.resolveMethod(cause) : null;
		if (method != null) {
			return handle(cause, method, bean.get(), invocation);
		}
		if (cause instanceof MethodArgumentNotValidException ex) {
			return new RealtimeException(INVALID, describe(ex.getBindingResult()));
		}
		return cause;
	}

	private Throwable handle(Throwable failure, Method method, Object bean, Invocation invocation) {
		InvocableHandlerMethod invocable = new InvocableHandlerMethod(bean, method);
		invocable.setMessageMethodArgumentResolvers(this.resolvers);
		try {
			return answer(invocable.invoke(invocation, causes(failure)), failure, invocation);
		}
		catch (Throwable ex) {
			if (ex != failure) {
				ex.addSuppressed(failure);
			}
			return ex;
		}
	}

	/** The method may want any of them. */
	private static Object[] causes(Throwable failure) {
		return Stream.iterate(failure, (cause) -> cause != null, Throwable::getCause).toArray();
	}

	private static Throwable answer(@Nullable Object answer, Throwable failure, Invocation invocation) {
		if (answer instanceof RealtimeException ex) {
			return ex;
		}
		if (answer instanceof ErrorCode code) {
			return new RealtimeException(code);
		}
		if (answer instanceof DisconnectReason reason) {
			invocation.session().disconnect(reason);
			return new RealtimeException(ErrorCode.INTERNAL);
		}
		return failure;
	}

	private static String describe(@Nullable BindingResult result) {
		if (result == null) {
			return "invalid payload";
		}
		return result.getAllErrors().stream().map(HandlerErrors::describe).sorted().collect(Collectors.joining("; "));
	}

	private static String describe(ObjectError error) {
		String field = (error instanceof FieldError fieldError) ? fieldError.getField() + ": " : "";
		return field + ((error.getDefaultMessage() != null) ? error.getDefaultMessage() : "invalid");
	}

}
