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

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

import javax.sql.DataSource;

import dev.realtime.jdbc.FileOutbox;
import dev.realtime.jdbc.JdbcOutbox;
import dev.realtime.jdbc.OutboxDialect;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.jdbc.OutboxTables;
import dev.realtime.outbox.Outbox;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Finds out where publications can be kept: in a file, in the application's database if
 * that outlives the process, or nowhere.
 */
final class Outboxes implements AutoCloseable {

	private final OutboxProperties properties;

	private final String owner;

	private @Nullable FileOutbox file;

	Outboxes(OutboxProperties properties, String owner) {
		this.properties = properties;
		this.owner = owner;
	}

	/**
	 * Return the outbox.
	 * @param dataSource the application's database, or {@code null} if it has none, or
	 * several of which none is marked
	 * @return the outbox, or {@code null} if there is none
	 */
	@Nullable Outbox find(@Nullable DataSource dataSource) {
		if (!this.properties.isEnabled()) {
			return null;
		}
		if (StringUtils.hasText(this.properties.getPath())) {
			this.file = new FileOutbox(this.properties.getPath(), limits(), this.owner);
			return this.file.outbox();
		}
		return (dataSource != null && !isInMemory(dataSource)) ? inDatabase(dataSource) : null;
	}

	private OutboxLimits limits() {
		return new OutboxLimits(this.properties.getMaxMessages(), this.properties.getMaxSize().toBytes(),
				bytes(this.properties.getMaxMessageSize()), this.properties.getLease(),
				this.properties.getMaxAttempts());
	}

	private static int bytes(DataSize size) {
		return Math.toIntExact(size.toBytes());
	}

	/** What is gone with the process keeps nothing. */
	private static boolean isInMemory(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			String url = String.valueOf(connection.getMetaData().getURL()).toLowerCase(Locale.ROOT);
			return url.contains(":mem:") || url.startsWith("jdbc:derby:memory:");
		}
		catch (SQLException ex) {
			throw new InvalidRealtimePropertyException("realtime.outbox.enabled", true,
					"The database that publications are to be stored in does not answer: " + ex.getMessage(),
					"Start the database, or set realtime.outbox.enabled=false.");
		}
	}

	private Outbox inDatabase(DataSource dataSource) {
		OutboxDialect dialect = dialect(dataSource);
		OutboxTables tables = new OutboxTables(dataSource, dialect);
		boolean embedded = dialect == OutboxDialect.H2;
		if (this.properties.getInitializeSchema() == OutboxProperties.Initialization.ALWAYS
				|| (embedded && this.properties.getInitializeSchema() == OutboxProperties.Initialization.EMBEDDED)) {
			tables.create();
		}
		if (!tables.exist()) {
			throw new InvalidRealtimePropertyException("realtime.outbox.initialize-schema",
					this.properties.getInitializeSchema().name().toLowerCase(Locale.ROOT),
					"The tables of the outbox are not in the database, or of another version",
					"Set it to 'always'; or run the script " + dialect.schema()
							+ " by Flyway, Liquibase or hand; or set realtime.outbox.enabled=false.");
		}
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return new JdbcOutbox(dataSource, transaction, dialect, limits(), this.owner, true);
	}

	private static OutboxDialect dialect(DataSource dataSource) {
		try {
			return OutboxDialect.of(dataSource);
		}
		catch (IllegalStateException ex) {
			throw new InvalidRealtimePropertyException("realtime.outbox.enabled", true, String.valueOf(ex.getMessage()),
					"Set realtime.outbox.path to keep publications in a file, or realtime.outbox.enabled=false.");
		}
	}

	@Override
	public void close() {
		if (this.file != null) {
			this.file.close();
		}
	}

}
