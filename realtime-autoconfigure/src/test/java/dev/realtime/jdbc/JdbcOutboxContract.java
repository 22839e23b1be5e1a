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

package dev.realtime.jdbc;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@link JdbcOutbox} must do in every database, also in the transactions of the
 * application.
 */
abstract class JdbcOutboxContract extends OutboxContract {

	private HikariDataSource dataSource;

	private JdbcTemplate jdbc;

	TransactionTemplate transaction;

	/** Return the URL of a database. */
	abstract String url();

	abstract String user();

	@BeforeEach
	void setUp() {
		this.dataSource = pool(true);
		this.jdbc = new JdbcTemplate(this.dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		dropTables();
		new OutboxTables(this.dataSource, OutboxDialect.of(this.dataSource)).create();
	}

	private HikariDataSource pool(boolean autoCommit) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(url());
		config.setUsername(user());
		config.setMaximumPoolSize(4);
		config.setAutoCommit(autoCommit);
		return new HikariDataSource(config);
	}

	private void dropTables() {
		this.jdbc.execute("drop table if exists realtime_outbox");
		this.jdbc.execute("drop table if exists realtime_outbox_lease");
	}

	@AfterEach
	void tearDown() {
		this.dataSource.close();
	}

	@Override
	Outbox outbox(String owner, OutboxLimits limits) {
		return outbox(this.dataSource, owner, limits);
	}

	private static JdbcOutbox outbox(HikariDataSource dataSource, String owner, OutboxLimits limits) {
		TransactionTemplate own = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return new JdbcOutbox(dataSource, own, OutboxDialect.of(dataSource), limits, owner, true);
	}

	@Override
	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	@Test
	void storesInTheTransactionOfTheCaller() {
		Outbox outbox = outbox("a");
		this.transaction.executeWithoutResult((status) -> {
			assertThat(outbox.isInTransaction()).isTrue();
			outbox.store(messages("chat:a", 0, 2));
			assertThat(readElsewhere(outbox)).isEmpty();
			status.setRollbackOnly();
		});
		assertThat(outbox.read("chat:a", 10)).isEmpty();
		this.transaction.executeWithoutResult((status) -> outbox.store(messages("chat:a", 0, 2)));
		assertThat(outbox.read("chat:a", 10)).hasSize(2);
		assertThat(outbox.isInTransaction()).isFalse();
	}

	private static List<OutboxMessage> readElsewhere(Outbox outbox) {
		return CompletableFuture.supplyAsync(() -> outbox.read("chat:a", 10)).join();
	}

	@Test
	void whatIsCommittedLaterWithALowerRowIsNotSkipped() {
		Outbox outbox = outbox("a");
		outbox.claim("chat:a");
		this.transaction.executeWithoutResult((status) -> {
			outbox.store(messages("chat:a", 0, 1));
			CompletableFuture.runAsync(() -> outbox.store(messages("chat:a", 1, 1))).join();
			List<OutboxMessage> read = readElsewhere(outbox);
			assertThat(texts(read)).containsExactly("1");
			CompletableFuture.runAsync(() -> outbox.remove("chat:a", rows(read))).join();
		});
		assertThat(texts(outbox.read("chat:a", 10))).containsExactly("0");
	}

	@Test
	void aTransactionThatOnlyReadsIsNotJoined() {
		Outbox outbox = outbox("a");
		TransactionTemplate reading = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
		reading.setReadOnly(true);
		reading.executeWithoutResult((status) -> assertThat(outbox.isInTransaction()).isFalse());
	}

	@Test
	void aTransactionOfSomethingElseIsNotJoinedAlthoughTheDatabaseIsUsedInIt() {
		Outbox outbox = outbox("a");
		TransactionTemplate other = new TransactionTemplate(new OtherTransactionManager());
		other.executeWithoutResult((status) -> {
			this.jdbc.queryForObject("select count(*) from realtime_outbox", Integer.class);
			assertThat(outbox.isInTransaction()).isFalse();
		});
	}

	@Test
	void aTransactionBehindAProxyIsJoined() {
		JdbcOutbox outbox = new JdbcOutbox(new TransactionAwareDataSourceProxy(this.dataSource), this.transaction,
				OutboxDialect.of(this.dataSource), LIMITS, "a", true);
		this.transaction.executeWithoutResult((status) -> assertThat(outbox.isInTransaction()).isTrue());
	}

	@Test
	void connectionsNeedNotCommitByThemselves() {
		try (HikariDataSource pool = pool(false)) {
			Outbox outbox = outbox(pool, "a", LIMITS);
			assertThat(outbox.claim("chat:a")).isTrue();
			assertThat(outbox("b").claim("chat:a")).isFalse();
			outbox.store(messages("chat:a", 0, 2));
			assertThat(outbox("b").read("chat:a", 10)).hasSize(2);
			outbox.remove("chat:a", rows(outbox.read("chat:a", 1)));
			outbox.remove(rows(outbox.read("chat:a", 1)));
			assertThat(outbox("b").read("chat:a", 10)).isEmpty();
			outbox.release("chat:a");
			assertThat(outbox("b").claim("chat:a")).isTrue();
		}
	}

	@Test
	void inACallersTransactionACountThatIsDueIsPartOfIt() {
		OutboxLimits limits = new OutboxLimits(3, 0, 0, LIMITS.lease(), 3);
		Outbox outbox = outbox("a", limits);
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				outbox.store(messages("chat:a", 0, 2));
				outbox.store(messages("chat:a", 2, 2));
			}))
			.withMessageContaining("full");
		assertThat(outbox.read("chat:a", 10)).isEmpty();
	}

	@Test
	void whenTheTablesAreNotThereSaysSo() {
		OutboxTables tables = new OutboxTables(this.dataSource, OutboxDialect.of(this.dataSource));
		assertThat(tables.exist()).isTrue();
		tables.create();
		dropTables();
		assertThat(tables.exist()).isFalse();
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> outbox("a").store(messages("chat:a", 0, 1)))
			.withMessageContaining("could not be stored");
	}

	@Test
	void whenTheTablesAreOfAnotherVersionSaysSo() {
		this.jdbc.execute("alter table realtime_outbox drop column failure");
		assertThat(new OutboxTables(this.dataSource, OutboxDialect.of(this.dataSource)).exist()).isFalse();
	}

	/**
	 * A transaction manager of a resource that is no database.
	 */
	private static final class OtherTransactionManager extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
