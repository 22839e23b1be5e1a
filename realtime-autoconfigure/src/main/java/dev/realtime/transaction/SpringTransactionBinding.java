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

import java.lang.reflect.Method;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.realtime.outbox.TransactionBinding;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Ties actions to the Spring transaction of the calling thread. They run after the
 * commit, on the thread that commits, in the order of the calls, also in relation to
 * other synchronizations of the default order: what evicts a cache before it publishes
 * still does so. They do not run if the transaction, or a savepoint that was created
 * before the call, is rolled back. An action that fails is logged; neither the others nor
 * the caller of the committed transaction notice. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SpringTransactionBinding implements TransactionBinding {

	private final MethodTransactions methods;

	/**
	 * Create a binding.
	 * @param beans where the transaction managers are
	 */
	public SpringTransactionBinding(BeanFactory beans) {
		this.methods = new MethodTransactions(beans);
	}

	@Override
	public <T> T within(Method method, Class<?> type, Callable<T> action) throws Exception {
		return this.methods.run(method, type, action);
	}

	@Override
	public boolean isActive() {
		return TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.isSynchronizationActive() && !CommitMarker.isCommitting();
	}

	@Override
	public boolean beforeCommit(Runnable action) {
		if (!isActive()) {
			return false;
		}
		TransactionScope scope = TransactionScope.current();
		if (scope != null) {
			scope.add(action);
		}
		else {
			TransactionSynchronizationManager.registerSynchronization(new BeforeCommitSynchronization(action));
		}
		return true;
	}

	@Override
	public boolean afterCommit(Runnable action) {
		if (!isActive()) {
			return false;
		}
		TransactionSynchronizationManager.registerSynchronization(new AfterCommitSynchronization(action));
		return true;
	}

	@Override
	public void afterCompletion(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				action.run();
			}

		});
	}

	@Override
	public String describe() {
		String resources = TransactionSynchronizationManager.getResourceMap()
			.keySet()
			.stream()
			.filter((resource) -> resource != TransactionScope.class)
			.map((resource) -> resource.getClass().getSimpleName())
			.sorted()
			.collect(Collectors.joining(", "));
		return TransactionSynchronizationManager.getCurrentTransactionName() + " on " + resources;
	}

}
