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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.realtime.HistoryQuery;
import dev.realtime.RealtimeOperations;
import dev.realtime.annotation.RealtimePublish;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.RealtimeTransactionAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.util.AopTestUtils;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RealtimePublish} on methods and on types of events, in and out of
 * transactions.
 */
class RealtimePublishTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private Orders orders;

	@BeforeEach
	void start() {
		TestPropertyValues.of("realtime.namespaces.chat.history.size=10", "spring.datasource.generate-unique-name=true")
			.applyTo(this.context);
		this.context.register(Application.class);
		this.context.refresh();
		this.orders = this.context.getBean(Orders.class);
		assertThat(AopUtils.isCglibProxy(this.orders)).isTrue();
	}

	@AfterEach
	void stop() {
		this.context.close();
	}

	@Test
	void resultGoesIntoAllRooms() {
		assertThat(this.orders.place("7", "ann")).isEqualTo(new Order("7", "ann"));
		String order = "{\"id\":\"7\",\"user\":\"ann\"}";
		assertThat(history("chat:7")).containsExactly(order);
		assertThat(history("chat:of-ann")).containsExactly(order);
		assertThat(history("chat:all")).containsExactly(order);
	}

	@Test
	void resultThatIsNullGoesNowhere() {
		assertThat(this.orders.find("7")).isNull();
		assertThat(history("chat:7")).isEmpty();
	}

	@Test
	void resultThatComesLaterIsPublishedThen() {
		CompletableFuture<Order> stage = new CompletableFuture<>();
		CompletionStage<Order> result = this.orders.later("7", stage);
		assertThat(history("chat:7")).isEmpty();
		stage.complete(new Order("7", "ann"));
		assertThat(result.toCompletableFuture().join().user()).isEqualTo("ann");
		assertThat(history("chat:7")).hasSize(1);
		assertThat(this.orders.later("8", CompletableFuture.completedFuture(null)).toCompletableFuture().join())
			.isNull();
		assertThat(history("chat:8")).isEmpty();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.orders.later("9", CompletableFuture.failedFuture(new IllegalStateException("no")))
				.toCompletableFuture()
				.join())
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void whenThereIsNothingForAVariableTheExceptionNamesIt() {
		assertThatIllegalStateException().isThrownBy(() -> this.orders.missing())
			.withMessageContaining("There is nothing for the variable 'other' of @RealtimePublish on")
			.withMessageContaining("Orders.missing");
		assertThatIllegalStateException().isThrownBy(() -> this.orders.place(null, "ann"))
			.withMessageContaining("variable 'id'");
		assertThatIllegalStateException().isThrownBy(() -> this.context.publishEvent(new Incomplete("7")))
			.withMessageContaining("variable 'other'")
			.withMessageContaining("Incomplete");
	}

	@Test
	void whenATextWouldMakeAnotherKindOfRoomNothingIsPublished() {
		for (String id : List.of("7:secret", "", ":")) {
			assertThatIllegalStateException().isThrownBy(() -> this.orders.place(id, "ann"))
				.withMessageContaining("variable 'id'");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.orders.place("a b", "ann"))
			.withMessageContaining("Not a room name");
		assertThat(history("chat:all")).isEmpty();
	}

	@Test
	void whenTheMethodFailsNothingIsPublished() {
		assertThatIllegalStateException().isThrownBy(() -> this.orders.fail("7"));
		assertThat(history("chat:7")).isEmpty();
	}

	@Test
	void insideATransactionIsPublishedAfterItsCommit() {
		transaction().executeWithoutResult((status) -> {
			this.orders.place("7", "ann");
			this.orders.transactional("7");
			this.context.publishEvent(new Placed("7", 1));
			assertThat(history("chat:7")).isEmpty();
		});
		assertThat(history("chat:7")).containsExactly("{\"id\":\"7\",\"user\":\"ann\"}",
				"{\"id\":\"7\",\"user\":\"tx\"}", "{\"id\":\"7\",\"number\":1}");
	}

	@Test
	void insideATransactionThatRollsBackNothingIsPublished() {
		transaction().executeWithoutResult((status) -> {
			this.orders.place("7", "ann");
			this.orders.transactional("7");
			this.context.publishEvent(new Placed("7", 1));
			status.setRollbackOnly();
		});
		assertThat(history("chat:7")).isEmpty();
	}

	@Test
	void publicationBelongsToTheTransactionOfItsMethod() {
		this.orders.transactional("7");
		assertThat(history("chat:7")).hasSize(1);
		assertThatIllegalStateException().isThrownBy(() -> this.orders.transactional(""));
		Orders target = AopTestUtils.getTargetObject(this.orders);
		assertThat(target.transactions).containsExactly(true, true);
		assertThat(target.committed).isEqualTo(1);
	}

	@Test
	void eventsArePublished() {
		this.context.publishEvent(new Placed("7", 1));
		this.context.publishEvent(new PlacedBean("7"));
		this.context.publishEvent(new PlacedEvent(this, "7"));
		this.context.publishEvent("something else");
		assertThat(history("chat:7")).hasSize(3)
			.startsWith("{\"id\":\"7\",\"number\":1}", "{\"id\":\"7\"}")
			.last()
			.asString()
			.contains("\"id\":\"7\"");
	}

	private TransactionTemplate transaction() {
		return this.context.getBean(TransactionTemplate.class);
	}

	private List<String> history(String room) {
		return this.context.getBean(RealtimeOperations.class)
			.history(room, new HistoryQuery(-1, null, false))
			.publications()
			.stream()
			.map((publication) -> publication.data().text())
			.toList();
	}

	record Order(String id, String user) {

	}

	@RealtimePublish("chat:{id}")
	record Placed(String id, int number) {

	}

	@RealtimePublish("chat:{other}")
	record Incomplete(String id) {

	}

	@RealtimePublish("chat:{id}")
	public static class PlacedBean {

		private final String id;

		PlacedBean(String id) {
			this.id = id;
		}

		public String getId() {
			return this.id;
		}

	}

	@RealtimePublish("chat:{id}")
	@JsonIgnoreProperties("source")
	public static class PlacedEvent extends ApplicationEvent {

		private final String id;

		PlacedEvent(Object source, String id) {
			super(source);
			this.id = id;
		}

		public String getId() {
			return this.id;
		}

	}

	static class Orders {

		final List<Boolean> transactions = new ArrayList<>();

		int committed;

		@RealtimePublish({ "chat:{id}", "chat:of-{user}", "chat:all" })
		Order place(String id, String name) {
			return new Order(id, name);
		}

		@RealtimePublish("chat:{id}")
		Order find(String id) {
			return null;
		}

		@RealtimePublish("chat:{id}")
		CompletionStage<Order> later(String id, CompletableFuture<Order> stage) {
			return stage;
		}

		@RealtimePublish("chat:{other}")
		Order missing() {
			return new Order("7", "ann");
		}

		@RealtimePublish("chat:{id}")
		Order fail(String id) {
			throw new IllegalStateException("fail");
		}

		@Transactional
		@RealtimePublish("chat:{id}")
		Order transactional(String id) {
			this.transactions.add(TransactionSynchronizationManager.isActualTransactionActive());
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					Orders.this.committed++;
				}

			});
			return new Order(id, "tx");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RealtimeAutoConfiguration.class, RealtimeTransactionAutoConfiguration.class,
			DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class })
	@Import(Orders.class)
	static class Application {

	}

}
