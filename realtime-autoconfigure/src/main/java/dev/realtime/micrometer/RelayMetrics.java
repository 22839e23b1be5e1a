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

package dev.realtime.micrometer;

import java.util.Locale;

import dev.realtime.relay.RelayObserver;
import dev.realtime.relay.RelayState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts how the relay fares.
 *
 * <pre>
 * realtime.relay.state{state}         1 for the state that it is in, 0 for the others
 * realtime.relay.disconnects{reason}  connections to the broker that were lost
 * </pre>
 *
 * @since 0.1.0
 */
public final class RelayMetrics implements RelayObserver {

	private final MeterRegistry registry;

	private volatile RelayState current = RelayState.DOWN;

	/**
	 * Create the meters.
	 * @param registry where they are registered
	 */
	public RelayMetrics(MeterRegistry registry) {
		this.registry = registry;
		for (RelayState state : RelayState.values()) {
			Gauge.builder("realtime.relay.state", this, (metrics) -> (metrics.current == state) ? 1 : 0)
				.description("Whether the relay is in this state")
				.tag("state", state.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
	}

	@Override
	public void changed(RelayState state, String reason) {
		this.current = state;
	}

	@Override
	public void disconnected(String reason) {
		Counter.builder("realtime.relay.disconnects")
			.description("Connections to the broker that were lost")
			.tag("reason", reason)
			.register(this.registry)
			.increment();
	}

}
