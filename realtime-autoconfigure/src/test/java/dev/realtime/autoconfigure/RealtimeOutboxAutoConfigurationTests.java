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

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

import javax.sql.DataSource;

import dev.realtime.OutagePolicy;
import dev.realtime.annotation.OutboxDataSource;
import dev.realtime.core.PublishGuarantees;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxDialect;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.LocalRoomRelay;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RealtimeOutboxAutoConfiguration}, {@link Outboxes} and
 * {@link GuaranteesMapper}: where publications are kept, and what start-up refuses.
 */
class RealtimeOutboxAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class,
					RealtimeTransactionAutoConfiguration.class, RealtimeOutboxAutoConfiguration.class))
			.withBean(LocalRoomRelay.class, () -> new LocalRoomRelay(Clock.systemUTC()))
			.withPropertyValues("realtime.relay=redis", "test.directory=" + this.directory);
	}

	private ApplicationContextRunner withDatabase() {
		return runner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceInitializationAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
				TransactionAutoConfiguration.class, TransactionManagerCustomizationAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("database"),
					"spring.datasource.username=sa");
	}

	private ApplicationContextRunner withFile() {
		return runner().withPropertyValues("realtime.outbox.path=" + this.directory.resolve("outbox"));
	}

	private static PublishGuarantees guarantees(ApplicationContext context) {
		return context.getBean(PublishGuarantees.class);
	}

	@Test
	void withoutADatabaseTheCommitWaitsForTheBroker() {
		runner().run((context) -> {
			assertThat(guarantees(context).outbox()).isNull();
			assertThat(guarantees(context).mode()).isEqualTo(TransactionMode.BEFORE_COMMIT);
			assertThat(guarantees(context).policy()).isEqualTo(OutagePolicy.FAIL);
		});
	}

	@Test
	void withoutABrokerThereIsNoOutbox() {
		withDatabase().withPropertyValues("realtime.relay=local").run((context) -> {
			assertThat(context).doesNotHaveBean(OutboxHolder.class);
			assertThat(guarantees(context).mode()).isEqualTo(TransactionMode.AFTER_COMMIT);
			assertThat(guarantees(context).policy()).isEqualTo(OutagePolicy.FAIL);
		});
	}

	@Test
	void withADatabaseThereIsAnOutboxInIt() {
		withDatabase().run((context) -> {
			assertThat(guarantees(context).outbox()).isInstanceOf(JdbcOutbox.class);
			assertThat(guarantees(context).mode()).isEqualTo(TransactionMode.OUTBOX);
			assertThat(guarantees(context).policy()).isEqualTo(OutagePolicy.SPILL);
		});
	}

	@Test
	void whatIsGoneWithTheProcessKeepsNothing() {
		withDatabase().withPropertyValues("spring.datasource.url=jdbc:h2:mem:gone")
			.run((context) -> assertThat(guarantees(context).outbox()).isNull());
	}

	@Test
	void whenSwitchedOffThereIsNone() {
		withDatabase().withPropertyValues("realtime.outbox.enabled=false")
			.run((context) -> assertThat(guarantees(context).outbox()).isNull());
	}

	@Test
	void withAFileTheDatabaseOfTheApplicationIsLeftAlone() {
		withDatabase().withPropertyValues("realtime.outbox.path=" + this.directory.resolve("outbox")).run((context) -> {
			assertThat(this.directory.resolve("outbox.mv.db")).exists();
			assertThat(context).hasSingleBean(DataSource.class);
			assertThat(guarantees(context).outbox()).isNotNull();
			assertThat(JdbcClient.create(context.getBean(DataSource.class))
				.sql("select count(*) from information_schema.tables where lower(table_name) like 'realtime%'")
				.query(Integer.class)
				.single()).isZero();
		});
	}

	@Test
	void withoutSpringJdbcThereIsNone() {
		runner().withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxHolder.class));
	}

	@Test
	void anOutboxOfTheApplicationIsUsed() {
		Outbox own = new JdbcOutbox(new JdbcDataSource(), TransactionOperations.withoutTransaction(), OutboxDialect.H2,
				new OutboxLimits(0, 0, 0, Duration.ofSeconds(10), 5), "own", false);
		runner().withBean(Outbox.class, () -> own)
			.run((context) -> assertThat(context.getBean(OutboxHolder.class).outbox()).isSameAs(own));
	}

	@Test
	void whenTheTablesAreMissingThereAreThreeWaysOut() {
		withDatabase().withPropertyValues("realtime.outbox.initialize-schema=never")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidRealtimePropertyException.class, (failure) -> {
					assertThat(failure.getProperty()).isEqualTo("realtime.outbox.initialize-schema");
					assertThat(failure.getAction()).contains("'always'")
						.contains("dev/realtime/jdbc/schema-h2.sql")
						.contains("realtime.outbox.enabled=false");
				}));
	}

	@Test
	void tablesOfAnotherVersionAreRefused() {
		withDatabase().run((context) -> JdbcClient.create(context.getBean(DataSource.class))
			.sql("alter table realtime_outbox drop column attempts")
			.update());
		withDatabase().run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("not in the database, or of another version"));
	}

	@Test
	void theScriptCanBeRunByTheApplicationBefore() {
		withDatabase()
			.withPropertyValues("realtime.outbox.initialize-schema=never", "spring.sql.init.mode=always",
					"spring.sql.init.schema-locations=classpath:dev/realtime/jdbc/schema-h2.sql")
			.run((context) -> assertThat(guarantees(context).outbox()).isInstanceOf(JdbcOutbox.class));
	}

	@Test
	void aDatabaseThatDoesNotAnswerIsNamed() {
		withDatabase()
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
					"spring.datasource.hikari.connection-timeout=300")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidRealtimePropertyException.class)
				.hasMessageContaining("does not answer"));
	}

	@Test
	void ofSeveralDatabasesTheMarkedOneIsUsed() {
		runner().withUserConfiguration(MarkedConfiguration.class)
			.run((context) -> assertThat(dataSource(context)).isSameAs(context.getBean("marked")));
	}

	@Test
	void ofSeveralDatabasesThePrimaryOneIsUsed() {
		runner().withUserConfiguration(PrimaryConfiguration.class)
			.run((context) -> assertThat(dataSource(context)).isSameAs(context.getBean("first")));
	}

	@Test
	void ofSeveralDatabasesOfWhichNoneIsMarkedNoneIsUsed() {
		runner().withUserConfiguration(UnmarkedConfiguration.class)
			.run((context) -> assertThat(guarantees(context).outbox()).isNull());
	}

	private static DataSource dataSource(ApplicationContext context) {
		return ((JdbcOutbox) guarantees(context).outbox()).dataSource();
	}

	@ParameterizedTest
	@CsvSource({ "outbox,fail", "outbox,spill", "before-commit,fail", "before-commit,spill", "before-commit,local",
			"after-commit,spill", "after-commit,local" })
	void withAnOutboxThisIsPossible(String mode, String policy) {
		for (String property : new String[] { "outage-policy", "room.outage-policy",
				"namespaces.chat.outage-policy" }) {
			withFile()
				.withPropertyValues("realtime.publish.transactional=" + mode, "realtime.outage-policy=spill",
						"realtime." + property + "=" + policy)
				.run((context) -> assertThat(guarantees(context).mode())
					.isEqualTo(TransactionMode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_'))));
		}
	}

	@ParameterizedTest
	@CsvSource({ "outbox,local", "after-commit,fail" })
	void evenWithAnOutboxThisIsNotPossible(String mode, String policy) {
		for (String property : new String[] { "outage-policy", "room.outage-policy",
				"namespaces.chat.outage-policy" }) {
			refused(withFile().withPropertyValues("realtime.publish.transactional=" + mode,
					"realtime.outage-policy=spill", "realtime." + property + "=" + policy), property, policy);
		}
	}

	@ParameterizedTest
	@CsvSource({ "before-commit,fail", "before-commit,local", "after-commit,local" })
	void withoutAnOutboxThisIsPossible(String mode, String policy) {
		runner().withPropertyValues("realtime.publish.transactional=" + mode, "realtime.outage-policy=" + policy)
			.run((context) -> assertThat(guarantees(context).outbox()).isNull());
	}

	@ParameterizedTest
	@CsvSource({ "before-commit,spill", "after-commit,spill", "after-commit,fail" })
	void withoutAnOutboxThisIsNotPossible(String mode, String policy) {
		for (String property : new String[] { "outage-policy", "room.outage-policy",
				"namespaces.chat.outage-policy" }) {
			refused(runner().withPropertyValues("realtime.publish.transactional=" + mode,
					"realtime.outage-policy=local", "realtime." + property + "=" + policy), property, policy);
		}
	}

	@Test
	void withoutAnOutboxTheModeIsNotPossible() {
		refused(runner().withPropertyValues("realtime.publish.transactional=outbox"), "publish.transactional",
				"outbox");
		refused(runner().withPropertyValues("realtime.relay=local", "realtime.publish.transactional=outbox"),
				"publish.transactional", "outbox");
	}

	private static void refused(ApplicationContextRunner runner, String property, String value) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidRealtimePropertyException.class, (failure) -> {
				assertThat(failure.getProperty()).isEqualTo("realtime." + property);
				assertThat(failure.getValue()).hasToString(value);
			}));
	}

	private static DataSource database(Environment environment) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:file:" + environment.getProperty("test.directory") + "/database");
		dataSource.setUser("sa");
		return dataSource;
	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedConfiguration {

		@Bean
		@Primary
		DataSource first(Environment environment) {
			return database(environment);
		}

		@Bean
		@OutboxDataSource
		DataSource marked(Environment environment) {
			return database(environment);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryConfiguration {

		@Bean
		@Primary
		DataSource first(Environment environment) {
			return database(environment);
		}

		@Bean
		DataSource second(Environment environment) {
			return database(environment);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UnmarkedConfiguration {

		@Bean
		DataSource first(Environment environment) {
			return database(environment);
		}

		@Bean
		DataSource second(Environment environment) {
			return database(environment);
		}

	}

}
