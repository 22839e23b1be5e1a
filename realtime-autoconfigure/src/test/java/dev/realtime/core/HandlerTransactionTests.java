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

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import dev.realtime.HistoryQuery;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.OnPublish;
import dev.realtime.annotation.OnRpc;
import dev.realtime.annotation.RealtimeController;
import dev.realtime.annotation.RealtimeExceptionHandler;
import dev.realtime.annotation.Room;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeTransactionAutoConfiguration;
import dev.realtime.transaction.CommitMarker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for transactional methods that take publications, with a real database: row,
 * publication and reply are one.
 */
class HandlerTransactionTests {

	private static final String ACCEPTED = "\"publish\":{}";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@BeforeEach
	void start() {
		TestPropertyValues
			.of("realtime.namespaces.chat.subscribe=anyone", "realtime.namespaces.chat.history.size=10",
					"realtime.shutdown.drain-timeout=0s")
			.applyTo(this.context);
		this.context.register(Application.class);
		this.context.refresh();
		assertThat(AopUtils.isCglibProxy(this.context.getBean(Writer.class))).isTrue();
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void whenCommittedThereAreRowPublicationAndReply() {
		ApplicationClient client = join("chat:commit");
		assertThat(client.publish("chat:commit", "\"a\"")).contains(ACCEPTED);
		assertThat(rows("jdbc")).containsExactly("a");
		await().untilAsserted(() -> assertThat(client.publications()).containsExactly("\"stored a\""));
	}

	@Test
	void publicationAndReplyComeAfterTheCommit() {
		ApplicationClient client = join("chat:waits");
		int id = client.send("chat:waits", "\"a\"");
		await().until(() -> gate().entered.getCount() == 0);
		assertThat(client.hasReply(id)).isFalse();
		assertThat(history("chat:waits")).isEmpty();
		assertThat(rows("jdbc")).isEmpty();
		gate().release.countDown();
		assertThat(client.reply(id)).contains(ACCEPTED);
		assertThat(rows("jdbc")).containsExactly("a");
		assertThat(history("chat:waits")).containsExactly("\"stored a\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "chat:throws", "chat:checked", "chat:fails-late", "chat:fails-before-commit",
			"chat:loses-connection", "chat:rollback-only", "chat:inner-rollback-only", "chat:stage-throws" })
	void whenNotCommittedThereIsAnErrorAndNothingElse(String room) {
		ApplicationClient client = join(room);
		assertThat(client.publish(room, "\"a\"")).contains("\"error\":{\"code\":100");
		assertThat(rows("jdbc")).isEmpty();
		assertThat(history(room)).isEmpty();
		assertThat(client.publications()).isEmpty();
	}

	@Test
	void failuresOfTheCommitCanBeMapped() {
		ApplicationClient client = join("chat:mapped");
		assertThat(client.publish("chat:mapped", "\"a\""))
			.contains("\"error\":{\"code\":409,\"message\":\"UnexpectedRollbackException\"}");
	}

	@Test
	void whenAnExceptionDoesNotRollBackTheRowStays() {
		ApplicationClient client = join("chat:no-rollback");
		assertThat(client.publish("chat:no-rollback", "\"a\""))
			.contains("\"error\":{\"code\":400,\"message\":\"kept\"}");
		assertThat(rows("jdbc")).containsExactly("a");
		assertThat(history("chat:no-rollback")).containsExactly("\"by the way\"");
	}

	@Test
	void whatTheMethodPublishesItselfComesFirst() {
		ApplicationClient client = join("chat:both");
		assertThat(client.publish("chat:both", "\"a\"")).contains(ACCEPTED);
		assertThat(gate().result).isInstanceOf(PublishResult.Enlisted.class);
		assertThat(history("chat:both")).containsExactly("\"own a\"", "\"stored a\"");
		assertThat(client.publish("chat:both", "\"fail\"")).contains("\"error\"");
		assertThat(history("chat:both")).hasSize(2);
	}

	@Test
	void whatTheMethodPublishesItselfWithoutATransactionComesFirstToo() {
		ApplicationClient client = join("chat:plain");
		assertThat(client.publish("chat:plain", "\"a\"")).contains(ACCEPTED);
		assertThat(gate().result).isInstanceOf(PublishResult.Published.class);
		assertThat(history("chat:plain")).containsExactly("\"own a\"", "\"stored a\"");
	}

	@Test
	void transactionsOfAnotherManagerCount() {
		ApplicationClient client = join("chat:other");
		assertThat(client.publish("chat:other", "\"a\"")).contains(ACCEPTED);
		assertThat(client.publish("chat:other", "\"fail\"")).contains("\"error\"");
		assertThat(rows("otherJdbc")).containsExactly("a");
		assertThat(history("chat:other")).containsExactly("\"stored a\"");
	}

	@Test
	void aTransactionThatIsAlwaysNewIsOverBeforeThePublication() {
		ApplicationClient client = join("chat:new");
		assertThat(client.publish("chat:new", "\"a\"")).contains(ACCEPTED);
		assertThat(gate().transactions).hasValue(1);
		assertThat(client.publish("chat:new", "\"fail\"")).contains("\"error\"");
		assertThat(rows("jdbc")).containsExactly("a");
		assertThat(history("chat:new")).containsExactly("\"stored a\"");
	}

	@Test
	void aMethodOfATransactionalClassHasOneTransaction() {
		ApplicationClient client = join("chat:commit");
		client.publish("chat:commit", "\"a\"");
		assertThat(gate().transactions).hasValue(1);
	}

	@Test
	void whatComesLaterIsPublishedAfterTheCommitAndNotAfterARollback() {
		ApplicationClient client = join("chat:later");
		int id = client.send("chat:later", "\"a\"");
		await().until(() -> gate().entered.getCount() == 0);
		gate().stage.complete("later");
		assertThat(history("chat:later")).isEmpty();
		gate().release.countDown();
		assertThat(client.reply(id)).contains(ACCEPTED);
		assertThat(history("chat:later")).containsExactly("\"later\"");
		assertThat(client.publish("chat:later", "\"fail\"")).contains("\"error\"");
		assertThat(history("chat:later")).hasSize(1);
	}

	@Test
	void whatComesLaterBelongsToNoTransactionOfTheThreadThatItComesOn() {
		ApplicationClient client = join("chat:foreign");
		int id = client.send("chat:foreign", "\"a\"");
		await().until(() -> gate().entered.getCount() == 0);
		client.subscribe("chat:next");
		this.context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
			gate().stage.complete("later");
			status.setRollbackOnly();
		});
		assertThat(client.reply(id)).contains(ACCEPTED);
		assertThat(history("chat:foreign")).containsExactly("\"later\"");
	}

	@Test
	void callsHaveTheirTransactionsAsEver() {
		ApplicationClient client = join("chat:commit");
		assertThat(client.rpc("write", "\"a\"")).contains("\"data\":\"stored a\"");
		assertThat(client.rpc("write", "\"fail\"")).contains("\"error\"");
		assertThat(rows("jdbc")).containsExactly("a");
	}

	private ApplicationClient join(String room) {
		return ApplicationClient.in(this.context, "ann", room);
	}

	private Gate gate() {
		return this.context.getBean(Gate.class);
	}

	private List<String> rows(String template) {
		return this.context.getBean(template, JdbcTemplate.class)
			.queryForList("select text from entry order by id", String.class);
	}

	private List<String> history(String room) {
		return this.context.getBean(RealtimeOperations.class)
			.history(room, new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> publication.data().text())
			.toList();
	}

	/**
	 * Where tests and methods meet.
	 */
	static class Gate implements TransactionExecutionListener {

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch release = new CountDownLatch(1);

		final CompletableFuture<String> stage = new CompletableFuture<>();

		volatile PublishResult result;

		final AtomicInteger transactions = new AtomicInteger();

		@Override
		public void afterBegin(TransactionExecution transaction, Throwable failure) {
			this.transactions.incrementAndGet();
		}

	}

	/**
	 * What an application would write, and do wrong.
	 */
	@RealtimeController
	@Transactional
	static class Writer {

		private final JdbcTemplate jdbc;

		private final JdbcTemplate otherJdbc;

		private final RealtimeOperations operations;

		private final Inner inner;

		private final Gate gate;

		Writer(JdbcTemplate jdbc, @Qualifier("otherJdbc") JdbcTemplate otherJdbc, RealtimeOperations operations,
				Inner inner, Gate gate) {
			this.jdbc = jdbc;
			this.otherJdbc = otherJdbc;
			this.operations = operations;
			this.inner = inner;
			this.gate = gate;
		}

		@OnPublish("chat:commit")
		@OnRpc("write")
		String write(String text) {
			this.jdbc.update("insert into entry (text) values (?)", text);
			if (text.equals("fail")) {
				throw new IllegalStateException("fail");
			}
			return "stored " + text;
		}

		@OnPublish("chat:waits")
		String waits(String text) {
			beforeCommit(() -> {
				this.gate.entered.countDown();
				await(this.gate.release);
			});
			return write(text);
		}

		@OnPublish("chat:throws")
		String fails(String text) {
			write(text);
			throw new IllegalStateException("fail");
		}

		@OnPublish("chat:checked")
		@Transactional(rollbackFor = Exception.class)
		String failsChecked(String text) throws Exception {
			write(text);
			throw new Exception("fail");
		}

		@OnPublish("chat:stage-throws")
		CompletionStage<String> failsInStage(String text) {
			write(text);
			return CompletableFuture.failedFuture(new IllegalStateException("fail"));
		}

		@OnPublish("chat:fails-late")
		Object failsLate(String text) {
			write(text);
			return new RealtimeEngineTests.Unwritable();
		}

		@OnPublish("chat:fails-before-commit")
		String failsBeforeCommit(String text) {
			beforeCommit(() -> {
				throw new IllegalStateException("fail");
			});
			return write(text);
		}

		@OnPublish("chat:loses-connection")
		String losesConnection(String text) throws SQLException {
			write(text);
			DataSource database = this.jdbc.getDataSource();
			DataSourceUtils.getConnection(database).close();
			return "stored " + text;
		}

		@OnPublish({ "chat:rollback-only", "chat:mapped" })
		String rollbackOnly(String text) {
			TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			return write(text);
		}

		@OnPublish("chat:inner-rollback-only")
		String innerRollbackOnly(String text) {
			write(text);
			try {
				this.inner.fail();
			}
			catch (IllegalStateException ex) {
				return "stored " + text;
			}
			return "";
		}

		@OnPublish("chat:no-rollback")
		@Transactional(noRollbackFor = RealtimeException.class)
		String keeps(String text) {
			write(text);
			this.operations.publish("chat:no-rollback", "by the way");
			throw new RealtimeException(400, "kept");
		}

		@OnPublish("chat:both")
		String publishesItself(String text) {
			this.gate.result = this.operations.publish("chat:both", "own " + text);
			return write(text);
		}

		@OnPublish("chat:plain")
		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		String publishesWithoutTransaction(String text) {
			this.gate.result = this.operations.publish("chat:plain", "own " + text);
			return "stored " + text;
		}

		@OnPublish("chat:other")
		@Transactional("otherManager")
		String writesElsewhere(String text) {
			this.otherJdbc.update("insert into entry (text) values (?)", text);
			if (text.equals("fail")) {
				throw new IllegalStateException("fail");
			}
			return "stored " + text;
		}

		@OnPublish("chat:new")
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		String writesAlone(String text) {
			return write(text);
		}

		@OnPublish("chat:later")
		CompletionStage<String> later(String text) {
			if (text.equals("fail")) {
				TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
				return new CompletableFuture<String>().completeOnTimeout("never", 10, TimeUnit.MILLISECONDS);
			}
			beforeCommit(() -> {
				this.gate.entered.countDown();
				await(this.gate.release);
			});
			return this.gate.stage;
		}

		@OnPublish("chat:foreign")
		@Transactional(propagation = Propagation.NOT_SUPPORTED)
		CompletionStage<String> completedElsewhere(String text) {
			this.gate.entered.countDown();
			return this.gate.stage.whenComplete((value, failure) -> {
			});
		}

		private static void beforeCommit(Runnable action) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					action.run();
				}

			});
		}

		private static void await(CountDownLatch latch) {
			try {
				assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@RealtimeExceptionHandler
		RealtimeException map(UnexpectedRollbackException failure, @Room String room) {
			if (room.equals("chat:mapped")) {
				return new RealtimeException(409, failure.getClass().getSimpleName());
			}
			throw failure;
		}

	}

	static class Inner {

		@Transactional
		void fail() {
			throw new IllegalStateException("inner");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class })
	@Import({ Writer.class, Inner.class, Gate.class })
	static class Application {

		@Bean
		@Primary
		EmbeddedDatabase database() {
			return newDatabase();
		}

		@Bean
		EmbeddedDatabase other() {
			return newDatabase();
		}

		private static EmbeddedDatabase newDatabase() {
			EmbeddedDatabase database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
				.setType(EmbeddedDatabaseType.H2)
				.build();
			new JdbcTemplate(database).execute("create table entry (id int auto_increment primary key, text varchar)");
			return database;
		}

		@Bean
		@Primary
		JdbcTransactionManager transactionManager(DataSource database, CommitMarker marker, Gate gate) {
			JdbcTransactionManager manager = new JdbcTransactionManager(database);
			manager.setTransactionExecutionListeners(List.of(marker, gate));
			return manager;
		}

		@Bean
		JdbcTransactionManager otherManager(@Qualifier("other") DataSource database) {
			return new JdbcTransactionManager(database);
		}

		@Bean
		@Primary
		JdbcTemplate jdbc(DataSource database) {
			return new JdbcTemplate(database);
		}

		@Bean
		JdbcTemplate otherJdbc(@Qualifier("other") DataSource database) {
			return new JdbcTemplate(database);
		}

		@Bean
		TransactionTemplate transactionTemplate(JdbcTransactionManager manager) {
			return new TransactionTemplate(manager);
		}

	}

}
