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

import java.sql.DatabaseMetaData;
import java.util.Locale;

import javax.sql.DataSource;

import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * What the databases say differently.
 *
 * @since 0.1.0
 */
public enum OutboxDialect {

	/** H2. */
	H2("datediff(millisecond, timestamp with time zone '1970-01-01 00:00:00+00', current_timestamp)"),

	/** PostgreSQL. */
	POSTGRESQL("cast(extract(epoch from clock_timestamp()) * 1000 as bigint)"),

	/** MySQL. */
	MYSQL("floor(unix_timestamp(now(3)) * 1000)"),

	/** MariaDB. */
	MARIADB("floor(unix_timestamp(now(3)) * 1000)");

	private final String now;

	OutboxDialect(String now) {
		this.now = now;
	}

	/**
	 * Return the dialect of a database.
	 * @param dataSource the database
	 * @return its dialect
	 * @throws IllegalStateException if it is not known, or does not answer
	 */
	public static OutboxDialect of(DataSource dataSource) {
		String product;
		try {
			product = JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
		}
		catch (MetaDataAccessException ex) {
			throw new IllegalStateException("The database of the outbox does not answer", ex);
		}
		for (OutboxDialect dialect : values()) {
			if (dialect.name().equalsIgnoreCase(product)) {
				return dialect;
			}
		}
		throw new IllegalStateException("The outbox knows H2, PostgreSQL, MySQL and MariaDB, not " + product);
	}

	/**
	 * Return the time by the clock of the database, in milliseconds since 1970.
	 */
	String now() {
		return this.now;
	}

	/**
	 * Return where the script is that creates the tables.
	 * @return a resource on the class path
	 */
	public String schema() {
		return "dev/realtime/jdbc/schema-" + name().toLowerCase(Locale.ROOT) + ".sql";
	}

}
