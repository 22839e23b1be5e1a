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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.naming.Namespaces;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what the outbox asks the database, and for a database that is down.
 */
class OutboxStatementTests {

	/** So that it is not swept meanwhile. */
	private static final OutboxLimits LIMITS = new OutboxLimits(100_000, 0, 0, Duration.ofMinutes(2), 3);

	private final OutageFixture fixture = new OutageFixture();

	private final CountingDataSource database = new CountingDataSource(this.fixture.database);

	private final TransactionTemplate transaction = new TransactionTemplate(OutageFixture.manager(this.database));

	@AfterEach
	void tearDown() {
		this.fixture.close();
	}

	private void start(TransactionMode mode, OutagePolicy policy) {
		this.fixture.start(mode, policy, OutageFixture.outbox(this.database, "node", LIMITS));
		OutageFixture.eventually().until(() -> !this.database.statements("select count").isEmpty());
	}

	@Test
	void withoutATransactionThereIsNone() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.database.statements.clear();
		IntStream.range(0, 100).forEach((number) -> publish(number));
		assertThat(this.database.statements).isEmpty();
	}

	@Test
	void aPublicationOfATransactionIsInsertedAndDeletedAndNothingElse() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> publish(0));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		this.database.statements.clear();
		IntStream.rangeClosed(1, 100)
			.forEach((number) -> this.transaction.executeWithoutResult((status) -> publish(number)));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		assertThat(this.database.statements("insert into realtime_outbox ")).hasSize(100);
		assertThat(this.database.statements("delete from realtime_outbox ")).hasSizeBetween(1, 100);
		assertThat(this.database.statements)
			.allMatch((statement) -> statement.startsWith("insert into realtime_outbox ")
					|| statement.startsWith("delete from realtime_outbox "));
	}

	@Test
	void afterAnOutageThereIsNothingMore() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.down();
		assertThat(publish(1)).isInstanceOf(PublishResult.Spilled.class);
		this.fixture.up();
		OutageFixture.eventually().until(() -> publish(2) instanceof PublishResult.Published);
		OutageFixture.eventually()
			.untilAsserted(
					() -> assertThat(this.database.statements("delete from realtime_outbox_lease")).isNotEmpty());
		await().during(Duration.ofMillis(2_500)).atMost(Duration.ofSeconds(15)).until(() -> {
			boolean quiet = this.database.statements.isEmpty();
			this.database.statements.clear();
			return quiet;
		});
	}

	@Test
	void inTheWholeClusterThereIsOneSweepPerInterval() {
		Duration interval = Duration.ofMillis(300);
		List<OutboxReplayer> nodes = List.of(replayer("a", interval), replayer("b", interval), replayer("c", interval));
		long start = System.nanoTime();
		nodes.forEach(OutboxReplayer::start);
		OutageFixture.eventually().until(() -> this.database.statements("select distinct").size() >= 9);
		nodes.forEach(OutboxReplayer::stop);
		long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
		assertThat(this.database.statements("select distinct"))
			.hasSizeLessThanOrEqualTo(nodes.size() + (int) (millis / 300 + 1));
		assertThat(this.database.statements).allMatch((statement) -> statement.startsWith("select distinct")
				|| statement.contains("realtime_outbox_lease") || statement.startsWith("select count"));
		assertThat(this.database.statements("select count")).as("what waits from earlier").hasSize(nodes.size());
	}

	private OutboxReplayer replayer(String name, Duration interval) {
		Outbox outbox = OutageFixture.outbox(this.database, name, OutageFixture.LIMITS);
		return new OutboxReplayer(this.fixture.relay, outbox, new Namespaces(Map.of()),
				new LocalDelivery(null, Clock.systemUTC()), Clock.systemUTC(), interval);
	}

	@Test
	void whileTheBrokerIsDownNobodySweeps() {
		this.fixture.down();
		OutboxReplayer replayer = replayer("a", Duration.ofMillis(10));
		replayer.start();
		assertThat(this.database.statements("select distinct")).as("what waits from earlier").hasSize(1);
		OutageFixture.eventually().until(() -> this.database.statements("select count").size() == 1);
		this.database.statements.clear();
		await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(5)).until(this.database.statements::isEmpty);
		this.fixture.relay.state = RelayState.LIVE;
		OutageFixture.eventually().until(() -> !this.database.statements("select distinct").isEmpty());
		replayer.stop();
	}

	@Test
	void whenTheDatabaseIsDownTooThePublisherIsToldInTime() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.down();
		this.database.broken = true;
		long start = System.nanoTime();
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> publish(1))
			.withMessageContaining("could not be stored")
			.withCauseInstanceOf(OutboxException.class);
		assertThatThrownBy(() -> this.transaction.executeWithoutResult((status) -> publish(2)))
			.isInstanceOfAny(TransactionException.class, DataAccessException.class);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
		this.database.broken = false;
		comesOut(3);
	}

	@Test
	void whenTheDatabaseGoesDownInATransactionNothingIsSent() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		assertThatThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			publish(1);
			this.database.broken = true;
			publish(2);
		})).isInstanceOf(OutboxException.class);
		this.database.broken = false;
		comesOut(3);
	}

	@Test
	void whenTheCommitFailsNothingIsSent() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		assertThatThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			publish(1);
			this.database.broken = true;
		})).isInstanceOfAny(TransactionException.class, DataAccessException.class);
		this.database.broken = false;
		comesOut(3);
	}

	@Test
	void whatHasGoneOutIsRemovedWhenTheDatabaseIsBack() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> IntStream.range(0, 1_200).forEach(this::publish));
		this.database.broken = true;
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> {
			this.fixture.down();
			publish(1);
		});
		this.database.broken = false;
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		assertThat(this.fixture.history("resync:a")).hasSize(1_000);
	}

	private PublishResult publish(int number) {
		return this.fixture.operations.publish("resync:a", number);
	}

	private void comesOut(Integer number) {
		this.fixture.up();
		OutageFixture.eventually().until(() -> publish(number) instanceof PublishResult.Published);
		assertThat(this.fixture.history("resync:a").stream().distinct()).containsExactly(number);
		assertThat(this.fixture.rows()).isZero();
	}

}
