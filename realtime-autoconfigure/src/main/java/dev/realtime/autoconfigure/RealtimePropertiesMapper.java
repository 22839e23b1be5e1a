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

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.RoomAccess;
import dev.realtime.core.EngineSettings;
import dev.realtime.handler.HandledRooms;
import dev.realtime.handler.InvalidHandlerException;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.session.OutboundLimits;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Turns properties into what the engine takes, which knows nothing of properties. A limit
 * of 0 becomes the largest number where the engine has no word for "no limit".
 */
final class RealtimePropertiesMapper {

	private final RealtimeProperties properties;

	RealtimePropertiesMapper(RealtimeProperties properties) {
		this.properties = properties;
	}

	EngineSettings engineSettings() {
		SessionProperties session = this.properties.getSession();
		RealtimeProperties.Shutdown shutdown = this.properties.getShutdown();
		return new EngineSettings(session.getConnectTimeout(), session.getPingInterval(), session.getPongTimeout(),
				this.properties.getSecurity().isAllowAnonymous(), limit(session.getMaxRooms()),
				session.getMaxSessionsPerUser(), session.getMaxSessionsPerIp(), limit(session.getMaxPendingCommands()),
				limit(session.getMaxPendingSize()), limit(this.properties.getRoom().getRecoveryLimit()),
				this.properties.getPublish().getTimeout(), outboundLimits(), maxNodeBytes(),
				shutdown.getDrainBatchSize(), shutdown.getDrainBatchInterval(), shutdown.getDrainTimeout(),
				session.getLeaveGrace(), new LimitsMapper(this.properties).limits());
	}

	private OutboundLimits outboundLimits() {
		OutboundProperties outbound = this.properties.getOutbound();
		return new OutboundLimits(limit(outbound.getMaxSize()), limit(outbound.getMaxMessages()),
				Math.toIntExact(outbound.getBatchSize().toBytes()), outbound.getSendTimeLimit().toNanos());
	}

	private long maxNodeBytes() {
		DataSize maxNodeSize = this.properties.getOutbound().getMaxNodeSize();
		return (maxNodeSize != null) ? maxNodeSize.toBytes() : Runtime.getRuntime().maxMemory() / 4;
	}

	/**
	 * Return the namespaces that stand in the properties or are handled.
	 */
	Namespaces namespaces(List<HandledRooms> handled) {
		Map<String, RoomSettings> settings = new HashMap<>();
		this.properties.getNamespaces().forEach((name, namespace) -> settings.put(name, roomSettings(namespace)));
		for (HandledRooms rooms : handled) {
			String name = rooms.pattern().namespace();
			checkReachable(rooms, settings.computeIfAbsent(name, (key) -> roomSettings(new NamespaceProperties())));
		}
		return new Namespaces(settings);
	}

	private void checkReachable(HandledRooms rooms, RoomSettings settings) {
		boolean publish = rooms.operation() == RoomAccess.Operation.PUBLISH;
		boolean subscribe = rooms.operation() == RoomAccess.Operation.SUBSCRIBE;
		if ((publish && settings.publish() == AccessRule.NOBODY)
				|| (subscribe && settings.subscribe() == AccessRule.NOBODY)) {
			String key = publish ? "publish" : "subscribe";
			throw new InvalidHandlerException(
					rooms.method() + " is never called: clients may not " + key + " in '" + rooms.pattern() + "'",
					"Set realtime.namespaces." + rooms.pattern().namespace() + "." + key
							+ " to something else than 'nobody', or remove the method");
		}
	}

	RoomSettings roomSettings(NamespaceProperties namespace) {
		RoomProperties room = this.properties.getRoom();
		return new RoomSettings(orElse(namespace.getSubscribe(), room.getSubscribe()),
				orElse(namespace.getPublish(), room.getPublish()), orElse(namespace.getPresence(), room.isPresence()),
				orElse(namespace.getPresenceLimit(), room.getPresenceLimit()),
				orElse(namespace.getHistory().getSize(), room.getHistory().getSize()),
				orElse(namespace.getHistory().getTimeToLive(), room.getHistory().getTimeToLive()),
				orElse(namespace.getRecovery(), room.isRecovery()),
				orElse(namespace.getSlowConsumerPolicy(), room.getSlowConsumerPolicy()),
				(namespace.getOutagePolicy() != null) ? namespace.getOutagePolicy() : room.getOutagePolicy());
	}

	private static int limit(int value) {
		return (value != 0) ? value : Integer.MAX_VALUE;
	}

	private static int limit(DataSize size) {
		return limit(Math.toIntExact(size.toBytes()));
	}

	private static <T> T orElse(@Nullable T value, T fallback) {
		return (value != null) ? value : fallback;
	}

}
