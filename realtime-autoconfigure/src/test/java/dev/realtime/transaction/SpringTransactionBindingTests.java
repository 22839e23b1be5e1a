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

package dev.realtime.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SpringTransactionBinding} and {@link CommitMarker} with a real
 * database.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringTransactionBindingTests {

	private final SpringTransactionBinding binding = new SpringTransactionBinding(new DefaultListableBeanFactory());

	private final List<String> done = new ArrayList<>();

	private EmbeddedDatabase database;

	private JdbcTransactionManager manager;

	private TransactionTemplate transaction;

	private JdbcTemplate jdbc;

	@BeforeEach
	void setUp() {
		this.database = new EmbeddedDatabaseBuilder().generateUniqueName(true).setType(EmbeddedDatabaseType.H2).build();
		this.jdbc = new JdbcTemplate(this.database);
		this.jdbc.execute("create table entry (name varchar(10))");
		this.manager = new JdbcTransactionManager(this.database);
		this.manager.setTransactionExecutionListeners(List.of(new CommitMarker()));
		this.transaction = new TransactionTemplate(this.manager);
	}

	@AfterEach
	void nothingIsLeftOnTheThread() {
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(CommitMarker.isCommitting()).isFalse();
		this.database.shutdown();
	}

	@Test
	void withoutATransactionTakesNothing() {
		assertThat(this.binding.afterCommit(() -> this.done.add("a"))).isFalse();
		assertThat(this.done).isEmpty();
	}

	@Test
	void whenThereIsOnlySynchronizationTakesNothing() {
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
		this.transaction.executeWithoutResult((status) -> {
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isTrue();
			assertThat(this.binding.afterCommit(() -> this.done.add("a"))).isFalse();
		});
		assertThat(this.done).isEmpty();
	}

	@Test
	void runsAfterTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			insert("row");
			assertThat(this.binding.afterCommit(() -> this.done.add(rowsSeenByOthers()))).isTrue();
			assertThat(this.done).isEmpty();
		});
		assertThat(this.done).containsExactly("1 row");
	}

	@Test
	void keepsTheOrder() {
		this.transaction.executeWithoutResult((status) -> List.of("a", "b", "c").forEach(this::enlist));
		assertThat(this.done).containsExactly("a", "b", "c");
	}

	@Test
	void keepsTheOrderAmongOtherSynchronizations() {
		this.transaction.executeWithoutResult((status) -> {
			enlist("a");
			afterCommit(() -> this.done.add("evict"));
			enlist("b");
		});
		assertThat(this.done).containsExactly("a", "evict", "b");
	}

	@Test
	void whenRolledBackRunsNothing() {
		this.transaction.executeWithoutResult((status) -> {
			enlist("a");
			status.setRollbackOnly();
		});
		assertThat(this.done).isEmpty();
	}

	@Test
	void whenTheTransactionThrowsRunsNothing() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			enlist("a");
			throw new IllegalStateException("no");
		}));
		assertThat(this.done).isEmpty();
	}

	@Test
	void whenTheLastMomentBeforeTheCommitFailsRunsNothing() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			enlist("a");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					throw new IllegalStateException("no");
				}

			});
		}));
		assertThat(this.done).isEmpty();
	}

	@Test
	void whenTheCommitFailsRunsNothingAndLeavesNoMark() {
		this.manager.setTransactionExecutionListeners(List.of(new CommitMarker(), new FailingCommit()));
		assertThatIllegalStateException()
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> enlist("a")));
		assertThat(this.done).isEmpty();
	}

	@Test
	void takesActionsBeforeTheCommitBegins() {
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						enlist("last moment");
					}

				}));
		assertThat(this.done).containsExactly("last moment");
	}

	@Test
	void onceTheCommitHasBegunTakesNothing() {
		List<Boolean> taken = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> afterCommit(() -> taken.add(this.binding.afterCommit(() -> {
		}))));
		assertThat(taken).containsExactly(false);
	}

	@Test
	void withoutTheMarkerAnActionThatComesTooLateRunsNevertheless() {
		this.manager.setTransactionExecutionListeners(List.of());
		this.transaction.executeWithoutResult((status) -> afterCommit(() -> enlist("late")));
		assertThat(this.done).containsExactly("late");
	}

	@Test
	void anInnerTransactionCommitsOnItsOwn() {
		this.transaction.executeWithoutResult((status) -> {
			enlist("outer");
			requiresNew().executeWithoutResult((inner) -> enlist("inner"));
			assertThat(this.done).containsExactly("inner");
			status.setRollbackOnly();
		});
		assertThat(this.done).containsExactly("inner");
	}

	@Test
	void anInnerTransactionRollsBackOnItsOwn() {
		this.transaction.executeWithoutResult((status) -> {
			enlist("before");
			requiresNew().executeWithoutResult((inner) -> {
				enlist("inner");
				inner.setRollbackOnly();
			});
			enlist("after");
		});
		assertThat(this.done).containsExactly("before", "after");
	}

	@Test
	void aTransactionDuringTheCommitOfAnotherHasItsOwnState() {
		this.transaction.executeWithoutResult((status) -> afterCommit(() -> {
			requiresNew().executeWithoutResult((inner) -> {
				enlist("inner");
				assertThat(this.done).isEmpty();
			});
			assertThat(this.done).containsExactly("inner");
			assertThat(this.binding.afterCommit(() -> this.done.add("outer"))).isFalse();
		}));
		assertThat(this.done).containsExactly("inner");
	}

	@Test
	void aTransactionDuringTheCompletionOfAnotherHasItsOwnState() {
		this.transaction.executeWithoutResult((status) -> afterCompletion(() -> {
			requiresNew().executeWithoutResult((inner) -> {
				enlist("undone");
				inner.setRollbackOnly();
			});
			requiresNew().executeWithoutResult((inner) -> {
				enlist("inner");
				assertThat(this.done).isEmpty();
			});
			assertThat(this.binding.afterCommit(() -> this.done.add("outer"))).isFalse();
		}));
		assertThat(this.done).containsExactly("inner");
	}

	@Test
	void whenASavepointIsRolledBackRunsOnlyWhatCameBeforeItOrAfterwards() {
		this.transaction.executeWithoutResult((status) -> {
			enlist("before");
			nested().executeWithoutResult((inner) -> {
				enlist("undone");
				inner.setRollbackOnly();
			});
			enlist("after");
			nested().executeWithoutResult((inner) -> enlist("kept"));
		});
		assertThat(this.done).containsExactly("before", "after", "kept");
	}

	@Test
	void whenAnOuterSavepointIsRolledBackWhatAnInnerOneReleasedIsUndoneToo() {
		this.transaction.executeWithoutResult((status) -> nested().executeWithoutResult((outer) -> {
			nested().executeWithoutResult((inner) -> enlist("undone"));
			outer.setRollbackOnly();
		}));
		assertThat(this.done).isEmpty();
	}

	@Test
	void anActionThatFailsIsLoggedAndHarmsNobody(CapturedOutput output) {
		this.transaction.executeWithoutResult((status) -> {
			insert("row");
			this.binding.afterCommit(() -> {
				throw new IllegalStateException("the reason");
			});
			enlist("next");
		});
		assertThat(this.done).containsExactly("next");
		assertThat(rowsSeenByOthers()).isEqualTo("1 row");
		assertThat(output).contains("ERROR").contains("after the commit of a transaction").contains("the reason");
	}

	@Test
	void whenAnotherSynchronizationFailsAfterTheCommitRunsNevertheless() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			afterCommit(() -> {
				throw new IllegalStateException("not ours");
			});
			enlist("a");
		}));
		assertThat(this.done).containsExactly("a");
	}

	@Test
	void publishingFromATransactionalEventListenerIsNotLost() {
		List<String> phases = new ArrayList<>();
		try (var context = new AnnotationConfigApplicationContext()) {
			context.registerBean("phases", Consumer.class, () -> (Consumer<String>) (phase) -> phases
				.add(phase + (this.binding.afterCommit(() -> this.done.add(phase)) ? " enlisted" : " at once")));
			context.registerBean(JdbcTransactionManager.class, () -> this.manager);
			context.register(EventConfiguration.class);
			context.refresh();
			this.transaction.executeWithoutResult((status) -> context.publishEvent("saved"));
		}
		assertThat(phases).containsExactly("before enlisted", "after at once");
		assertThat(this.done).containsExactly("before");
	}

	private TransactionTemplate requiresNew() {
		return template(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	private TransactionTemplate nested() {
		return template(TransactionDefinition.PROPAGATION_NESTED);
	}

	private TransactionTemplate template(int propagation) {
		TransactionTemplate template = new TransactionTemplate(this.manager);
		template.setPropagationBehavior(propagation);
		return template;
	}

	private void enlist(String name) {
		assertThat(this.binding.afterCommit(() -> this.done.add(name))).isTrue();
	}

	private static void afterCommit(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				action.run();
			}

		});
	}

	private static void afterCompletion(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				action.run();
			}

		});
	}

	private void insert(String name) {
		this.jdbc.update("insert into entry (name) values (?)", name);
	}

	private String rowsSeenByOthers() {
		return requiresNew().execute((status) -> this.jdbc.queryForObject("select count(*) from entry", Long.class))
				+ " row";
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class EventConfiguration {

		@Bean
		EventListeners eventListeners(Consumer<String> phases) {
			return new EventListeners(phases);
		}

	}

	static class EventListeners {

		private final Consumer<String> phases;

		EventListeners(Consumer<String> phases) {
			this.phases = phases;
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(String event) {
			this.phases.accept("before");
		}

		@TransactionalEventListener
		void afterCommit(String event) {
			this.phases.accept("after");
		}

	}

	private static final class FailingCommit implements TransactionExecutionListener {

		@Override
		public void beforeCommit(TransactionExecution transaction) {
			throw new IllegalStateException("no");
		}

	}

}
