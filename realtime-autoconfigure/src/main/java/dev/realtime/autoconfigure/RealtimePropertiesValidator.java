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

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.realtime.naming.AccessRule;
import dev.realtime.naming.RoomName;
import dev.realtime.naming.RoomSettings;
import dev.realtime.naming.SlowConsumerPolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Finds settings that each have a valid form but cannot work.
 */
final class RealtimePropertiesValidator {

	private static final DataSize MAX_SIZE = DataSize.ofGigabytes(1);

	private static final Duration MAX_DURATION = Duration.ofDays(1);

	private static final Pattern ANY_ORIGIN = Pattern.compile("([^/]+://)?[*.]+(:[0-9*]+)?/?");

	private static final Pattern ORIGIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\\s]+/?");

	private static final String NAMESPACES = "realtime.namespaces.";

	private final RealtimeProperties properties;

	RealtimePropertiesValidator(RealtimeProperties properties) {
		this.properties = properties;
	}

	void validate() {
		validateRelay();
		validatePath();
		validateOrigins();
		validateSession(this.properties.getSession());
		validateHeartbeat(this.properties.getSession());
		validateOutbound(this.properties.getOutbound());
		validateRooms();
		positive("realtime.publish.timeout", this.properties.getPublish().getTimeout());
		validateShutdown(this.properties.getShutdown());
	}

	private void validateRelay() {
		RealtimeProperties.Relay relay = this.properties.getRelay();
		check(relay == RealtimeProperties.Relay.LOCAL, "realtime.relay", relay.name().toLowerCase(Locale.ROOT),
				"This version has no relay but 'local'",
				"Set realtime.relay to 'local', or remove it, and run a single node.");
	}

	private void validatePath() {
		String path = this.properties.getPath();
		check(path.startsWith("/"), "realtime.path", path, "A path starts with '/'", "Put '/' in front of it.");
		check(path.chars().noneMatch((c) -> "*?{}#;%\\ ".indexOf(c) >= 0 || c < ' '), "realtime.path", path,
				"The path is no pattern and has no query", "Use letters, digits, '-', '_', '.' and '/'.");
	}

	private void validateOrigins() {
		for (String origin : this.properties.getAllowedOrigins()) {
			check(!ANY_ORIGIN.matcher(origin).matches(), "realtime.allowed-origins", origin,
					"Any web page could then connect in the name of a user who is logged in here",
					"Name the origins of your pages, such as https://app.example.com or https://*.example.com.");
			check(ORIGIN.matcher(origin).matches(), "realtime.allowed-origins", origin,
					"An origin is a scheme and a host, with a port unless it is the default one, and nothing after it",
					"Write it as the browser sends it, such as https://app.example.com or http://localhost:3000.");
		}
	}

	private void validateSession(SessionProperties session) {
		positive("realtime.session.connect-timeout", session.getConnectTimeout());
		size("realtime.session.max-message-size", session.getMaxMessageSize(), 1);
		notNegative("realtime.session.max-rooms", session.getMaxRooms());
		notNegative("realtime.session.max-sessions-per-ip", session.getMaxSessionsPerIp());
		notNegative("realtime.session.max-sessions-per-user", session.getMaxSessionsPerUser());
		notNegative("realtime.session.max-pending-commands", session.getMaxPendingCommands());
		size("realtime.session.max-pending-size", session.getMaxPendingSize(), 0);
	}

	private void validateHeartbeat(SessionProperties session) {
		Duration ping = session.getPingInterval();
		positive("realtime.session.ping-interval", ping);
		check(ping.equals(Duration.ofSeconds(ping.toSeconds())), "realtime.session.ping-interval", ping,
				"Clients are told the interval in whole seconds", "Use whole seconds, at least 1s.");
		positive("realtime.session.pong-timeout", session.getPongTimeout());
		check(session.getPongTimeout().compareTo(ping) < 0, "realtime.session.pong-timeout", session.getPongTimeout(),
				"It must be shorter than realtime.session.ping-interval, which is " + ping,
				"Make it shorter, or realtime.session.ping-interval longer.");
	}

	private void validateOutbound(OutboundProperties outbound) {
		DataSize max = outbound.getMaxSize();
		size("realtime.outbound.max-size", max, 0);
		notNegative("realtime.outbound.max-messages", outbound.getMaxMessages());
		size("realtime.outbound.batch-size", outbound.getBatchSize(), 1);
		check(max.toBytes() == 0 || outbound.getBatchSize().compareTo(max) <= 0, "realtime.outbound.batch-size",
				outbound.getBatchSize(), "It is larger than realtime.outbound.max-size, which is " + max,
				"Make it smaller, or realtime.outbound.max-size larger.");
		positive("realtime.outbound.send-time-limit", outbound.getSendTimeLimit());
		check(outbound.getMaxNodeSize() == null || !outbound.getMaxNodeSize().isNegative(),
				"realtime.outbound.max-node-size", outbound.getMaxNodeSize(), "It is negative",
				"Use a size, 0 for no limit, or remove it for a quarter of the maximum heap.");
	}

	private void validateRooms() {
		RoomProperties room = this.properties.getRoom();
		notNegative("realtime.room.recovery-limit", room.getRecoveryLimit());
		validateRoom("realtime.room", room.getSubscribe(), room.getPresenceLimit(), room.getHistory().getSize(),
				room.getHistory().getTimeToLive());
		this.properties.getNamespaces().forEach((name, namespace) -> {
			validateNamespaceName(name);
			validateRoom(NAMESPACES + name, namespace.getSubscribe(), namespace.getPresenceLimit(),
					namespace.getHistory().getSize(), namespace.getHistory().getTimeToLive());
			validateSlowConsumers(name, new RealtimePropertiesMapper(this.properties).roomSettings(namespace));
		});
	}

	private void validateSlowConsumers(String name, RoomSettings settings) {
		SlowConsumerPolicy policy = settings.slowConsumer();
		check(!policy.isLossy() || !settings.isRecoverable(), NAMESPACES + name + ".slow-consumer-policy",
				policy.name().toLowerCase(Locale.ROOT).replace('_', '-'),
				"It drops publications without telling, but clients of this namespace recover what they missed",
				"Use 'disconnect' or 'resync', or set " + NAMESPACES + name + ".recovery=false.");
	}

	private void validateNamespaceName(String name) {
		check(RoomName.isValid(name) && !name.contains(":"), NAMESPACES + name, name,
				"The name of a namespace is what stands before the first colon of a room's name",
				"Use letters, digits and any of _.@$#/=+- in it, but no colon. "
						+ "In YAML, names with other characters than letters, digits and '-' stand in brackets: \"[a.b]\".");
	}

	private void validateRoom(String prefix, @Nullable AccessRule subscribe, @Nullable Integer presenceLimit,
			@Nullable Integer historySize, @Nullable Duration timeToLive) {
		check(subscribe != AccessRule.SUBSCRIBERS, prefix + ".subscribe", "subscribers",
				"Only a member could then become a member", "Use 'nobody', 'authenticated' or 'anyone'.");
		check(subscribe != AccessRule.HANDLED, prefix + ".subscribe", "handled",
				"Methods of the application narrow who may subscribe, they do not widen it",
				"Use 'nobody', 'authenticated' or 'anyone'.");
		notNegative(prefix + ".presence-limit", presenceLimit);
		notNegative(prefix + ".history.size", historySize);
		check(timeToLive == null || timeToLive.compareTo(Duration.ZERO) > 0, prefix + ".history.time-to-live",
				timeToLive, "It must be more than nothing",
				"Use a duration such as 1h. To keep no history, set history.size to 0.");
	}

	private void validateShutdown(RealtimeProperties.Shutdown shutdown) {
		check(shutdown.getDrainBatchSize() > 0, "realtime.shutdown.drain-batch-size", shutdown.getDrainBatchSize(),
				"It must be at least 1", "Use the number of sessions to close at once, such as 100.");
		duration("realtime.shutdown.drain-batch-interval", shutdown.getDrainBatchInterval());
		duration("realtime.shutdown.drain-timeout", shutdown.getDrainTimeout());
	}

	private static void notNegative(String property, @Nullable Integer value) {
		check(value == null || value >= 0, property, value, "It is negative", "Use a positive number, or 0.");
	}

	private static void size(String property, DataSize value, long min) {
		check(value.toBytes() >= min && value.compareTo(MAX_SIZE) <= 0, property, value,
				"It must be between %sB and 1GB".formatted(min), "Use a size such as 64KB.");
	}

	private static void positive(String property, Duration value) {
		check(!value.isZero(), property, value, "It must be more than nothing", "Use a duration such as 10s.");
		duration(property, value);
	}

	private static void duration(String property, Duration value) {
		check(!value.isNegative() && value.compareTo(MAX_DURATION) <= 0, property, value,
				"It must be between 0s and one day", "Use a duration such as 10s.");
	}

	private static void check(boolean possible, String property, @Nullable Object value, String reason, String action) {
		if (!possible) {
			throw new InvalidRealtimePropertyException(property, value, reason, action);
		}
	}

}
