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

package dev.realtime.session;

import java.util.concurrent.TimeUnit;

/**
 * How often a session may be told to subscribe again instead of being disconnected.
 */
final class ResyncLimit {

	private static final int MAX = 3;

	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);

	private long start;

	private int count;

	synchronized boolean isAllowed() {
		long now = System.nanoTime();
		if (this.count == 0 || now - this.start > WINDOW_NANOS) {
			this.start = now;
			this.count = 0;
		}
		return ++this.count <= MAX;
	}

}
