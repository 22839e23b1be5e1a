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

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.realtime.OutagePolicy;
import dev.realtime.OutboxOperations;
import dev.realtime.ParkedMessage;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.outbox.TransactionMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutboxOperations}: what an operator does about publications that were
 * given up.
 */
class OutboxOperationsTests {

	private static final String ROOM = "resync:a";

	private final OutageFixture fixture = new OutageFixture();

	@AfterEach
	void tearDown() {
		this.fixture.close();
	}

	private OutboxOperations operations() {
		return this.fixture.harness.engine().outbox();
	}

	@Test
	void whatIsTriedAgainGoesOutSoon() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.down();
		this.fixture.operations.publish(ROOM, 1);
		this.fixture.operations.publish(ROOM, 2);
		this.fixture.operations.publish(ROOM, 3);
		// long ago, and not by this node
		this.fixture.jdbc.update("update realtime_outbox set parked = 1, attempts = 3, failure = 'too large', "
				+ "created_at = created_at - 60000 where id in (select id from realtime_outbox order by id limit 2)");
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(3));
		OutageFixture.eventually().untilAsserted(() -> assertThat(operations().backlog().messages()).isZero());
		assertThat(operations().backlog().parked()).isEqualTo(2);
		List<ParkedMessage> parked = operations().parked(10);
		assertThat(parked).extracting(ParkedMessage::reason).containsOnly("too large");
		assertThat(operations().retry(List.of(parked.get(1).row()))).isEqualTo(1);
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(3, 2));
		assertThat(operations().retryAll()).isEqualTo(1);
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(3, 2, 1));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
	}

	@Test
	void whatCannotBeReadIsParkedUntilItIsDiscarded() {
		JdbcOutbox outbox = OutageFixture.outbox(this.fixture.database, "node", OutageFixture.LIMITS);
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL, outbox);
		this.fixture.down();
		this.fixture.operations.publish(ROOM, 1);
		outbox.store(List.of(new OutboxMessage(0, ROOM, "poison", "poison".getBytes(StandardCharsets.US_ASCII))));
		this.fixture.up();
		OutageFixture.eventually().until(() -> operations().parked(10).size() == 1);
		ParkedMessage parked = operations().parked(10).get(0);
		assertThat(parked.id()).isEqualTo("poison");
		assertThat(parked.attempts()).isEqualTo(3);
		OutboxMonitor monitor = this.fixture.harness.engine().outboxMonitor();
		OutageFixture.eventually().until(() -> monitor.backlog().parked() == 1 && monitor.backlog().messages() == 0);
		assertThat(operations().discard(List.of(parked.row()))).isEqualTo(1);
		assertThat(operations().parked(10)).isEmpty();
		assertThat(this.fixture.rows()).isZero();
	}

}
