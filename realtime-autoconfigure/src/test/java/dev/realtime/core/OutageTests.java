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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.realtime.HistoryQuery;
import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.RelayUnavailableException;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxDialect;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayState;
import dev.realtime.transaction.CommitMarker;
import dev.realtime.transaction.SpringTransactionBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what becomes of publications while the broker is down, with an outbox in a
 * real database.
 */
class OutageTests {

	private final EngineHarness harness = new EngineHarness();

	private final SwitchedRelay relay = new SwitchedRelay();

	private EmbeddedDatabase database;

	private JdbcTemplate jdbc;

	private TransactionTemplate transaction;

	@BeforeEach
	void setUp() {
		this.database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.addScript(OutboxDialect.H2.schema())
			.build();
		this.jdbc = new JdbcTemplate(this.database);
		JdbcTransactionManager manager = new JdbcTransactionManager(this.database);
		manager.setTransactionExecutionListeners(List.of(new CommitMarker()));
		this.transaction = new TransactionTemplate(manager);
		this.harness.relay = this.relay;
	}

	@AfterEach
	void tearDown() {
		this.harness.close();
		this.database.shutdown();
	}

	@Test
	void whatIsSpilledGoesOutInOrderAndBeforeWhatComesLater() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		assertThat(operations.publish("chat:a", 0)).isInstanceOf(PublishResult.Published.class);
		this.relay.state = RelayState.DOWN;
		for (int i = 1; i <= 500; i++) {
			assertThat(operations.publish("chat:a", i)).isInstanceOf(PublishResult.Spilled.class);
		}
		this.relay.state = RelayState.LIVE;
		int next = 501;
		List<CompletableFuture<PublishResult>> later = new ArrayList<>();
		while (next < 1_000) {
			later.add(operations.publishAsync("chat:a", next++, PublishOptions.NONE).toCompletableFuture());
		}
		await().until(() -> later.stream().allMatch(CompletableFuture::isDone));
		await().untilAsserted(() -> assertThat(rows()).isZero());
		await().untilAsserted(
				() -> assertThat(operations.publish("chat:a", -1)).isInstanceOf(PublishResult.Published.class));
		List<Integer> numbers = history("chat:a").stream().filter((number) -> number >= 0).toList();
		assertThat(numbers).isEqualTo(IntStream.range(1_000 - numbers.size(), 1_000).boxed().toList());
	}

	@Test
	void whatFailsInFlightIsSpilledInOrder() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.relay.failing = true;
		List<CompletableFuture<PublishResult>> results = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			results.add(operations.publishAsync("chat:a", i, PublishOptions.NONE).toCompletableFuture());
		}
		results.forEach((result) -> assertThat(result.join()).isInstanceOf(PublishResult.Spilled.class));
		this.relay.failing = false;
		await().untilAsserted(() -> assertThat(history("chat:a")).isEqualTo(IntStream.range(0, 100).boxed().toList()));
	}

	@Test
	void whatTheBrokerTakesItsTimeToRefuseIsStillStoredForWhoeverWaits() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.relay.failing = true;
		this.relay.delay = Duration.ofMillis(2_100);
		assertThat(operations.publish("chat:a", 1)).isInstanceOf(PublishResult.Spilled.class);
	}

	@Test
	void whatIsStoredWhileTheStoreIsFoundEmptyIsNotOvertaken() {
		AtomicReference<Runnable> meanwhile = new AtomicReference<>();
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL, busy(outbox(), meanwhile));
		this.relay.state = RelayState.DOWN;
		assertThat(operations.publish("chat:a", 1)).isInstanceOf(PublishResult.Spilled.class);
		CountDownLatch stored = new CountDownLatch(1);
		meanwhile.set(() -> {
			operations.publish("chat:a", 2);
			stored.countDown();
		});
		this.relay.state = RelayState.LIVE;
		await().until(() -> stored.getCount() == 0);
		await().until(() -> operations.publish("chat:a", 3) instanceof PublishResult.Published);
		assertThat(history("chat:a")).startsWith(1, 2, 3);
	}

	/** Does something once, when it has been read and nothing is there. */
	private static Outbox busy(Outbox outbox, AtomicReference<Runnable> meanwhile) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			Object result = method.invoke(outbox, arguments);
			if (method.getName().equals("read") && List.of().equals(result)) {
				Runnable action = meanwhile.getAndSet(null);
				if (action != null) {
					action.run();
				}
			}
			return result;
		};
		return (Outbox) Proxy.newProxyInstance(Outbox.class.getClassLoader(), new Class<?>[] { Outbox.class }, handler);
	}

	@Test
	void clientIsAnsweredWhenItsPublicationIsStored() {
		start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		TestSession session = this.harness.connect();
		session.subscribe("chat:a");
		await().until(() -> session.messages().size() >= 2);
		this.relay.state = RelayState.DOWN;
		int id = session.publish("chat:a", "7");
		await().untilAsserted(() -> assertThat(session.messages()).contains("{\"id\":" + id + ",\"publish\":{}}"));
		assertThat(session.messages()).noneMatch((message) -> message.contains("\"data\":7"));
		this.relay.state = RelayState.LIVE;
		await()
			.untilAsserted(() -> assertThat(session.messages()).anyMatch((message) -> message.contains("\"data\":7")));
	}

	@Test
	void publicationOfATransactionIsARowUntilItHasGoneOut() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> {
			assertThat(operations.publish("chat:a", 1)).isEqualTo(new PublishResult.Enlisted());
			assertThat(rows()).isEqualTo(1);
			assertThat(history("chat:a")).isEmpty();
		});
		assertThat(history("chat:a")).containsExactly(1);
		await().untilAsserted(() -> assertThat(rows()).isZero());
	}

	@Test
	void publicationOfATransactionThatRollsBackIsNothing() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> {
			operations.publish("chat:a", 1);
			status.setRollbackOnly();
		});
		assertThat(rows()).isZero();
		assertThat(history("chat:a")).isEmpty();
	}

	@Test
	void whileTheBrokerIsDownATransactionIsCommittedAndItsPublicationGoesOutLater() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		this.relay.state = RelayState.DOWN;
		this.transaction.executeWithoutResult((status) -> operations.publish("chat:a", 1));
		assertThat(rows()).isEqualTo(1);
		this.relay.state = RelayState.LIVE;
		await().untilAsserted(() -> assertThat(history("chat:a")).containsExactly(1));
		await().untilAsserted(() -> assertThat(rows()).isZero());
	}

	@Test
	void whereItMustNotFailATransactionIsRolledBack() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.FAIL);
		this.jdbc.execute("create table entry (name varchar(10))");
		this.relay.state = RelayState.DOWN;
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				this.jdbc.update("insert into entry values ('a')");
				operations.publish("chat:a", 1);
			}));
		assertThat(rows()).isZero();
		assertThat(this.jdbc.queryForObject("select count(*) from entry", Integer.class)).isZero();
	}

	@Test
	void beforeTheCommitAFailureRollsBack() {
		RealtimeOperations operations = start(TransactionMode.BEFORE_COMMIT, OutagePolicy.FAIL);
		this.jdbc.execute("create table entry (name varchar(10))");
		this.relay.failing = true;
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				this.jdbc.update("insert into entry values ('a')");
				operations.publish("chat:a", 1);
			}));
		assertThat(this.jdbc.queryForObject("select count(*) from entry", Integer.class)).isZero();
		this.relay.failing = false;
		this.transaction.executeWithoutResult((status) -> operations.publish("chat:a", 2));
		assertThat(history("chat:a")).containsExactly(2);
	}

	@Test
	void policyOfACallCounts() {
		RealtimeOperations operations = start(TransactionMode.OUTBOX, OutagePolicy.SPILL);
		TestSession session = this.harness.connect();
		session.subscribe("plain:a");
		await().until(() -> session.messages().size() >= 2);
		this.relay.state = RelayState.DOWN;
		assertThatExceptionOfType(RelayUnavailableException.class)
			.isThrownBy(() -> operations.publish("plain:a", 1, PublishOptions.NONE.outagePolicy(OutagePolicy.FAIL)));
		assertThat(operations.publish("plain:a", 2, PublishOptions.NONE.outagePolicy(OutagePolicy.LOCAL)))
			.isEqualTo(new PublishResult.LocalOnly());
		await()
			.untilAsserted(() -> assertThat(session.messages()).anyMatch((message) -> message.contains("\"data\":2")));
	}

	private RealtimeOperations start(TransactionMode mode, OutagePolicy policy) {
		return start(mode, policy, outbox());
	}

	private Outbox outbox() {
		return new JdbcOutbox(this.database, this.transaction, OutboxDialect.H2,
				new OutboxLimits(100_000, 0, 0, Duration.ofSeconds(10), 3), "node", true);
	}

	private RealtimeOperations start(TransactionMode mode, OutagePolicy policy, Outbox outbox) {
		this.harness.guarantees = new PublishGuarantees(new SpringTransactionBinding(new DefaultListableBeanFactory()),
				mode, policy, outbox);
		return this.harness.engine().operations();
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
