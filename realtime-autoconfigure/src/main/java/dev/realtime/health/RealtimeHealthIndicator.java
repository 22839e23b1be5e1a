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
import java.util.Map;
import java.util.function.BooleanSupplier;

import dev.realtime.OutboxBacklog;
import dev.realtime.core.OutboxMonitor;
import dev.realtime.relay.RelayState;
import dev.realtime.relay.RoomRelay;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells whether clients can connect, and whether what is published gets to the other
 * nodes. If only the latter fails the node is degraded: its members stay connected, and
 * to take it out of service would only send them to nodes that fare the same. The same is
 * true if something waits in the outbox although it could go out.
 *
 * @since 0.1.0
 */
public final class RealtimeHealthIndicator extends AbstractHealthIndicator {

	/** The node serves clients, but is not connected with the others as it should be. */
	public static final Status DEGRADED = new Status("DEGRADED");

	private final RoomRelay relay;

	private final BooleanSupplier accepting;

	private final @Nullable OutboxMonitor outbox;

	/**
	 * Create an indicator.
	 * @param relay what connects the nodes
	 * @param accepting whether clients can connect
	 * @param outbox what is known of the outbox, or {@code null} if there is none
	 */
	public RealtimeHealthIndicator(RoomRelay relay, BooleanSupplier accepting, @Nullable OutboxMonitor outbox) {
		super("The state of rooms cannot be told");
		this.relay = relay;
		this.accepting = accepting;
		this.outbox = outbox;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		RelayState state = this.relay.state();
		builder.withDetail("relay", state.name().toLowerCase(Locale.ROOT));
		boolean stalled = this.outbox != null && isStalled(this.outbox, builder);
		if (!this.accepting.getAsBoolean()) {
			builder.outOfService();
		}
		else {
			builder.status((state == RelayState.LIVE && !stalled) ? Status.UP : DEGRADED);
		}
	}

	/** Put what waits into the details. */
	private static boolean isStalled(OutboxMonitor outbox, Health.Builder builder) {
		OutboxBacklog backlog = outbox.backlog();
		builder.withDetail("outbox", Map.of("waiting", backlog.messages(), "bytes", backlog.bytes(), "oldest",
				backlog.oldestMillis() / 1_000 + "s", "parked", backlog.parked()));
		return outbox.isStalled();
	}

}
