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

package dev.realtime.control;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Does on this node what others ask for. Called by one thread at a time; never blocks.
 *
 * @since 0.1.0
 */
public interface ControlListener {

	/**
	 * Do what another node asks for. Messages come in the order in which their senders
	 * sent them, and each at most once as a rule: doing it twice must not matter.
	 * @param message what to do
	 * @return a stage that completes when it is done
	 */
	CompletionStage<@Nullable Void> handle(ControlMessage message);

	/**
	 * Messages may have been missed, and arrive again from now on.
	 */
	void resumed();

}
