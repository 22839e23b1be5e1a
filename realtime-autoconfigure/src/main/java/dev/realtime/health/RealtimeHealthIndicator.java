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

package dev.realtime.health;

import java.util.Locale;
import java.util.function.BooleanSupplier;

import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells whether clients can connect, and whether what is published gets to the other
 * nodes. If only the latter fails the node is degraded: its members stay connected, and
 * to take it out of service would only send them to nodes that fare the same.
 *
 * @since 0.1.0
 */
public final class RealtimeHealthIndicator extends AbstractHealthIndicator {

	/** The node serves clients, but is not connected with the others as it should be. */
	public static final Status DEGRADED = new Status("DEGRADED");

	private final RoomRelay relay;

	private final BooleanSupplier accepting;

	/**
	 * Create an indicator.
	 * @param relay what connects the nodes
	 * @param accepting whether clients can connect
	 */
	public RealtimeHealthIndicator(RoomRelay relay, BooleanSupplier accepting) {
		super("The state of rooms cannot be told");
		this.relay = relay;
		this.accepting = accepting;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		RelayState state = this.relay.state();
		builder.withDetail("relay", state.name().toLowerCase(Locale.ROOT));
		if (!this.accepting.getAsBoolean()) {
			builder.outOfService();
		}
		else {
			builder.status((state == RelayState.LIVE) ? Status.UP : DEGRADED);
		}
	}

}
