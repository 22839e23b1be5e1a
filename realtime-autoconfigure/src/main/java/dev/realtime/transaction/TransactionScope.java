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

package dev.realtime.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What is known about one transaction: what to do as the very last thing before its
 * commit, and whether that has begun. It is bound to the thread from the begin to the
 * end, except while its transaction is suspended for another one.
 */
final class TransactionScope implements TransactionSynchronization {

	private final List<Runnable> actions = new ArrayList<>(0);

	private final Map<Object, Integer> savepoints = new HashMap<>(0);

	private boolean committing;

	/**
	 * Begin.
	 */
	static TransactionScope open() {
		TransactionScope scope = new TransactionScope();
		TransactionSynchronizationManager.registerSynchronization(scope);
		TransactionSynchronizationManager.unbindResourceIfPossible(TransactionScope.class);
		scope.resume();
		return scope;
	}

	/**
	 * Return the scope of the thread's transaction.
	 * @return the scope, or {@code null} if there is no transaction, or nobody has told
	 * of its begin
	 */
	static @Nullable TransactionScope current() {
		return (TransactionScope) TransactionSynchronizationManager.getResource(TransactionScope.class);
	}

	void add(Runnable action) {
		this.actions.add(action);
	}

	/**
	 * Do what is to be done before the commit. What entity managers still hold back is
	 * written first, so that a row that the database refuses keeps all of it from
	 * happening.
	 */
	void complete(TransactionExecution transaction) {
		if (!this.actions.isEmpty() && transaction instanceof TransactionStatus status) {
			status.flush();
		}
		for (int i = 0; i < this.actions.size(); i++) {
			this.actions.get(i).run();
		}
		this.committing = true;
	}

	boolean isCommitting() {
		return this.committing;
	}

	/**
	 * Before the others: what they do when the transaction is completed may be another
	 * transaction, for which nothing is suspended any more.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, this.actions.size());
	}

	@Override
	public void savepointRollback(Object savepoint) {
		int size = this.savepoints.getOrDefault(savepoint, 0);
		this.actions.subList(Math.min(size, this.actions.size()), this.actions.size()).clear();
	}

	@Override
	public void suspend() {
		TransactionSynchronizationManager.unbindResourceIfPossible(TransactionScope.class);
	}

	@Override
	public void resume() {
		TransactionSynchronizationManager.bindResource(TransactionScope.class, this);
	}

	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(TransactionScope.class);
	}

}
