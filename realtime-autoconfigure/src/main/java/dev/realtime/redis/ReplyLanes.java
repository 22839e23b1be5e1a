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

package dev.realtime.redis;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;

/**
 * Runs what waits for answers of Redis, for one room in order. The driver's own threads
 * must not: they would write to sockets.
 */
final class ReplyLanes {

	private final ExecutorService[] lanes;

	ReplyLanes(int count, ThreadFactory threads) {
		this.lanes = new ExecutorService[count];
		for (int i = 0; i < count; i++) {
			this.lanes[i] = Executors.newSingleThreadExecutor(threads);
		}
	}

	void execute(String room, Runnable task) {
		try {
			this.lanes[Math.floorMod(room.hashCode(), this.lanes.length)].execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	void stop() {
		for (ExecutorService lane : this.lanes) {
			lane.shutdown();
		}
	}

}
