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

/**
 * Finds settings of rooms that cannot work, of all and of those of one namespace.
 */
final class RoomPropertiesValidator {

	private static final String ROOM = "realtime.room";

	private static final String SLOW_CONSUMER_POLICY = ".slow-consumer-policy";

	private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

	private static final Duration MAX_TIME_TO_LIVE = Duration.ofDays(36_500);

	private final RealtimeProperties properties;

	RoomPropertiesValidator(RealtimeProperties properties) {
		this.properties = properties;
	}

	void validate() {
		RoomProperties room = this.properties.getRoom();
		PropertyChecks.notNegative("realtime.room.recovery-limit", room.getRecoveryLimit());
		validateRoom(ROOM, room.getSubscribe(), room.getPresenceLimit(), room.getHistory().getSize(),
				room.getHistory().getTimeToLive());
		this.properties.getNamespaces().forEach(this::validateNamespace);
	}

	private void validateNamespace(String name, NamespaceProperties namespace) {
		String prefix = PLAIN.matcher(name).matches() ? "realtime.namespaces." + name
				: "realtime.namespaces[" + name + "]";
		validateName(prefix, name);
		validateRoom(prefix, namespace.getSubscribe(), namespace.getPresenceLimit(), namespace.getHistory().getSize(),
				namespace.getHistory().getTimeToLive());
		validateHistory(prefix, namespace);
		validateSlowConsumers(prefix, namespace);
	}

	private void validateName(String prefix, String name) {
		PropertyChecks.check(RoomName.isValid(name + ':') && !name.contains(":"), prefix, name,
				"The name of a namespace is what stands before the first colon of a room's name",
				"Use letters, digits and any of _.@$#/=+- in it, but no colon. "
						+ "In YAML, names with other characters than letters, digits, '_' and '-' stand in brackets: \"[a.b]\".");
	}

	private void validateRoom(String prefix, @Nullable AccessRule subscribe, @Nullable Integer presenceLimit,
			@Nullable Integer historySize, @Nullable Duration timeToLive) {
		PropertyChecks.check(subscribe != AccessRule.SUBSCRIBERS, prefix + ".subscribe", "subscribers",
				"Only a member could then become a member", "Use 'nobody', 'authenticated' or 'anyone'.");
		PropertyChecks.check(subscribe != AccessRule.HANDLED, prefix + ".subscribe", "handled",
				"Methods of the application narrow who may subscribe, they do not widen it",
				"Use 'nobody', 'authenticated' or 'anyone'.");
		PropertyChecks.notNegative(prefix + ".presence-limit", presenceLimit);
		PropertyChecks.notNegative(prefix + ".history.size", historySize);
		PropertyChecks.check(timeToLive == null || isKeepable(timeToLive), prefix + ".history.time-to-live", timeToLive,
				"It must be between 1ms and 36500d",
				"Use a duration such as 1h. To keep no history, set history.size to 0.");
	}

	private static boolean isKeepable(Duration timeToLive) {
		return timeToLive.compareTo(Duration.ofMillis(1)) >= 0 && timeToLive.compareTo(MAX_TIME_TO_LIVE) <= 0;
	}

	/**
	 * A namespace that says how long its history is kept, or that clients recover from
	 * it, is meant to have one. A size of 0 that it sets itself is a word as well.
	 */
	private void validateHistory(String prefix, NamespaceProperties namespace) {
		boolean hasHistory = namespace.getHistory().getSize() != null
				|| this.properties.getRoom().getHistory().getSize() > 0;
		String reason = "No publication of its rooms is kept: history.size is not set and 0 by default";
		String action = "Set %s.history.size to how many are kept, or remove this property.".formatted(prefix);
		Duration timeToLive = namespace.getHistory().getTimeToLive();
		PropertyChecks.check(hasHistory || timeToLive == null, prefix + ".history.time-to-live", timeToLive, reason,
				action);
		PropertyChecks.check(hasHistory || !Boolean.TRUE.equals(namespace.getRecovery()), prefix + ".recovery", true,
				reason, action);
	}

	private void validateSlowConsumers(String prefix, NamespaceProperties namespace) {
		RoomSettings settings = new RealtimePropertiesMapper(this.properties).roomSettings(namespace);
		SlowConsumerPolicy policy = settings.slowConsumer();
		String owner = (namespace.getSlowConsumerPolicy() != null) ? prefix : ROOM;
		PropertyChecks.check(!policy.isLossy() || !settings.isRecoverable(), owner + SLOW_CONSUMER_POLICY,
				policy.name().toLowerCase(Locale.ROOT).replace('_', '-'),
				"It drops publications without telling, but clients recover what they missed in the rooms of " + prefix,
				"Use 'disconnect' or 'resync', or set " + prefix + ".recovery=false.");
	}

}
