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

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.core.InboundLimits;
import dev.realtime.limit.RateLimit;

/**
 * Checks the limits of what clients send, and turns them into what the engine takes.
 */
final class LimitsMapper {

	private static final String PREFIX = "realtime.rate-limit.";

	private static final int MAX_RATE = 1_000_000;

	private final RateLimitProperties rates;

	private final SessionProperties session;

	LimitsMapper(RealtimeProperties properties) {
		this.rates = properties.getRateLimit();
		this.session = properties.getSession();
	}

	void validate() {
		rates().forEach((key, rate) -> PropertyChecks.check(rate >= 0 && rate <= MAX_RATE, PREFIX + key, rate,
				"It must be between 0 and " + MAX_RATE, "Use a number per second, or 0 for no limit."));
		PropertyChecks.positive(PREFIX + "burst", this.rates.getBurst());
	}

	private Map<String, Integer> rates() {
		Map<String, Integer> rates = new LinkedHashMap<>();
		rates.put("commands", this.rates.getCommands());
		rates.put("publishes", this.rates.getPublishes());
		rates.put("subscribes", this.rates.getSubscribes());
		rates.put("reads", this.rates.getReads());
		rates.put("calls", this.rates.getCalls());
		rates.put("commands-per-user", this.rates.getCommandsPerUser());
		rates.put("commands-per-ip", this.rates.getCommandsPerIp());
		rates.put("connects", this.rates.getConnects());
		rates.put("connects-per-ip", this.rates.getConnectsPerIp());
		rates.put("refusals", this.rates.getRefusals());
		return rates;
	}

	/**
	 * Return the limits. A client that is back subscribes to all its rooms at once, and
	 * must be able to.
	 */
	InboundLimits limits() {
		int max = this.session.getMaxSessions();
		if (!this.rates.isEnabled()) {
			InboundLimits none = InboundLimits.NONE;
			return new InboundLimits(max, none.connects(), none.connectsPerAddress(), none.commands(), none.publishes(),
					none.subscribes(), none.reads(), none.calls(), none.perUser(), none.perAddress(), none.refusals());
		}
		int rooms = this.session.getMaxRooms();
		return new InboundLimits(max, limit(this.rates.getConnects(), 1), limit(this.rates.getConnectsPerIp(), 1),
				limit(this.rates.getCommands(), 2 * rooms), limit(this.rates.getPublishes(), 1),
				limit(this.rates.getSubscribes(), rooms), limit(this.rates.getReads(), 1),
				limit(this.rates.getCalls(), 1), limit(this.rates.getCommandsPerUser(), 2 * rooms),
				limit(this.rates.getCommandsPerIp(), 2 * rooms), limit(this.rates.getRefusals(), 1));
	}

	private RateLimit limit(int perSecond, int minBurst) {
		long burst = Math.round(perSecond * (this.rates.getBurst().toMillis() / 1000.0));
		int most = (int) Math.min(MAX_RATE, Math.max(burst, minBurst));
		return (perSecond > 0) ? new RateLimit(perSecond, Math.max(1, most)) : RateLimit.NONE;
	}

}
