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
 * Lets sessions in when everything else is up, and drains them before anything else goes
 * down.
 *
 * @since 0.1.0
 */
public final class SessionLifecycle implements SmartLifecycle {

	/**
	 * Above Boot's graceful shutdown in phase MAX - 1024, which closes the server socket.
	 */
	public static final int PHASE = Integer.MAX_VALUE - 512;

	private final RealtimeEngine engine;

	private volatile boolean running;

	/**
	 * Create the lifecycle.
	 * @param engine the engine
	 */
	public SessionLifecycle(RealtimeEngine engine) {
		this.engine = engine;
	}

	@Override
	public void start() {
		this.engine.accept();
		this.running = true;
	}

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.engine.drain(callback);
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
