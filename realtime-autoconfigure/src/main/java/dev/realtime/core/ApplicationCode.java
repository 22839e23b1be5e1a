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

import java.util.List;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.RealtimeListener;
import dev.realtime.RoomAuthorizer;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.session.CodeScope;

/**
 * What the application contributes. The lists may be filled later, before the first
 * session.
 *
 * @param authenticators who finds out who clients are
 * @param connectHandlers who has a say when clients connect
 * @param authorizers who decides who may do what
 * @param listeners who is told what happens
 * @param handlers the methods that handle commands
 * @param scope what all of this finds around it when it runs
 * @since 0.1.0
 */
public record ApplicationCode(List<ConnectAuthenticator> authenticators, List<ConnectHandler> connectHandlers,
		List<RoomAuthorizer> authorizers, List<RealtimeListener> listeners, RealtimeHandlers handlers,
		CodeScope scope) {

	/**
	 * Gather code that finds nothing around it.
	 */
	public ApplicationCode(List<ConnectAuthenticator> authenticators, List<ConnectHandler> connectHandlers,
			List<RoomAuthorizer> authorizers, List<RealtimeListener> listeners, RealtimeHandlers handlers) {
		this(authenticators, connectHandlers, authorizers, listeners, handlers, CodeScope.NONE);
	}

}
