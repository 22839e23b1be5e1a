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

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Does what is to be done as the last thing before a commit, after everything that other
 * synchronizations do, and notes that the commit of the thread's transaction has begun,
 * from when on nothing more can be part of it. Spring goes on saying that a transaction
 * is active until all is over. Releasing a savepoint is no commit. Spring Boot adds the
 * listener to the transaction managers it configures.
 *
 * @since 0.1.0
 */
public final class CommitMarker implements TransactionExecutionListener {

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null && transaction.isNewTransaction()
				&& TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionScope.open();
		}
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		if (transaction.isNewTransaction() && TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionScope scope = TransactionScope.current();
			((scope != null) ? scope : TransactionScope.open()).complete(transaction);
		}
	}

	static boolean isCommitting() {
		TransactionScope scope = TransactionScope.current();
		return scope != null && scope.isCommitting();
	}

}
