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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.RoomDecision;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A method of a controller that can be called. Thread-safe.
 */
final class ControllerMethod {

	/** What to do about a method that is private. */
	static final String VISIBILITY = "Let it be visible in its package, so that a proxy can pass calls on";

	private final HandlerMethod method;

	private final HandlerMethodArgumentResolverComposite resolvers;

	private final HandlerErrors errors;

	private final boolean singleton;

	private volatile @Nullable InvocableHandlerMethod resolved;

	ControllerMethod(HandlerMethod method, boolean singleton, HandlerMethodArgumentResolverComposite resolvers,
			HandlerErrors errors) {
		this.method = method;
		this.singleton = singleton;
		this.resolvers = resolvers;
		this.errors = errors;
	}

	HandlerMethod method() {
		return this.method;
	}

	boolean returnsNothing() {
		return this.method.isVoid();
	}

	/**
	 * Return whether more may be called before a stage that the method returns is
	 * complete.
	 */
	boolean returnsStage() {
		return CompletionStage.class.isAssignableFrom(this.method.getMethod().getReturnType());
	}

	/**
	 * Return whether what the method returns, perhaps later, is a decision, which must
	 * not be missing.
	 */
	boolean decides() {
		ResolvableType type = ResolvableType.forMethodReturnType(this.method.getMethod(), this.method.getBeanType());
		Class<?> resolved = (returnsStage() ? type.as(CompletionStage.class).getGeneric() : type).resolve(Object.class);
		return resolved == Boolean.class || resolved == RoomDecision.class;
	}

	/**
	 * Call the method.
	 * @return a stage that completes with what it returns or with what its stage does; it
	 * fails with what is thrown
	 */
	CompletionStage<@Nullable Object> invoke(Invocation invocation) {
		try {
			Object result = resolve().invoke(invocation);
			return (result instanceof CompletionStage<?> stage) ? stage.thenApply((value) -> value)
					: CompletableFuture.completedFuture(result);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/**
	 * Call the method; the stage fails with what the client is to be told.
	 */
	CompletionStage<@Nullable Object> call(Invocation invocation) {
		return invoke(invocation)
			.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(explain(failure, invocation)));
	}

	/**
	 * Return what the client is to be told of a failure.
	 */
	Throwable explain(Throwable failure, Invocation invocation) {
		return this.errors.translate(failure, () -> resolve().getBean(), invocation);
	}

	private InvocableHandlerMethod resolve() {
		InvocableHandlerMethod invocable = this.resolved;
		if (invocable == null) {
			invocable = new InvocableHandlerMethod(this.method.createWithResolvedBean());
			invocable.setMessageMethodArgumentResolvers(this.resolvers);
			this.resolved = this.singleton ? invocable : null;
		}
		return invocable;
	}

	@Override
	public String toString() {
		return this.method.getBeanType().getName() + "." + this.method.getMethod().getName() + "()";
	}

}
