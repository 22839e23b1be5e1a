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

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notes that the commit of the thread's transaction has begun, from when on nothing more
 * can be part of it. Spring goes on saying that a transaction is active until all is
 * over. The mark follows its transaction when that is suspended for another one. Spring
 * Boot adds the listener to the transaction managers it configures.
 *
 * @since 0.1.0
 */
public final class CommitMarker implements TransactionExecutionListener {

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		if (TransactionSynchronizationManager.isSynchronizationActive() && !isCommitting()) {
			TransactionSynchronizationManager.registerSynchronization(new Mark());
			TransactionSynchronizationManager.bindResource(Mark.class, Boolean.TRUE);
		}
	}

	static boolean isCommitting() {
		return TransactionSynchronizationManager.hasResource(Mark.class);
	}

	/**
	 * Takes the mark away while its transaction is suspended, and when it is completed.
	 */
	private static final class Mark implements TransactionSynchronization {

		/**
		 * Before the others: what they do when the transaction is completed may be
		 * another transaction, for which nothing is suspended any more.
		 */
		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void suspend() {
			TransactionSynchronizationManager.unbindResourceIfPossible(Mark.class);
		}

		@Override
		public void resume() {
			TransactionSynchronizationManager.bindResource(Mark.class, Boolean.TRUE);
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(Mark.class);
		}

	}

}
