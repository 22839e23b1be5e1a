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
import java.util.Set;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.HistoryQuery;
import dev.realtime.OutagePolicy;
import dev.realtime.Payload;
import dev.realtime.Publication;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.jdbc.DatabaseServer;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxDialect;
import dev.realtime.jdbc.OutboxTables;
import dev.realtime.outbox.OutboxMessage;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayMessage;
import dev.realtime.relay.RelayState;
import dev.realtime.transaction.SpringTransactionBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

/**
 * Tests for outages with a real PostgreSQL, also one that goes down itself.
 */
@Tag("fault")
class PostgresOutageTests {

	private final EngineHarness harness = new EngineHarness();

	private final SwitchedRelay relay = new SwitchedRelay();

	private DatabaseServer server;

	private HikariDataSource database;

	private JdbcTemplate jdbc;

	private TransactionTemplate transaction;

	private JdbcOutbox outbox;

	@BeforeEach
	void setUp() {
		this.server = DatabaseServer.postgresql().start();
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(this.server.url());
		config.setUsername(this.server.user());
		config.setConnectionTimeout(1_000);
		this.database = new HikariDataSource(config);
		this.jdbc = new JdbcTemplate(this.database);
		this.transaction = new TransactionTemplate(OutageFixture.manager(this.database));
		TransactionTemplate own = new TransactionTemplate(OutageFixture.manager(this.database));
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		new OutboxTables(this.database, OutboxDialect.POSTGRESQL).create();
		this.outbox = new JdbcOutbox(this.database, own, OutboxDialect.POSTGRESQL, OutageFixture.LIMITS, "node", true);
		this.harness.relay = this.relay;
		this.harness.guarantees = new PublishGuarantees(new SpringTransactionBinding(new DefaultListableBeanFactory()),
				TransactionMode.OUTBOX, OutagePolicy.SPILL, this.outbox);
	}

	@AfterEach
	void tearDown() {
		this.harness.close();
		if (this.server != null) {
			this.database.close();
			this.server.close();
		}
	}

	@Test
	void whatHasPiledUpGoesOutFast() {
		this.relay.state = RelayState.DOWN;
		RealtimeOperations operations = this.harness.engine().operations();
		int rooms = 20;
		int each = 1_000;
		for (int room = 0; room < rooms; room++) {
			String name = "resync:" + room;
			this.outbox.store(IntStream.range(0, each).mapToObj((number) -> pending(name, number)).toList());
			operations.publish(name, each);
		}
		long start = System.nanoTime();
		this.relay.state = RelayState.LIVE;
		OutageFixture.eventually().until(() -> rows() == 0);
		long rate = rooms * each * 1_000_000_000L / (System.nanoTime() - start);
		System.out.printf("PostgreSQL: %,d rows/s%n", rate);
		assertThat(rate).isGreaterThan(500);
		for (int room = 0; room < rooms; room++) {
			assertThat(history("resync:" + room)).isEqualTo(IntStream.rangeClosed(1, each).boxed().toList());
		}
	}

	@Test
	void whenTheDatabaseIsKilledInATransactionNothingIsSentAndThatIsToldInTime() {
		RealtimeOperations operations = this.harness.engine().operations();
		long start = System.nanoTime();
		assertThatRuntimeException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			operations.publish("resync:a", 1);
			this.server.kill();
			operations.publish("resync:a", 2);
		}));
		this.relay.state = RelayState.DOWN;
		assertThatRuntimeException().isThrownBy(() -> operations.publish("resync:a", 3));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
		this.server.start();
		this.relay.state = RelayState.LIVE;
		OutageFixture.eventually()
			.ignoreExceptions()
			.until(() -> operations.publish("resync:a", 4) instanceof PublishResult.Published);
		OutageFixture.eventually().ignoreExceptions().until(() -> rows() == 0);
		assertThat(history("resync:a").stream().distinct()).containsExactly(4);
	}

	@Test
	void whatWasCommittedBeforeTheDatabaseWasKilledGoesOut() {
		RealtimeOperations operations = this.harness.engine().operations();
		this.relay.state = RelayState.DOWN;
		for (int i = 0; i < 50; i++) {
			int number = i;
			this.transaction.executeWithoutResult((status) -> operations.publish("resync:a", number));
		}
		this.server.kill();
		this.relay.state = RelayState.LIVE;
		this.server.start();
		OutageFixture.eventually()
			.untilAsserted(() -> assertThat(history("resync:a")).isEqualTo(IntStream.range(0, 50).boxed().toList()));
		OutageFixture.eventually().ignoreExceptions().until(() -> rows() == 0);
	}

	private static OutboxMessage pending(String room, int number) {
		Publication publication = new Publication(Payload.ofJson(Integer.toString(number)), 0, null, Map.of(), 0);
		return OutageHandling.pending(
				RelayMessage.publication(room, publication, RelayMessage.madeUpId(), Set.of(), null),
				Clock.systemUTC());
	}

	private int rows() {
		return this.jdbc.queryForObject("select count(*) from realtime_outbox", Integer.class);
	}

	private List<Integer> history(String room) {
		return this.harness.engine()
			.operations()
			.history(room, new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> Integer.parseInt(publication.data().text()))
			.toList();
	}

}
