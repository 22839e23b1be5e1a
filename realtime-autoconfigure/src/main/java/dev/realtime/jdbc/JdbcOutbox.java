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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxBacklog;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An outbox in two tables of a database: the messages, and who works off which room. All
 * times are of the database's clock, so that those of the nodes need not agree.
 *
 * @since 0.1.0
 */
public final class JdbcOutbox implements Outbox {

	/** Whoever looks after what is left behind has this lease. */
	private static final String SWEEP = "*sweep*";

	private static final int REASON_LENGTH = 255;

	/** How old the count of what waits may be. */
	private static final long COUNT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final DataSource dataSource;

	private final JdbcClient jdbc;

	private final TransactionOperations transaction;

	private final OutboxDialect dialect;

	private final OutboxLimits limits;

	private final String owner;

	private final boolean shared;

	private volatile OutboxBacklog counted = OutboxBacklog.NONE;

	private volatile long countedAt = System.nanoTime() - COUNT_NANOS;

	/**
	 * Create an outbox.
	 * @param dataSource the database
	 * @param transaction runs something in a transaction of its own on that database
	 * @param dialect the database's dialect
	 * @param limits the bounds
	 * @param owner the name of this node, different from that of all others
	 * @param shared whether transactions of the application and other nodes may be on
	 * this database
	 */
	public JdbcOutbox(DataSource dataSource, TransactionOperations transaction, OutboxDialect dialect,
			OutboxLimits limits, String owner, boolean shared) {
		this.dataSource = dataSource;
		this.jdbc = JdbcClient.create(dataSource);
		this.transaction = transaction;
		this.dialect = dialect;
		this.limits = limits;
		this.owner = owner;
		this.shared = shared;
	}

	@Override
	public boolean isInTransaction() {
		return this.shared && TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.hasResource(this.dataSource);
	}

	@Override
	public List<Long> store(List<OutboxMessage> messages) {
		check(messages);
		try {
			if (isInTransaction()) {
				return insert(messages);
			}
			List<Long> rows = this.transaction.execute((status) -> insert(messages));
			return (rows != null) ? rows : List.of();
		}
		catch (DataAccessException | TransactionException ex) {
			throw new OutboxException("The publication could not be stored: " + ex.getMessage(), ex);
		}
	}

	private void check(List<OutboxMessage> messages) {
		OutboxBacklog backlog = recentBacklog();
		long bytes = 0;
		for (OutboxMessage message : messages) {
			bytes += message.body().length;
			if (this.limits.maxMessageBytes() > 0 && message.body().length > this.limits.maxMessageBytes()) {
				throw new OutboxException("The publication is larger than realtime.outbox.max-message-size", null);
			}
		}
		boolean many = this.limits.maxMessages() > 0
				&& backlog.messages() + messages.size() > this.limits.maxMessages();
		boolean large = this.limits.maxBytes() > 0 && backlog.bytes() + bytes > this.limits.maxBytes();
		if (many || large) {
			throw new OutboxException("The outbox is full", null);
		}
	}

	private OutboxBacklog recentBacklog() {
		if (System.nanoTime() - this.countedAt >= COUNT_NANOS) {
			this.countedAt = System.nanoTime();
			this.counted = backlog();
		}
		return this.counted;
	}

	private List<Long> insert(List<OutboxMessage> messages) {
		List<Long> rows = new ArrayList<>(messages.size());
		for (OutboxMessage message : messages) {
			KeyHolder keys = new GeneratedKeyHolder();
			this.jdbc
				.sql("insert into realtime_outbox (room, message_id, body, size, created_at) values (?, ?, ?, ?, "
						+ this.dialect.now() + ")")
				.params(message.room(), message.id(), message.body(), message.body().length)
				.update(keys, "id");
			Number key = keys.getKey();
			rows.add((key != null) ? key.longValue() : 0);
		}
		return rows;
	}

	@Override
	public boolean claim(String room) {
		return lease(room, this.limits.lease().toMillis());
	}

	private boolean lease(String name, long millis) {
		String now = this.dialect.now();
		int updated = this.jdbc
			.sql("update realtime_outbox_lease set owner = ?, expires_at = " + now
					+ " + ? where name = ? and (owner = ? or expires_at < " + now + ")")
			.params(this.owner, millis, name, this.owner)
			.update();
		if (updated > 0) {
			return true;
		}
		try {
			return this.jdbc
				.sql("insert into realtime_outbox_lease (name, owner, expires_at) select ?, ?, " + now
						+ " + ? from (select 1 as one) as dual where not exists "
						+ "(select 1 from realtime_outbox_lease where name = ?)")
				.params(name, this.owner, millis, name)
				.update() > 0;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	@Override
	public void release(String room) {
		this.jdbc.sql("delete from realtime_outbox_lease where name = ? and owner = ?")
			.params(room, this.owner)
			.update();
	}

	@Override
	public List<OutboxMessage> read(String room, int limit) {
		return this.jdbc.sql(
				"select id, room, message_id, body from realtime_outbox where parked = 0 and room = ? order by id limit "
						+ limit)
			.param(room)
			.query((result, index) -> new OutboxMessage(result.getLong(1), result.getString(2), result.getString(3),
					result.getBytes(4)))
			.list();
	}

	@Override
	public void remove(Collection<Long> rows) {
		this.jdbc.sql("delete from realtime_outbox where id in (:rows)").param("rows", rows).update();
	}

	@Override
	public boolean fail(long row, String reason) {
		String text = (reason.length() > REASON_LENGTH) ? reason.substring(0, REASON_LENGTH) : reason;
		this.jdbc
			.sql("update realtime_outbox set parked = case when attempts + 1 >= ? then 1 else 0 end, failure = ?, "
					+ "attempts = attempts + 1 where id = ?")
			.params(this.limits.maxAttempts(), text, row)
			.update();
		return this.jdbc.sql("select parked from realtime_outbox where id = ?")
			.param(row)
			.query(Integer.class)
			.optional()
			.orElse(1) == 1;
	}

	@Override
	public int retryParked() {
		return this.jdbc.sql("update realtime_outbox set parked = 0, attempts = 0 where parked = 1").update();
	}

	@Override
	public List<String> sweep() {
		if (!this.shared) {
			return this.jdbc.sql("select distinct room from realtime_outbox where parked = 0")
				.query(String.class)
				.list();
		}
		long lease = this.limits.lease().toMillis();
		if (!lease(SWEEP, lease * 4)) {
			return List.of();
		}
		String now = this.dialect.now();
		return this.jdbc.sql("select distinct room from realtime_outbox o where parked = 0 and created_at < " + now
				+ " - ? and not exists (select 1 from realtime_outbox_lease l where l.name = o.room and l.expires_at >= "
				+ now + ")")
			.param(lease)
			.query(String.class)
			.list();
	}

	@Override
	public OutboxBacklog backlog() {
		Map<String, Object> row = this.jdbc
			.sql("select count(*) as messages, coalesce(sum(size), 0) as bytes, coalesce(" + this.dialect.now()
					+ " - min(created_at), 0) as age, coalesce(sum(parked), 0) as parked from realtime_outbox")
			.query()
			.singleRow();
		return new OutboxBacklog(number(row, "messages"), number(row, "bytes"), Math.max(number(row, "age"), 0),
				number(row, "parked"));
	}

	private static long number(Map<String, Object> row, String name) {
		return (row.get(name) instanceof Number number) ? number.longValue() : 0;
	}

	/**
	 * Return the database.
	 * @return the data source
	 */
	public DataSource dataSource() {
		return this.dataSource;
	}

}
