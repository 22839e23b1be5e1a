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

import java.util.HashSet;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.transaction.support.TransactionSynchronization;

/**
 * Runs an action after the commit. The completion is the second chance: it also comes
 * when another synchronization has failed after the commit and kept the first from coming
 * here, and when this one was registered while the others already ran.
 */
final class AfterCommitSynchronization implements TransactionSynchronization {

	private static final Log logger = LogFactory.getLog(AfterCommitSynchronization.class);

	private final Runnable action;

	private final Set<Object> laterSavepoints = new HashSet<>(0);

	private boolean done;

	AfterCommitSynchronization(Runnable action) {
		this.action = action;
	}

	/** Return whether the action has been run, or never will be. */
	boolean isDone() {
		return this.done;
	}

	@Override
	public void savepoint(Object savepoint) {
		this.laterSavepoints.add(savepoint);
	}

	/**
	 * Rolling back to a savepoint that this has never heard of undoes what it belongs to.
	 */
	@Override
	public void savepointRollback(Object savepoint) {
		this.done |= !this.laterSavepoints.contains(savepoint);
	}

	@Override
	public void afterCommit() {
		run();
	}

	@Override
	public void afterCompletion(int status) {
		if (status == STATUS_COMMITTED) {
			run();
		}
	}

	private void run() {
		if (this.done) {
			return;
		}
		this.done = true;
		try {
			this.action.run();
		}
		catch (Throwable ex) {
			logger.error("What was to happen after the commit of a transaction has failed", ex);
		}
	}

}
