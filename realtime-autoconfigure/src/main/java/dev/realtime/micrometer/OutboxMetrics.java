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

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.realtime.core.OutboxMonitor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

/**
 * Tells what waits in the outbox. To read it asks the store nothing.
 *
 * @since 0.1.0
 */
public final class OutboxMetrics implements MeterBinder {

	private final Supplier<@Nullable OutboxMonitor> outbox;

	/**
	 * Create the meters.
	 * @param outbox gives what is known of the outbox, or {@code null} if there is none;
	 * asked when the meters are registered
	 */
	public OutboxMetrics(Supplier<@Nullable OutboxMonitor> outbox) {
		this.outbox = outbox;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		OutboxMonitor monitor = this.outbox.get();
		if (monitor != null) {
			bind(monitor, registry);
		}
	}

	private static void bind(OutboxMonitor monitor, MeterRegistry registry) {
		Gauge.builder("realtime.outbox.size", monitor, (outbox) -> outbox.backlog().messages())
			.description("Publications that wait in the outbox")
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
		Gauge.builder("realtime.outbox.bytes", monitor, (outbox) -> outbox.backlog().bytes())
			.description("Size of the publications that wait in the outbox")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		TimeGauge
			.builder("realtime.outbox.oldest.age", monitor, TimeUnit.MILLISECONDS,
					(outbox) -> outbox.backlog().oldestMillis())
			.description("Since when the oldest of them waits")
			.register(registry);
		Gauge.builder("realtime.outbox.parked", monitor, (outbox) -> outbox.backlog().parked())
			.description("Publications that were given up, and are still in the outbox")
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
		FunctionCounter.builder("realtime.outbox.spilled", monitor, OutboxMonitor::spilledCount)
			.description("Publications that were stored since the broker did not take them")
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
		FunctionCounter.builder("realtime.outbox.replayed", monitor, OutboxMonitor::replayedCount)
			.description("Stored publications that have been published later")
			.baseUnit(BaseUnits.MESSAGES)
			.register(registry);
	}

}
