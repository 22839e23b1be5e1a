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

import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import dev.realtime.HistoryQuery;
import dev.realtime.OutagePolicy;
import dev.realtime.RealtimeOperations;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxDialect;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayState;
import dev.realtime.transaction.CommitMarker;
import dev.realtime.transaction.SpringTransactionBinding;
import org.awaitility.core.ConditionFactory;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.awaitility.Awaitility.await;

/**
 * An engine with a broker that can be switched off and an outbox in a real database.
 */
final class OutageFixture implements AutoCloseable {

	static final OutboxLimits LIMITS = new OutboxLimits(100_000, 0, 0, Duration.ofSeconds(10), 3);

	final EngineHarness harness = new EngineHarness();

	final SwitchedRelay relay = new SwitchedRelay();

	final EmbeddedDatabase database = database();

	final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	final JdbcTransactionManager manager = manager(this.database);

	final TransactionTemplate transaction = new TransactionTemplate(this.manager);

	boolean localDelivery;

	RealtimeOperations operations;

	OutageFixture() {
		this.jdbc.execute("create table entry (name varchar(10) unique)");
		this.harness.relay = this.relay;
	}

	private static EmbeddedDatabase database() {
		return new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.addScript(OutboxDialect.H2.schema())
			.build();
	}

	static ConditionFactory eventually() {
		return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20));
	}

	static JdbcTransactionManager manager(DataSource dataSource) {
		JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
		manager.setTransactionExecutionListeners(List.of(new CommitMarker()));
		return manager;
	}

	OutageFixture start(TransactionMode mode, OutagePolicy policy) {
		return start(mode, policy, outbox(this.database, "node", LIMITS));
	}

	OutageFixture start(TransactionMode mode, OutagePolicy policy, JdbcOutbox outbox) {
		this.harness.guarantees = new PublishGuarantees(new SpringTransactionBinding(new DefaultListableBeanFactory()),
				mode, policy, outbox, this.localDelivery);
		this.operations = this.harness.engine().operations();
		return this;
	}

	static JdbcOutbox outbox(DataSource dataSource, String owner, OutboxLimits limits) {
		TransactionTemplate own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return new JdbcOutbox(dataSource, own, OutboxDialect.H2, limits, owner, true);
	}

	TransactionTemplate transaction(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.manager);
		template.setPropagationBehavior(propagation);
		return template;
	}

	void down() {
		this.relay.state = RelayState.DOWN;
	}

	void up() {
		this.relay.state = RelayState.LIVE;
		this.relay.failing = false;
		this.relay.doubtful = false;
	}

	void insert(String name) {
		this.jdbc.update("insert into entry values (?)", name);
	}

	List<String> entries() {
		return this.jdbc.queryForList("select name from entry order by name", String.class);
	}

	int rows() {
		return this.jdbc.queryForObject("select count(*) from realtime_outbox", Integer.class);
	}

	List<Integer> history(String room) {
		return this.operations.history(room, new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> Integer.parseInt(publication.data().text()))
			.toList();
	}

	@Override
	public void close() {
		this.harness.close();
		this.database.shutdown();
	}

}
