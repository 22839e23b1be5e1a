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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.realtime.PublishOptions;
import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.RealtimePublish;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Publishes what a method returns.
 */
final class RealtimePublishInterceptor implements MethodInterceptor {

	private final Map<Method, RoomTemplate> templates = new ConcurrentHashMap<>();

	private final Supplier<RealtimeOperations> operations;

	RealtimePublishInterceptor(Supplier<RealtimeOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Read what stands on the methods of a class.
	 * @throws InvalidHandlerException if it names no rooms
	 */
	void prepare(Class<?> type) {
		MethodIntrospector
			.selectMethods(type, (Method method) -> AnnotatedElementUtils.hasAnnotation(method, RealtimePublish.class))
			.forEach(this::template);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object result = invocation.proceed();
		Object target = invocation.getThis();
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(),
				(target != null) ? target.getClass() : null);
		if (result instanceof CompletionStage<?> stage) {
			return stage.<@Nullable Object>thenCompose((value) -> publishLater(method, invocation, value));
		}
		if (result != null) {
			this.operations.get()
				.publish(template(method).rooms(method, invocation.getArguments(), result), result,
						PublishOptions.NONE);
		}
		return result;
	}

	private CompletionStage<@Nullable Object> publishLater(Method method, MethodInvocation invocation,
			@Nullable Object value) {
		if (value == null) {
			return CompletableFuture.completedFuture(null);
		}
		return this.operations.get()
			.publishAsync(template(method).rooms(method, invocation.getArguments(), value), value, PublishOptions.NONE)
			.thenApply((results) -> value);
	}

	private RoomTemplate template(Method method) {
		return this.templates.computeIfAbsent(method,
				(key) -> new RoomTemplate(
						Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(key, RealtimePublish.class)),
						key.toString()));
	}

}
