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

package dev.realtime.sample;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;

/**
 * What has been said, in the database.
 */
@Repository
class MessageStore {

	private final JdbcClient jdbc;

	MessageStore(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	ChatMessage add(String room, @Nullable String from, String text) {
		Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		KeyHolder key = new GeneratedKeyHolder();
		this.jdbc.sql("insert into message (room, sender, text, sent_at) values (:room, :from, :text, :at)")
			.param("room", room)
			.param("from", from)
			.param("text", text)
			.param("at", at.atOffset(ZoneOffset.UTC))
			.update(key, "id");
		return new ChatMessage(Objects.requireNonNull(key.getKey()).longValue(), from, text, at);
	}

	String topic(String room) {
		return this.jdbc.sql("select topic from room where name = :room")
			.param("room", room)
			.query(String.class)
			.optional()
			.orElse("");
	}

	/**
	 * Return the rooms that have a topic, and then others in which something has been
	 * said.
	 */
	List<StoredRoom> rooms() {
		return this.jdbc.sql("""
				select id, name, topic, (select count(*) from message where room = name) as messages from room
				union all
				select null, room, '', count(*) from message where room not in (select name from room) group by room
				order by id nulls last, name limit 50
				""").query(StoredRoom.class).list();
	}

	/**
	 * A room in the database.
	 */
	record StoredRoom(String name, String topic, long messages) {

	}

}
