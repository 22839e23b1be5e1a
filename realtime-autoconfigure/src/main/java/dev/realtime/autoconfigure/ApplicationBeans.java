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

import java.util.List;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.RealtimeListener;
import dev.realtime.RoomAuthorizer;
import dev.realtime.core.ApplicationCode;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.session.CodeScope;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * What the application contributes. Looked up at the latest when all beans are there, so
 * that nothing is created in the middle of a session.
 */
final class ApplicationBeans implements SmartInitializingSingleton {

	private final OrderedBeans<ConnectAuthenticator> authenticators;

	private final OrderedBeans<ConnectHandler> connectHandlers;

	private final OrderedBeans<RoomAuthorizer> authorizers;

	private final OrderedBeans<RealtimeListener> listeners;

	private final RealtimeHandlers handlers;

	private final CodeScope scope;

	ApplicationBeans(ObjectProvider<ConnectAuthenticator> authenticators,
			ObjectProvider<ConnectHandler> connectHandlers, ObjectProvider<RoomAuthorizer> authorizers,
			ObjectProvider<RealtimeListener> listeners, RealtimeHandlers handlers, CodeScope scope) {
		this.authenticators = new OrderedBeans<>(authenticators, List.of());
		this.connectHandlers = new OrderedBeans<>(connectHandlers, handlers.connectHandlers());
		this.authorizers = new OrderedBeans<>(authorizers, List.of());
		this.listeners = new OrderedBeans<>(listeners, handlers.listeners());
		this.handlers = handlers;
		this.scope = scope;
	}

	ApplicationCode code() {
		return new ApplicationCode(this.authenticators, this.connectHandlers, this.authorizers, this.listeners,
				this.handlers, this.scope);
	}

	List<ConnectAuthenticator> authenticators() {
		return this.authenticators;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List.of(this.authenticators, this.connectHandlers, this.authorizers, this.listeners).forEach(List::size);
	}

}
