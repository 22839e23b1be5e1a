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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.PublishResult;
import org.jspecify.annotations.Nullable;

/**
 * A publication on its way. It may have to wait for a commit, which may never come.
 */
final class Publishing {

	private final CompletableFuture<PublishResult> outcome = new CompletableFuture<>();

	private final boolean enlisted;

	private Publishing(boolean enlisted) {
		this.enlisted = enlisted;
	}

	/**
	 * Publish at once.
	 */
	static Publishing now(CompletionStage<PublishResult> stage) {
		Publishing publishing = new Publishing(false);
		publishing.follow(stage);
		return publishing;
	}

	/**
	 * Wait for a commit.
	 */
	static Publishing later() {
		return new Publishing(true);
	}

	/**
	 * Go on after the commit.
	 */
	void start(Supplier<CompletionStage<PublishResult>> action) {
		try {
			follow(action.get());
		}
		catch (RuntimeException ex) {
			this.outcome.completeExceptionally(ex);
		}
	}

	private void follow(CompletionStage<PublishResult> stage) {
		stage.whenComplete(this::complete);
	}

	private void complete(@Nullable PublishResult result, @Nullable Throwable failure) {
		if (failure != null) {
			this.outcome.completeExceptionally(Responder.unwrap(failure));
		}
		else {
			this.outcome.complete(result);
		}
	}

	/**
	 * Return what the caller is told: as much as is known without waiting for the commit.
	 */
	CompletionStage<PublishResult> result() {
		return this.enlisted ? CompletableFuture.completedFuture(new PublishResult.Enlisted()) : this.outcome;
	}

	/**
	 * Return what finally became of it. Does not complete if its transaction is rolled
	 * back.
	 */
	CompletionStage<PublishResult> outcome() {
		return this.outcome;
	}

	boolean isEnlisted() {
		return this.enlisted;
	}

}
