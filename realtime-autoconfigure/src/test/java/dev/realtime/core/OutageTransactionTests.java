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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.transaction.CommitMarker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

/**
 * Tests for publications in all kinds of transactions.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutageTransactionTests {

	private static final String ROOM = "resync:a";

	private final OutageFixture fixture = new OutageFixture();

	@AfterEach
	void tearDown() {
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		this.fixture.close();
	}

	@ParameterizedTest
	@EnumSource
	void aTransactionOfItsOwnIsIndependent(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((outer) -> {
			publish(1);
			in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> publish(2));
			assertThat(this.fixture.history(ROOM)).containsExactly(2);
			outer.setRollbackOnly();
		});
		comesOut(2);
	}

	@ParameterizedTest
	@EnumSource
	void whenAnInnerTransactionOfItsOwnRollsBackTheOuterOneDoesNot(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((outer) -> {
			publish(1);
			this.fixture.transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW).executeWithoutResult((inner) -> {
				publish(2);
				inner.setRollbackOnly();
			});
			publish(3);
		});
		comesOut(1, 3);
	}

	@ParameterizedTest
	@EnumSource
	void whatIsPublishedBehindASavepointGoesWithIt(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((outer) -> {
			publish(1);
			this.fixture.transaction(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult((inner) -> {
				publish(2);
				inner.setRollbackOnly();
			});
			assertThat(this.fixture.rows()).isEqualTo((mode == TransactionMode.OUTBOX) ? 1 : 0);
			publish(3);
		});
		comesOut(1, 3);
	}

	@ParameterizedTest
	@EnumSource
	void releasingASavepointIsNoCommit(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((outer) -> {
			in(TransactionDefinition.PROPAGATION_NESTED, () -> publish(1));
			assertThat(publish(2)).isInstanceOf(PublishResult.Enlisted.class);
			outer.setRollbackOnly();
		});
		comesOut();
	}

	@Test
	void whatASavepointHasTakenAlongKeepsNoTransactionFromCommitting() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.FAIL);
		this.fixture.down();
		this.fixture.transaction.executeWithoutResult((outer) -> {
			this.fixture.insert("a");
			this.fixture.transaction(TransactionDefinition.PROPAGATION_NESTED).executeWithoutResult((inner) -> {
				publish(1);
				inner.setRollbackOnly();
			});
		});
		assertThat(this.fixture.entries()).containsExactly("a");
	}

	@ParameterizedTest
	@EnumSource
	void outsideOfASuspendedTransactionItGoesOutAtOnce(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((outer) -> {
			in(TransactionDefinition.PROPAGATION_NOT_SUPPORTED,
					() -> assertThat(publish(1)).isInstanceOf(PublishResult.Published.class));
			outer.setRollbackOnly();
		});
		comesOut(1);
	}

	@ParameterizedTest
	@EnumSource
	void ofATransactionThatOnlyReadsItGoesOutAfterTheCommit(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		TransactionTemplate reading = new TransactionTemplate(this.fixture.manager);
		reading.setReadOnly(true);
		reading.executeWithoutResult((status) -> {
			assertThat(publish(1)).isInstanceOf(PublishResult.Enlisted.class);
			assertThat(this.fixture.rows()).isZero();
			status.setRollbackOnly();
		});
		reading.executeWithoutResult((status) -> publish(2));
		comesOut(2);
	}

	@ParameterizedTest
	@EnumSource
	void inEachPhaseOfATransactionItGoesOut(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		withListeners((event) -> publish(event.length()), (status) -> publish(1));
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).hasSize(4));
		assertThat(this.fixture.history(ROOM)).contains(1)
			.containsSubsequence("before".length(), "after the commit".length());
	}

	@ParameterizedTest
	@EnumSource
	void afterARollbackItGoesOut(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		withListeners((event) -> publish(event.length()), (status) -> {
			publish(1);
			status.setRollbackOnly();
		});
		assertThat(this.fixture.history(ROOM)).containsExactlyInAnyOrder("rolled back".length(), "over".length());
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AFTER_COMMIT")
	void whatFailsBeforeTheCommitRollsBackInTheLastMomentToo(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.FAIL);
		this.fixture.down();
		assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> withListeners((event) -> {
			if (event.equals("before")) {
				publish(1);
			}
		}, (status) -> this.fixture.insert("a")));
		assertThat(this.fixture.entries()).isEmpty();
		assertThat(this.fixture.rows()).isZero();
	}

	@Test
	void beforeTheCommitIsAfterEverythingElse() {
		this.fixture.start(TransactionMode.BEFORE_COMMIT, OutagePolicy.FAIL);
		assertThatRuntimeException().isThrownBy(() -> this.fixture.transaction.executeWithoutResult((status) -> {
			publish(1);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					throw new IllegalStateException("no");
				}

			});
		})).withMessage("no");
		assertThat(this.fixture.history(ROOM)).isEmpty();
	}

	@Test
	void beforeTheCommitAllOfATransactionIsStoredBehindWhatIsStored() {
		this.fixture.start(TransactionMode.BEFORE_COMMIT, OutagePolicy.SPILL);
		this.fixture.transaction.executeWithoutResult((status) -> {
			publish(1);
			publish(2);
			publish(3);
			this.fixture.relay.failNext(1);
		});
		comesOut(1, 2, 3);
	}

	@Test
	void whenTheCommitFailsWhatWasStoredInsteadIsGone() {
		this.fixture.start(TransactionMode.BEFORE_COMMIT, OutagePolicy.SPILL);
		this.fixture.relay.failing = true;
		this.fixture.manager.setTransactionExecutionListeners(List.of(new CommitMarker(), new FailingCommit()));
		assertThatRuntimeException()
			.isThrownBy(() -> this.fixture.transaction.executeWithoutResult((status) -> publish(1)))
			.withMessage("no commit");
		this.fixture.up();
		OutageFixture.eventually().until(() -> publish(2) instanceof PublishResult.Published);
		assertThat(this.fixture.history(ROOM)).doesNotContain(1);
		assertThat(this.fixture.rows()).isZero();
	}

	@Test
	void ofATransactionOfAnotherDatabaseItGoesOutAfterTheCommitAndThatIsSaidOnce(CapturedOutput output) {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		EmbeddedDatabase other = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.build();
		TransactionTemplate transaction = new TransactionTemplate(OutageFixture.manager(other));
		transaction.setName("orders");
		for (int i = 1; i <= 3; i++) {
			int number = i;
			transaction.executeWithoutResult((status) -> {
				this.fixture.rows();
				assertThat(publish(number)).isInstanceOf(PublishResult.Enlisted.class);
				assertThat(this.fixture.rows()).isZero();
				assertThat(this.fixture.history(ROOM)).doesNotContain(number);
				if (number == 2) {
					status.setRollbackOnly();
				}
			});
		}
		comesOut(1, 3);
		assertThat(output.getOut().split("goes out after the commit", -1)).hasSize(2);
		assertThat(output).contains("orders on");
		other.shutdown();
	}

	@Test
	void ofATransactionOfAnotherDatabaseThatMustNotFailItRollsBack() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.FAIL);
		this.fixture.down();
		EmbeddedDatabase other = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.build();
		JdbcTemplate jdbc = new JdbcTemplate(other);
		jdbc.execute("create table entry (name varchar(10))");
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> new TransactionTemplate(OutageFixture.manager(other)).executeWithoutResult((status) -> {
				jdbc.update("insert into entry values ('a')");
				publish(1);
			}));
		assertThat(jdbc.queryForObject("select count(*) from entry", Integer.class)).isZero();
		other.shutdown();
	}

	@Test
	void aRowThatTheDatabaseRefusesTakesThePublicationAlong() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.fixture.insert("a");
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.fixture.transaction.executeWithoutResult((status) -> {
				publish(1);
				this.fixture.insert("a");
			}));
		comesOut();
	}

	@Test
	void aPublicationThatCannotBeWrittenIsRefusedAndNothingIsStored() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		assertThatRuntimeException().isThrownBy(() -> this.fixture.transaction.executeWithoutResult((status) -> {
			publish(1);
			this.fixture.operations.publish(ROOM, new Unwritable());
		}));
		comesOut();
	}

	@Test
	void aPublicationWithATooLongIdIsRefusedInTheTransaction() {
		this.fixture.start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> this.fixture.transaction.executeWithoutResult(
				(status) -> this.fixture.operations.publish(ROOM, 1, PublishOptions.NONE.id("x".repeat(300)))));
		comesOut();
	}

	private void in(int propagation, Runnable action) {
		this.fixture.transaction(propagation).executeWithoutResult((status) -> action.run());
	}

	private PublishResult publish(int number) {
		return this.fixture.operations.publish(ROOM, number);
	}

	/** In this order, once, and nothing else; then what comes later. */
	private void comesOut(Integer... numbers) {
		this.fixture.up();
		OutageFixture.eventually().until(() -> publish(-1) instanceof PublishResult.Published);
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		List<Integer> found = new ArrayList<>(this.fixture.history(ROOM));
		found.removeIf((number) -> number < 0);
		assertThat(found).containsExactly(numbers);
	}

	private void withListeners(Consumer<String> consumer, Consumer<TransactionStatus> action) {
		try (var context = new AnnotationConfigApplicationContext()) {
			context.registerBean("consumer", Consumer.class, () -> consumer);
			context.registerBean(JdbcTransactionManager.class, () -> this.fixture.manager);
			context.register(EventConfiguration.class);
			context.refresh();
			this.fixture.transaction.executeWithoutResult((status) -> {
				context.publishEvent("event");
				action.accept(status);
			});
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class EventConfiguration {

		@Bean
		Listeners listeners(Consumer<String> consumer) {
			return new Listeners(consumer);
		}

	}

	static class Listeners {

		private final Consumer<String> consumer;

		Listeners(Consumer<String> consumer) {
			this.consumer = consumer;
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void before(String event) {
			this.consumer.accept("before");
		}

		@TransactionalEventListener
		void after(String event) {
			this.consumer.accept("after the commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void rolledBack(String event) {
			this.consumer.accept("rolled back");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
		void over(String event) {
			this.consumer.accept("over");
		}

	}

	/**
	 * Lets a commit fail in the last moment.
	 */
	private static final class FailingCommit implements TransactionExecutionListener {

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			throw new IllegalStateException("no commit");
		}

	}

	/**
	 * Something that JSON cannot be made of.
	 */
	static class Unwritable {

		@JsonProperty
		String name() {
			throw new IllegalStateException("no");
		}

	}

}
