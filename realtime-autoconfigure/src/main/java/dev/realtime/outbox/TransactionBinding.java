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

package dev.realtime.outbox;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/**
 * Ties actions to the transaction of the calling thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransactionBinding {

	/** There are no transactions. */
	TransactionBinding NONE = (action) -> false;

	/**
	 * Return whether the calling thread is in a transaction that can still take
	 * something.
	 * @return {@code true} if {@link #afterCommit} would take an action
	 */
	default boolean isActive() {
		return false;
	}

	/**
	 * Run an action as the last thing before the commit of the current transaction, after
	 * other such actions that came before it. What it throws rolls the transaction back.
	 * It does not run if a savepoint that was created before the call is rolled back.
	 * @param action the action
	 * @return {@code false} if there is no transaction, or its commit has begun
	 */
	default boolean beforeCommit(Runnable action) {
		return false;
	}

	/**
	 * Run an action after the commit of the current transaction, and never if it rolls
	 * back.
	 * @param action the action
	 * @return {@code false} if there is no transaction, or its commit has begun: the
	 * action has not been taken and should be done at once
	 */
	boolean afterCommit(Runnable action);

	/**
	 * Run an action when the current transaction is over, whatever came of it. To be
	 * called in a transaction.
	 * @param action the action
	 */
	default void afterCompletion(Runnable action) {
		throw new IllegalStateException("there is no transaction");
	}

	/**
	 * Return what to call the current transaction in a message.
	 * @return its name, and on what it is
	 */
	default String describe() {
		return "unknown";
	}

	/**
	 * Do something in the transaction that a method asks for, so that the method and what
	 * else is done are one. The method joins it when it is called.
	 * @param <T> the result
	 * @param method the method
	 * @param type the class of its bean
	 * @param action what to do
	 * @return what the action returns, after the commit
	 * @throws Exception what the action throws, or the commit
	 */
	default <T> T within(Method method, Class<?> type, Callable<T> action) throws Exception {
		return action.call();
	}

}
