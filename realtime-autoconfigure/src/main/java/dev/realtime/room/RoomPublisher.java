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

package dev.realtime.room;

import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.naming.RoomSettings;

/**
 * Publishes into rooms on behalf of the application. Thread-safe; nothing blocks.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RoomPublisher {

	/**
	 * Publish.
	 * @param room the name of the room
	 * @param settings how it is set up
	 * @param publication what to publish
	 * @param options the options
	 * @return a stage that completes with what became of it, or exceptionally
	 */
	CompletionStage<PublishResult> submit(String room, RoomSettings settings, Publication publication,
			PublishOptions options);

}
