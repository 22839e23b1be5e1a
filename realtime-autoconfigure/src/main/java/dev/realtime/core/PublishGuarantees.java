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

package dev.realtime.core;

import dev.realtime.OutagePolicy;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.outbox.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * What publications can rely on.
 *
 * @param transactions what ties them to transactions
 * @param mode when those of transactions go out
 * @param policy what becomes of them while the broker is down, unless a room or a
 * publication has another policy
 * @param outbox where they are kept meanwhile, or {@code null}
 * @param localDelivery whether what is stored is also delivered to the members on this
 * node at once
 * @since 0.1.0
 */
public record PublishGuarantees(TransactionBinding transactions, TransactionMode mode, OutagePolicy policy,
		@Nullable Outbox outbox, boolean localDelivery) {

	/** No transactions, no broker that could be down. */
	public static final PublishGuarantees NONE = new PublishGuarantees(TransactionBinding.NONE,
			TransactionMode.AFTER_COMMIT, OutagePolicy.FAIL, null);

	public PublishGuarantees {
		if (outbox == null && (mode == TransactionMode.OUTBOX || policy == OutagePolicy.SPILL)) {
			throw new IllegalArgumentException("there is no outbox");
		}
	}

	/**
	 * Create guarantees without local delivery.
	 * @param transactions what ties publications to transactions
	 * @param mode when those of transactions go out
	 * @param policy what becomes of publications while the broker is down
	 * @param outbox where they are kept meanwhile, or {@code null}
	 */
	public PublishGuarantees(TransactionBinding transactions, TransactionMode mode, OutagePolicy policy,
			@Nullable Outbox outbox) {
		this(transactions, mode, policy, outbox, false);
	}

	/**
	 * Return guarantees of a node without an outbox.
	 * @param transactions what ties publications to transactions
	 * @return the guarantees
	 */
	public static PublishGuarantees of(TransactionBinding transactions) {
		return new PublishGuarantees(transactions, TransactionMode.AFTER_COMMIT, OutagePolicy.FAIL, null);
	}

}
