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

package dev.realtime.handler;

import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells methods who leaves.
 */
final class HandlerListener implements RealtimeListener {

	private static final Log logger = LogFactory.getLog(HandlerListener.class);

	private final List<ControllerMethod> disconnects;

	private final RoomMappings unsubscribes;

	HandlerListener(List<ControllerMethod> disconnects, RoomMappings unsubscribes) {
		this.disconnects = disconnects;
		this.unsubscribes = unsubscribes;
	}

	@Override
	public void disconnected(RealtimeSession session, DisconnectReason reason) {
		this.disconnects.forEach((method) -> report(method, method.invoke(Invocation.of(session, reason))));
	}

	@Override
	public void left(RealtimeSession session, String room) {
		this.unsubscribes.find(room, (method, variables) -> report(method,
				method.invoke(Invocation.of(session, Payload.EMPTY, room, variables))));
	}

	private static CompletionStage<@Nullable Object> report(ControllerMethod method,
			CompletionStage<@Nullable Object> stage) {
		return stage.whenComplete((value, failure) -> {
			if (failure != null) {
				logger.error(method + " failed", failure);
			}
		});
	}

}
