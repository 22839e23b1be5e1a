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

package dev.realtime.test.cluster;

import dev.realtime.RealtimeOperations;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestClientBuilder;
import dev.realtime.test.RealtimeTestClients;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * One node of a {@link RealtimeTestCluster}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RealtimeTestNode implements AutoCloseable {

	private final Hub hub;

	private final Cable cable;

	private final NodePresence presence;

	private final NodeControlBus control;

	private @Nullable ConfigurableApplicationContext context;

	RealtimeTestNode(int index, Hub hub) {
		this.hub = hub;
		this.cable = new Cable(index);
		this.presence = new NodePresence(hub, this.cable);
		this.control = new NodeControlBus(hub, this.cable);
	}

	void start(SpringApplicationBuilder application, String... arguments) {
		ApplicationContextInitializer<GenericApplicationContext> join = this::join;
		this.context = application.initializers(join).run(arguments);
	}

	private void join(GenericApplicationContext context) {
		context.registerBean("realtimeTestRelay", NodeRelay.class, () -> new NodeRelay(this.hub, this.cable),
				(definition) -> definition.setPrimary(true));
		context.registerBean("realtimeTestPresenceStore", NodePresence.class, () -> this.presence,
				(definition) -> definition.setPrimary(true));
		context.registerBean("realtimeTestControlBus", NodeControlBus.class, () -> this.control,
				(definition) -> definition.setPrimary(true));
	}

	Cable cable() {
		return this.cable;
	}

	void heal() {
		this.presence.heal();
		this.hub.heal(this.cable);
		this.control.heal();
	}

	/**
	 * Return the application on this node.
	 * @return its context
	 */
	public ConfigurableApplicationContext context() {
		ConfigurableApplicationContext started = this.context;
		if (started == null) {
			throw new IllegalStateException("The node has not been started");
		}
		return started;
	}

	/**
	 * Return a bean of the application on this node.
	 * @param <T> the type of the bean
	 * @param type the type of the bean
	 * @return the bean
	 */
	public <T> T bean(Class<T> type) {
		return context().getBean(type);
	}

	/**
	 * Return what the application does in rooms, on this node.
	 * @return the operations
	 */
	public RealtimeOperations operations() {
		return bean(RealtimeOperations.class);
	}

	/**
	 * Begin to build a client of this node.
	 * @return the builder
	 */
	public RealtimeTestClientBuilder client() {
		return bean(RealtimeTestClients.class).client();
	}

	/**
	 * Connect a client that nobody knows.
	 * @return the client
	 */
	public RealtimeTestClient connect() {
		return client().connect();
	}

	/**
	 * Connect a client of a user.
	 * @param user the name of the user
	 * @return the client
	 */
	public RealtimeTestClient connect(String user) {
		return client().user(user).connect();
	}

	/**
	 * Shut this node down in good order: its clients are told to find another one, and
	 * its members are gone from all rooms. It cannot be started again.
	 */
	@Override
	public void close() {
		if (this.context != null) {
			this.context.close();
		}
		this.hub.disconnect(this.cable);
		this.control.close();
		this.presence.close();
		this.cable.close();
	}

}
