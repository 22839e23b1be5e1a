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

package dev.realtime.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.outbox.TransactionBinding;

/**
 * A transaction that every thread is in until it is committed.
 */
final class OpenTransaction implements TransactionBinding {

	private final List<Runnable> actions = new CopyOnWriteArrayList<>();

	@Override
	public boolean isActive() {
		return true;
	}

	@Override
	public boolean afterCommit(Runnable action) {
		return this.actions.add(action);
	}

	void commit() {
		this.actions.forEach(Runnable::run);
	}

}
