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

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.StreamPosition;
import org.jspecify.annotations.Nullable;

/**
 * A publication on its way. It may have to wait for a commit, which may never come.
 */
final class Publishing {

	private final CompletableFuture<StreamPosition> position = new CompletableFuture<>();

	private final Supplier<CompletionStage<StreamPosition>> action;

	private volatile boolean started;

	Publishing(Supplier<CompletionStage<StreamPosition>> action) {
		this.action = action;
	}

	void start() {
		this.started = true;
		try {
			this.action.get().whenComplete(this::complete);
		}
		catch (RuntimeException ex) {
			this.position.completeExceptionally(ex);
		}
	}

	private void complete(@Nullable StreamPosition position, @Nullable Throwable failure) {
		if (position != null) {
			this.position.complete(position);
		}
		else {
			this.position.completeExceptionally(Responder.unwrap(Objects.requireNonNull(failure)));
		}
	}

	/**
	 * Return whether nothing has to be waited for any more.
	 */
	boolean isStarted() {
		return this.started;
	}

	/**
	 * Return where it got to, once it is accepted. Does not complete if its transaction
	 * is rolled back.
	 */
	CompletionStage<StreamPosition> position() {
		return this.position;
	}

}
