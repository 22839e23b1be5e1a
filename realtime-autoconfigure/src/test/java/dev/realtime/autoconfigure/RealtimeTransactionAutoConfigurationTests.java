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

import java.util.List;

import dev.realtime.HistoryQuery;
import dev.realtime.Payload;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.transaction.CommitMarker;
import dev.realtime.transaction.SpringTransactionBinding;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeTransactionAutoConfiguration} with Boot's transactions.
 */
class RealtimeTransactionAutoConfigurationTests {

	private static final String ROOM = "chat:lobby";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class,
						DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
						TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true", "realtime.namespaces.chat.history.size=10");

	@Test
	void bootAddsTheMarkerToItsTransactionManager() {
		this.runner.run((
				context) -> assertThat(context.getBean(JdbcTransactionManager.class).getTransactionExecutionListeners())
					.containsExactly(context.getBean(CommitMarker.class)));
	}

	@Test
	void whatIsPublishedInATransactionGoesOutAfterItsCommit() {
		this.runner.run((context) -> {
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				assertThat(publish(context, 1)).isInstanceOf(PublishResult.Enlisted.class);
				assertThat(publish(context, 2)).isInstanceOf(PublishResult.Enlisted.class);
				assertThat(history(context)).isEmpty();
			});
			assertThat(history(context)).containsExactly("2", "1");
		});
	}

	@Test
	void whatIsPublishedInATransactionThatRollsBackNeverGoesOut() {
		this.runner.run((context) -> {
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				publish(context, 1);
				status.setRollbackOnly();
			});
			assertThat(history(context)).isEmpty();
		});
	}

	@Test
	void whatATransactionalEventListenerPublishesGoesOut() {
		this.runner.withBean(PublishingListener.class).run((context) -> {
			context.getBean(TransactionTemplate.class).executeWithoutResult((status) -> {
				publish(context, 1);
				context.publishEvent("saved");
			});
			assertThat(history(context)).containsExactly("2", "1");
			assertThat(context.getBean(PublishingListener.class).result).isInstanceOf(PublishResult.Published.class);
		});
	}

	@Test
	void whenTheApplicationHasABindingItIsUsed() {
		this.runner.withBean("own", TransactionBinding.class, () -> TransactionBinding.NONE)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SpringTransactionBinding.class));
	}

	@Test
	void whenDisabledThereIsNothing() {
		this.runner.withPropertyValues("realtime.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TransactionBinding.class)
				.doesNotHaveBean(CommitMarker.class));
	}

	@Test
	void withoutSpringTxThereAreNoTransactions() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class))
			.withPropertyValues("realtime.namespaces.chat.history.size=10")
			.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(TransactionBinding.class);
				assertThat(publish(context, 1)).isInstanceOf(PublishResult.Published.class);
			});
	}

	private static PublishResult publish(ApplicationContext context, int payload) {
		return context.getBean(RealtimeOperations.class).publish(ROOM, Payload.ofJson(Integer.toString(payload)));
	}

	private static List<String> history(ApplicationContext context) {
		return context.getBean(RealtimeOperations.class)
			.history(ROOM, HistoryQuery.newest(10))
			.publications()
			.stream()
			.map((publication) -> publication.data().text())
			.toList();
	}

	static class PublishingListener {

		private final RealtimeOperations operations;

		private PublishResult result;

		PublishingListener(RealtimeOperations operations) {
			this.operations = operations;
		}

		@TransactionalEventListener
		void saved(String event) {
			this.result = this.operations.publish(ROOM, Payload.ofJson("2"));
		}

	}

}
