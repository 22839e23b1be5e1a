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

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import dev.realtime.outbox.OutboxMessage;

import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;

/**
 * Inserts messages: many at once if there are many.
 */
final class OutboxInserts {

	private static final String[] KEYS = { "id" };

	private final JdbcTemplate jdbc;

	private final String sql;

	OutboxInserts(DataSource dataSource, OutboxDialect dialect) {
		this.jdbc = new JdbcTemplate(dataSource);
		this.sql = "insert into realtime_outbox (room, message_id, body, size, created_at) values (?, ?, ?, ?, "
				+ dialect.now() + ")";
	}

	/**
	 * Insert messages.
	 * @return their rows, in their order
	 */
	List<Long> insert(List<OutboxMessage> messages) {
		KeyHolder keys = new GeneratedKeyHolder();
		if (messages.size() == 1) {
			this.jdbc.update((connection) -> {
				PreparedStatement statement = connection.prepareStatement(this.sql, KEYS);
				set(statement, messages.get(0));
				return statement;
			}, keys);
		}
		else {
			this.jdbc.batchUpdate((connection) -> connection.prepareStatement(this.sql, KEYS), new Batch(messages),
					keys);
		}
		return keys.getKeyList().stream().map((row) -> ((Number) row.values().iterator().next()).longValue()).toList();
	}

	private static void set(PreparedStatement statement, OutboxMessage message) throws SQLException {
		statement.setString(1, message.room());
		statement.setString(2, message.id());
		statement.setBytes(3, message.body());
		statement.setInt(4, message.body().length);
	}

	/**
	 * Sets the values of one message after the other.
	 */
	private record Batch(List<OutboxMessage> messages) implements BatchPreparedStatementSetter {

		@Override
		public void setValues(PreparedStatement statement, int index) throws SQLException {
			set(statement, this.messages.get(index));
		}

		@Override
		public int getBatchSize() {
			return this.messages.size();
		}

	}

}
