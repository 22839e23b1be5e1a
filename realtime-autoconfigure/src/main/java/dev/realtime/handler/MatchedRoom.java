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
import java.util.concurrent.CompletionStage;

import dev.realtime.RoomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A method that was found for a room.
 *
 * @param <T> what it says
 * @param target the method
 * @param variables the values of the room's variables
 * @param answer makes something of what the method returns
 */
record MatchedRoom<T>(ControllerMethod target, Map<String, String> variables,
		Answer<T> answer) implements RoomHandler<T> {

	@Override
	public CompletionStage<T> handle(RoomAccess access) {
		return this.target.invoke(invocation(access)).thenApply((value) -> this.answer.of(value, this.target, access));
	}

	@Override
	public Throwable explain(Throwable failure, RoomAccess access) {
		return this.target.explain(failure, invocation(access));
	}

	private Invocation invocation(RoomAccess access) {
		return Invocation.of(access.session(), access.data(), access.room(), this.variables);
	}

	@Override
	public boolean isAsynchronous() {
		return this.target.returnsStage();
	}

	@Override
	public Method method() {
		return this.target.method().getMethod();
	}

	@Override
	public Class<?> type() {
		return this.target.method().getBeanType();
	}

	/**
	 * Makes something of what a method returns.
	 */
	@FunctionalInterface
	interface Answer<T> {

		T of(@Nullable Object value, ControllerMethod method, RoomAccess access);

	}

}
