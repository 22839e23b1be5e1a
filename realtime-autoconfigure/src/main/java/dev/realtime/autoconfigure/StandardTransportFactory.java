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

package dev.realtime.autoconfigure;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.realtime.session.Transport;
import dev.realtime.websocket.StandardTransport;
import dev.realtime.websocket.TransportFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.socket.WebSocketSession;

/**
 * Makes transports by the public WebSocket API, and has the threads for what blocks
 * there.
 */
final class StandardTransportFactory implements TransportFactory, DisposableBean {

	private static final int THREADS = 4;

	private static final int IDLE_SECONDS = 5;

	private final ExecutorService pings;

	StandardTransportFactory() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("realtime-ping-");
		threads.setDaemon(true);
		ThreadPoolExecutor executor = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		executor.allowCoreThreadTimeOut(true);
		this.pings = executor;
	}

	@Override
	public Transport create(WebSocketSession session, boolean binary) {
		return new StandardTransport(session, binary, this.pings);
	}

	@Override
	public void destroy() {
		this.pings.shutdownNow();
	}

}
