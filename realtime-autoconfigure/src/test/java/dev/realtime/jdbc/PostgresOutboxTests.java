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

import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdbcOutbox} with PostgreSQL.
 */
@Tag("fault")
class PostgresOutboxTests extends JdbcOutboxContract {

	private static DatabaseServer server;

	@BeforeAll
	static void startServer() {
		server = DatabaseServer.postgresql().start();
	}

	@AfterAll
	static void stopServer() {
		if (server != null) {
			server.close();
		}
	}

	@Override
	String url() {
		return server.url();
	}

	@Override
	String user() {
		return server.user();
	}

	@Test
	void roomsAreReadByTheIndex() {
		for (int room = 0; room < 100; room++) {
			outbox("a").store(messages("chat:" + room, 0, 100));
		}
		jdbc().execute("analyze realtime_outbox");
		assertThat(
				plan("select id, size from realtime_outbox where parked = 0 and room = 'chat:7' order by id limit 200"))
			.contains("realtime_outbox_room")
			.doesNotContain("Seq Scan");
		assertThat(plan("delete from realtime_outbox where id in (1, 2, 3)")).contains("realtime_outbox_pkey");
	}

	private String plan(String sql) {
		List<String> lines = jdbc().queryForList("explain " + sql, String.class);
		return String.join("\n", lines);
	}

}
