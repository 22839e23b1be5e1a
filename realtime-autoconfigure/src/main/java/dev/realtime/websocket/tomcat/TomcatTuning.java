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

package dev.realtime.websocket.tomcat;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a connector for many sessions that are written to: room for their connections,
 * and completions on the threads that write.
 * <p>
 * The executor is wrapped when the connector has started. By then Tomcat has made it,
 * just as the application has configured it, or uses the one it was given. Tomcat leaves
 * an executor that was set from outside alone; so its own one, once wrapped, is shut down
 * here. All of it survives that the connector is stopped and started again.
 *
 * @since 0.1.0
 */
public final class TomcatTuning {

	private static final int MAX_CONNECTIONS = 100_000;

	private static final int ACCEPT_COUNT = 1_000;

	private static final int UNLIMITED = -1;

	private static final long TERMINATION_SECONDS = 5;

	private final boolean raiseMaxConnections;

	private final boolean raiseAcceptCount;

	/**
	 * Create the tuning.
	 * @param raiseMaxConnections whether to raise the number of connections:
	 * {@code false} if the application has set it
	 * @param raiseAcceptCount whether to raise the number of connections that wait to be
	 * accepted: {@code false} if the application has set it
	 */
	public TomcatTuning(boolean raiseMaxConnections, boolean raiseAcceptCount) {
		this.raiseMaxConnections = raiseMaxConnections;
		this.raiseAcceptCount = raiseAcceptCount;
	}

	/**
	 * Tune a connector, before it is initialized. Others may customize it before and
	 * after.
	 * @param connector the connector; one that does not speak HTTP as Tomcat does is left
	 * as it is
	 */
	public void apply(Connector connector) {
		if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
			connector.addLifecycleListener(new Listener(protocol));
		}
	}

	private void raiseLimits(AbstractProtocol<?> protocol) {
		if (this.raiseMaxConnections && protocol.getMaxConnections() != UNLIMITED) {
			protocol.setMaxConnections(Math.max(protocol.getMaxConnections(), MAX_CONNECTIONS));
		}
		if (this.raiseAcceptCount) {
			protocol.setAcceptCount(Math.max(protocol.getAcceptCount(), ACCEPT_COUNT));
		}
	}

	/** What happens when to one connector. */
	private final class Listener implements LifecycleListener {

		private final AbstractProtocol<?> protocol;

		private boolean foreign;

		private @Nullable Executor wrapped;

		private Listener(AbstractProtocol<?> protocol) {
			this.protocol = protocol;
		}

		@Override
		public void lifecycleEvent(LifecycleEvent event) {
			switch (event.getType()) {
				case Lifecycle.BEFORE_INIT_EVENT -> raiseLimits(this.protocol);
				case Lifecycle.BEFORE_START_EVENT -> this.foreign = this.protocol.getExecutor() != null;
				case Lifecycle.AFTER_START_EVENT -> wrap();
				case Lifecycle.AFTER_STOP_EVENT -> unwrap();
				default -> {
				}
			}
		}

		private void wrap() {
			Executor executor = this.protocol.getExecutor();
			if (executor != null) {
				this.wrapped = executor;
				this.protocol.setExecutor(new CompletionExecutor(executor));
			}
		}

		private void unwrap() {
			Executor executor = this.wrapped;
			this.wrapped = null;
			if (executor != null) {
				this.protocol.setExecutor(this.foreign ? executor : null);
			}
			if (!this.foreign && executor instanceof ExecutorService service) {
				shutDown(service);
			}
		}

		private static void shutDown(ExecutorService service) {
			service.shutdownNow();
			try {
				service.awaitTermination(TERMINATION_SECONDS, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
