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

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Finds settings that each have a valid form but cannot work.
 */
final class RealtimePropertiesValidator {

	private static final Pattern UNREACHABLE_PATH = Pattern.compile("//|/\\.{1,2}(/|$)");

	private static final Pattern ANY_ORIGIN = Pattern.compile("([^/]+://)?[*.]+(:[0-9*]+)?/?");

	/**
	 * An asterisk inside one of the last two labels of a host: anybody can register a
	 * name that matches.
	 */
	private static final Pattern OPEN_ORIGIN = Pattern.compile("[^/]+://[^:]*\\*(?!\\.)[^*.:/]*(\\.[^*.:/]*)?(:.*)?/?");

	private static final Pattern ORIGIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\\s]+/?");

	private static final int MIN_SECRET = 16;

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
		validateMessageSize();
		new LimitsMapper(this.properties).validate();
		new RoomPropertiesValidator(this.properties).validate();
		PropertyChecks.positive("realtime.publish.timeout", this.properties.getPublish().getTimeout());
		validateShutdown(this.properties.getShutdown());
	}

	private void validateRelay() {
		RealtimeProperties.Relay relay = this.properties.getRelay();
		PropertyChecks.check(relay != RealtimeProperties.Relay.RABBIT, "realtime.relay",
				relay.name().toLowerCase(Locale.ROOT), "This version has no relay but 'local' and 'redis'",
				"Set realtime.relay to 'redis'; or to 'local', and run a single node.");
		RedisProperties redis = this.properties.getRedis();
		String prefix = redis.getKeyPrefix();
		PropertyChecks.check(prefix == null || prefix.chars().noneMatch((c) -> c == '{' || c == '}' || c <= ' '),
				"realtime.redis.key-prefix", prefix, "Braces would make it a hash tag",
				"Use letters, digits, '-', '_', '.' and ':'.");
		PropertyChecks.check(redis.getPartitions() > 0, "realtime.redis.partitions", redis.getPartitions(),
				"Every room is in a partition", "Use 1 or more; the same number on all nodes.");
		PropertyChecks.positive("realtime.redis.command-timeout", redis.getCommandTimeout());
		PropertyChecks.positive("realtime.redis.probe-interval", redis.getProbeInterval());
		String secret = redis.getControlSecret();
		PropertyChecks.check(!StringUtils.hasText(secret) || secret.length() >= MIN_SECRET,
				"realtime.redis.control-secret", "******", "So short a secret can be guessed",
				"Use " + MIN_SECRET + " random characters or more; the same on all nodes.");
	}

	private void validatePath() {
		String path = this.properties.getPath();
		PropertyChecks.check(path.startsWith("/"), "realtime.path", path, "A path starts with '/'",
				"Put '/' in front of it.");
		PropertyChecks.check(path.chars().noneMatch((c) -> "*?{}#;%\\ ".indexOf(c) >= 0 || c < ' '), "realtime.path",
				path, "The path is no pattern and has no query", "Use letters, digits, '-', '_', '.' and '/'.");
		PropertyChecks.check(!UNREACHABLE_PATH.matcher(path).find(), "realtime.path", path,
				"No request has such a path: '//', '/./' and '/../' are resolved before it gets here",
				"Write the path as clients request it, such as /realtime.");
	}

	private void validateOrigins() {
		for (String origin : this.properties.getAllowedOrigins()) {
			PropertyChecks.check(!ANY_ORIGIN.matcher(origin).matches(), "realtime.allowed-origins", origin,
					"Any web page could then connect in the name of a user who is logged in here",
					"Name the origins of your pages, such as https://app.example.com or https://*.example.com.");
			PropertyChecks.check(!OPEN_ORIGIN.matcher(origin).matches(), "realtime.allowed-origins", origin,
					"Anybody could register a host name that matches and then connect in the name of your users",
					"Let '*' stand for whole labels in front of your own domain, such as https://*.example.com.");
			PropertyChecks.check(ORIGIN.matcher(origin).matches(), "realtime.allowed-origins", origin,
					"An origin is a scheme and a host, with a port unless it is the default one, and nothing after it",
					"Write it as the browser sends it, such as https://app.example.com or http://localhost:3000.");
		}
	}

	private void validateSession(SessionProperties session) {
		PropertyChecks.positive("realtime.session.connect-timeout", session.getConnectTimeout());
		PropertyChecks.check(!session.getLeaveGrace().isNegative(), "realtime.session.leave-grace",
				session.getLeaveGrace(), "It is a time to wait", "Use 0 for no grace, or more.");
		PropertyChecks.size("realtime.session.max-message-size", session.getMaxMessageSize(), 1);
		PropertyChecks.notNegative("realtime.session.max-rooms", session.getMaxRooms());
		PropertyChecks.notNegative("realtime.session.max-sessions", session.getMaxSessions());
		PropertyChecks.notNegative("realtime.session.max-sessions-per-ip", session.getMaxSessionsPerIp());
		PropertyChecks.notNegative("realtime.session.max-sessions-per-user", session.getMaxSessionsPerUser());
		PropertyChecks.notNegative("realtime.session.max-pending-commands", session.getMaxPendingCommands());
		PropertyChecks.size("realtime.session.max-pending-size", session.getMaxPendingSize(), 0);
	}

	private void validateHeartbeat(SessionProperties session) {
		Duration ping = session.getPingInterval();
		PropertyChecks.positive("realtime.session.ping-interval", ping);
		PropertyChecks.check(ping.equals(Duration.ofSeconds(ping.toSeconds())), "realtime.session.ping-interval", ping,
				"Clients are told the interval in whole seconds", "Use whole seconds, at least 1s.");
		PropertyChecks.positive("realtime.session.pong-timeout", session.getPongTimeout());
		PropertyChecks.check(session.getPongTimeout().compareTo(ping) < 0, "realtime.session.pong-timeout",
				session.getPongTimeout(), "It must be shorter than realtime.session.ping-interval, which is " + ping,
				"Make it shorter, or realtime.session.ping-interval longer.");
	}

	private void validateOutbound(OutboundProperties outbound) {
		DataSize max = outbound.getMaxSize();
		PropertyChecks.size("realtime.outbound.max-size", max, 0);
		PropertyChecks.notNegative("realtime.outbound.max-messages", outbound.getMaxMessages());
		PropertyChecks.size("realtime.outbound.batch-size", outbound.getBatchSize(), 1);
		PropertyChecks.check(max.toBytes() == 0 || outbound.getBatchSize().compareTo(max) <= 0,
				"realtime.outbound.batch-size", outbound.getBatchSize(),
				"It is larger than realtime.outbound.max-size, which is " + max,
				"Make it smaller, or realtime.outbound.max-size larger.");
		PropertyChecks.positive("realtime.outbound.send-time-limit", outbound.getSendTimeLimit());
		validateMaxNodeSize(max, outbound.getMaxNodeSize());
	}

	private void validateMaxNodeSize(DataSize max, @Nullable DataSize maxNode) {
		PropertyChecks.check(maxNode == null || !maxNode.isNegative(), "realtime.outbound.max-node-size", maxNode,
				"It is negative", "Use a size, 0 for no limit, or remove it for a quarter of the maximum heap.");
		PropertyChecks.check(maxNode == null || maxNode.toBytes() == 0 || maxNode.compareTo(max) >= 0,
				"realtime.outbound.max-node-size", maxNode,
				"It is less than one session may have waiting: realtime.outbound.max-size is " + max,
				"Make it larger, or realtime.outbound.max-size smaller.");
	}

	private void validateMessageSize() {
		DataSize message = this.properties.getSession().getMaxMessageSize();
		DataSize max = this.properties.getOutbound().getMaxSize();
		PropertyChecks.check(max.toBytes() == 0 || message.compareTo(max) <= 0, "realtime.session.max-message-size",
				message, "A message of that size could be sent to no member: realtime.outbound.max-size is " + max,
				"Make it smaller, or realtime.outbound.max-size larger.");
	}

	private void validateShutdown(RealtimeProperties.Shutdown shutdown) {
		PropertyChecks.check(shutdown.getDrainBatchSize() > 0, "realtime.shutdown.drain-batch-size",
				shutdown.getDrainBatchSize(), "It must be at least 1",
				"Use the number of sessions to close at once, such as 100.");
		PropertyChecks.duration("realtime.shutdown.drain-batch-interval", shutdown.getDrainBatchInterval());
		PropertyChecks.duration("realtime.shutdown.drain-timeout", shutdown.getDrainTimeout());
		PropertyChecks.check(
				shutdown.getDrainTimeout().isZero()
						|| shutdown.getDrainBatchInterval().compareTo(shutdown.getDrainTimeout()) <= 0,
				"realtime.shutdown.drain-batch-interval", shutdown.getDrainBatchInterval(),
				"It is longer than realtime.shutdown.drain-timeout, which is " + shutdown.getDrainTimeout(),
				"Make it shorter, or realtime.shutdown.drain-timeout longer.");
	}

}
