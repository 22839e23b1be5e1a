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

import javax.sql.DataSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The tables of the outbox.
 *
 * @since 0.1.0
 */
public final class OutboxTables {

	private final DataSource dataSource;

	private final OutboxDialect dialect;

	/**
	 * Create a look at the tables of a database.
	 * @param dataSource the database
	 * @param dialect its dialect
	 */
	public OutboxTables(DataSource dataSource, OutboxDialect dialect) {
		this.dataSource = dataSource;
		this.dialect = dialect;
	}

	/**
	 * Create the tables, unless they are there.
	 */
	public void create() {
		new ResourceDatabasePopulator(new ClassPathResource(this.dialect.schema())).execute(this.dataSource);
	}

	/**
	 * Return whether the tables are there, and as this version needs them.
	 * @return {@code true} if they are
	 */
	public boolean exist() {
		JdbcClient jdbc = JdbcClient.create(this.dataSource);
		try {
			jdbc.sql("select id, room, message_id, body, size, created_at, attempts, parked, failure "
					+ "from realtime_outbox where 1 = 0")
				.query()
				.listOfRows();
			jdbc.sql("select name, owner, expires_at from realtime_outbox_lease where 1 = 0").query().listOfRows();
			return true;
		}
		catch (DataAccessException ex) {
			return false;
		}
	}

}
