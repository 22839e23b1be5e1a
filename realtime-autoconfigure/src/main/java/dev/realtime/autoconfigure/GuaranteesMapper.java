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

import java.util.Locale;
import java.util.Map;

import dev.realtime.OutagePolicy;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.outbox.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what publications can rely on: what is not set follows from what there is,
 * and what is set must be possible.
 */
final class GuaranteesMapper {

	private static final String MODE = "realtime.publish.transactional";

	private static final String POLICY = "realtime.outage-policy";

	private final RealtimeProperties properties;

	GuaranteesMapper(RealtimeProperties properties) {
		this.properties = properties;
	}

	PublishGuarantees guarantees(TransactionBinding transactions, @Nullable Outbox outbox) {
		boolean broker = this.properties.getRelay() != RealtimeProperties.Relay.LOCAL;
		TransactionMode mode = mode(broker, outbox);
		OutagePolicy policy = this.properties.getOutagePolicy();
		OutagePolicy effective = (policy != null) ? policy
				: ((outbox != null) ? OutagePolicy.SPILL : OutagePolicy.FAIL);
		check(POLICY, effective, mode, broker, outbox);
		check("realtime.room.outage-policy", this.properties.getRoom().getOutagePolicy(), mode, broker, outbox);
		for (Map.Entry<String, NamespaceProperties> namespace : this.properties.getNamespaces().entrySet()) {
			check("realtime.namespaces." + namespace.getKey() + ".outage-policy",
					namespace.getValue().getOutagePolicy(), mode, broker, outbox);
		}
		return new PublishGuarantees(transactions, mode, effective, outbox,
				this.properties.getOutage().isLocalDelivery());
	}

	private TransactionMode mode(boolean broker, @Nullable Outbox outbox) {
		TransactionMode mode = this.properties.getPublish().getTransactional();
		if (mode == null) {
			TransactionMode without = broker ? TransactionMode.BEFORE_COMMIT : TransactionMode.AFTER_COMMIT;
			return (outbox != null) ? TransactionMode.OUTBOX : without;
		}
		if (mode == TransactionMode.OUTBOX && outbox == null) {
			throw new InvalidRealtimePropertyException(MODE, "outbox", "There is no outbox",
					"Have a database that outlives the process, or set realtime.outbox.path; a single node has none.");
		}
		return mode;
	}

	private static void check(String property, @Nullable OutagePolicy policy, TransactionMode mode, boolean broker,
			@Nullable Outbox outbox) {
		if (policy == null) {
			return;
		}
		String value = policy.name().toLowerCase(Locale.ROOT);
		if (policy == OutagePolicy.SPILL && outbox == null) {
			throw new InvalidRealtimePropertyException(property, value, "There is no outbox to store publications in",
					"Have a database that outlives the process, or set realtime.outbox.path; a single node has none.");
		}
		if (policy == OutagePolicy.LOCAL && mode == TransactionMode.OUTBOX) {
			throw new InvalidRealtimePropertyException(property, value,
					"What is stored in a transaction is not for this node alone",
					"Set it to 'spill' or 'fail', or " + MODE + " to 'before-commit' or 'after-commit'.");
		}
		if (policy == OutagePolicy.FAIL && mode == TransactionMode.AFTER_COMMIT && broker) {
			throw new InvalidRealtimePropertyException(property, value, "A committed transaction cannot be rolled back",
					"Set " + MODE + " to 'outbox' or 'before-commit', or this to 'spill' or 'local'.");
		}
	}

}
