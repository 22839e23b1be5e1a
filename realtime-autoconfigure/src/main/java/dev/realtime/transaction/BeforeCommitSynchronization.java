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
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Runs an action before the commit, which fails if the action does, where nobody tells
 * when that really begins. If the other synchronizations were being told of the commit
 * already it runs after the commit.
 */
final class BeforeCommitSynchronization implements TransactionSynchronization {

	private final Runnable action;

	private final AfterCommitSynchronization late;

	private boolean done;

	BeforeCommitSynchronization(Runnable action) {
		this.action = action;
		this.late = new AfterCommitSynchronization(this::run);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.late.savepoint(savepoint);
	}

	@Override
	public void savepointRollback(Object savepoint) {
		this.late.savepointRollback(savepoint);
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		if (!this.late.isDone()) {
			run();
		}
	}

	private void run() {
		if (!this.done) {
			this.done = true;
			this.action.run();
		}
	}

	@Override
	public void afterCommit() {
		this.late.afterCommit();
	}

	@Override
	public void afterCompletion(int status) {
		this.late.afterCompletion(status);
	}

}
