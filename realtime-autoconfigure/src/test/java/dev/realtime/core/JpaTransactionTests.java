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

import java.util.List;
import java.util.Map;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishResult;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.transaction.CommitMarker;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

/**
 * Tests for publications in transactions of JPA.
 */
class JpaTransactionTests {

	private static final String ROOM = "resync:a";

	private final OutageFixture fixture = new OutageFixture();

	private final LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();

	private EntityManagerFactory factory;

	private TransactionTemplate transaction;

	@BeforeEach
	void setUp() {
		this.fixture.jdbc.execute("create table note (name varchar(10) primary key, text varchar(10) unique)");
		this.bean.setDataSource(this.fixture.database);
		this.bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		this.bean.setPackagesToScan(getClass().getPackageName());
		this.bean.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "none"));
		this.bean.afterPropertiesSet();
		this.factory = this.bean.getObject();
		JpaTransactionManager manager = new JpaTransactionManager(this.factory);
		manager.setTransactionExecutionListeners(List.of(new CommitMarker()));
		this.transaction = new TransactionTemplate(manager);
	}

	@AfterEach
	void tearDown() {
		this.bean.destroy();
		this.fixture.close();
	}

	@ParameterizedTest
	@EnumSource
	void whatIsPublishedGoesOutWithWhatIsSaved(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> {
			save("a", "text");
			assertThat(publish(1)).isEqualTo(new PublishResult.Enlisted());
			assertThat(this.fixture.rows()).isEqualTo((mode == TransactionMode.OUTBOX) ? 1 : 0);
		});
		assertThat(notes()).containsExactly("a");
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		assertThat(this.fixture.history(ROOM)).containsExactly(1);
	}

	@ParameterizedTest
	@EnumSource
	void whatIsRolledBackNeverGoesOut(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> {
			save("a", "text");
			publish(1);
			status.setRollbackOnly();
		});
		nothingHasGoneOut();
	}

	@ParameterizedTest
	@EnumSource
	void whatTheDatabaseRefusesWhenItIsWrittenKeepsThePublicationBack(TransactionMode mode) {
		this.fixture.start(mode, OutagePolicy.SPILL);
		this.transaction.executeWithoutResult((status) -> save("a", "text"));
		assertThatRuntimeException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			publish(1);
			save("b", "text");
		}));
		assertThat(notes()).containsExactly("a");
		nothingHasGoneOut();
	}

	@Test
	void whileTheBrokerIsDownTheRowIsPartOfTheTransaction() {
		this.fixture.start(TransactionMode.BEFORE_COMMIT, OutagePolicy.SPILL);
		this.fixture.down();
		this.transaction.executeWithoutResult((status) -> {
			save("a", "text");
			publish(1);
		});
		assertThat(this.fixture.rows()).isEqualTo(1);
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.history(ROOM)).containsExactly(1));
	}

	private void nothingHasGoneOut() {
		assertThat(this.fixture.rows()).isZero();
		assertThat(publish(2)).isInstanceOf(PublishResult.Published.class);
		assertThat(this.fixture.history(ROOM)).containsExactly(2);
	}

	private void save(String name, String text) {
		EntityManager manager = EntityManagerFactoryUtils.getTransactionalEntityManager(this.factory);
		Note note = new Note();
		note.name = name;
		note.text = text;
		manager.persist(note);
	}

	private List<String> notes() {
		return this.fixture.jdbc.queryForList("select name from note", String.class);
	}

	private PublishResult publish(int number) {
		return this.fixture.operations.publish(ROOM, number);
	}

	@Entity(name = "note")
	static class Note {

		@Id
		private String name;

		private String text;

	}

}
