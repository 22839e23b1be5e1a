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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The stripes of this node. A room always belongs to the same one.
 *
 * @since 0.1.0
 */
public final class Stripes {

	private final List<ExecutorService> threads = new ArrayList<>();

	private final Stripe[] stripes;

	/**
	 * Create and start stripes.
	 * @param count how many, as many as there are cores
	 * @param factory makes their threads
	 */
	public Stripes(int count, ThreadFactory factory) {
		this.stripes = new Stripe[count];
		for (int i = 0; i < count; i++) {
			ExecutorService thread = Executors.newSingleThreadExecutor(factory);
			this.threads.add(thread);
			this.stripes[i] = new Stripe(thread);
		}
	}

	Stripe of(String room) {
		return this.stripes[Math.floorMod(room.hashCode(), this.stripes.length)];
	}

	/**
	 * Return whether the calling thread works for a stripe, so that it must not wait.
	 * @return {@code true} if it does
	 */
	public static boolean isCurrentThread() {
		return Stripe.isCurrentThread();
	}

	/**
	 * Finish what is queued, and stop.
	 */
	public void stop() {
		this.threads.forEach(ExecutorService::shutdown);
	}

}
