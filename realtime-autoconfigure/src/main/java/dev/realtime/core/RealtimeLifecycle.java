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

import org.springframework.context.SmartLifecycle;

/**
 * Runs the engine for as long as the web server needs it: from before the server starts
 * until after it has stopped.
 *
 * @since 0.1.0
 */
public final class RealtimeLifecycle implements SmartLifecycle {

	/** Below Boot's web server, which starts and stops in phase MAX - 2048. */
	public static final int PHASE = Integer.MAX_VALUE - 3072;

	private final RealtimeEngine engine;

	private volatile boolean running;

	/**
	 * Create the lifecycle.
	 * @param engine the engine
	 */
	public RealtimeLifecycle(RealtimeEngine engine) {
		this.engine = engine;
	}

	@Override
	public void start() {
		this.engine.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.engine.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
