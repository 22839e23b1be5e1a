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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.realtime.OutboxBacklog;
import dev.realtime.ParkedMessage;
import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import dev.realtime.outbox.OutboxMessage;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An outbox in two tables of a database: the messages, and who works off which room. All
 * times are of the database's clock, so that those of the nodes need not agree. What is
 * not part of the caller's transaction is done in one of its own, so that it does not
 * matter whether connections commit by themselves.
 *
 * @since 0.1.0
 */
public final class JdbcOutbox implements Outbox {

	/** Whoever looks after what is left behind has this lease. */
	private static final String SWEEP = "*sweep*";

	private static final int TEXT_LENGTH = 255;

	/** How many bytes are read at a time, if it is more than one message. */
	private static final long READ_BYTES = 4L * 1024 * 1024;

	private final DataSource dataSource;

	private final JdbcClient jdbc;

	private final OutboxInserts inserts;

	private final TransactionOperations transaction;

	private final OutboxDialect dialect;

	private final OutboxLimits limits;

	private final OutboxGauge gauge;

	private final String owner;

	private final boolean shared;

	/**
	 * Create an outbox.
	 * @param dataSource the database
	 * @param transaction runs something in a transaction of its own on that database
	 * @param dialect the database's dialect
	 * @param limits the bounds
	 * @param owner the name of this node, different from that of all others, also from
	 * what it was called before it was started again
	 * @param shared whether transactions of the application may be on this database
	 */
	public JdbcOutbox(DataSource dataSource, TransactionOperations transaction, OutboxDialect dialect,
			OutboxLimits limits, String owner, boolean shared) {
		this.dataSource = target(dataSource);
		this.jdbc = JdbcClient.create(this.dataSource);
		this.inserts = new OutboxInserts(this.dataSource, dialect);
		this.transaction = transaction;
		this.dialect = dialect;
		this.limits = limits;
		this.gauge = new OutboxGauge(limits, this::backlog);
		this.owner = owner;
		this.shared = shared;
	}

	/** Transaction managers know the one behind the proxy. */
	private static DataSource target(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return (target != null) ? target : dataSource;
	}

	/**
	 * That there is a connection is not enough: whoever uses the database in a
	 * transaction of something else also leaves one, which commits by itself.
	 */
	@Override
	public boolean isInTransaction() {
		if (!this.shared || !TransactionSynchronizationManager.isActualTransactionActive()
				|| TransactionSynchronizationManager.isCurrentTransactionReadOnly()
				|| !TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return false;
		}
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return !connection.getAutoCommit();
		}
		catch (SQLException ex) {
			throw new OutboxException("The database does not answer: " + ex.getMessage(), ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	@Override
	public List<Long> store(List<OutboxMessage> messages) {
		try {
			return inTransaction(() -> {
				check(messages);
				return this.inserts.insert(messages);
			});
		}
		catch (DataAccessException | TransactionException ex) {
			throw new OutboxException("The publication could not be stored: " + ex.getMessage(), ex);
		}
	}

	/** In that of the caller, if there is one, else in one of its own. */
	private <T> T inTransaction(Supplier<T> action) {
		return isInTransaction() ? action.get() : own(action);
	}

	private <T> T own(Supplier<T> action) {
		return Objects.requireNonNull(this.transaction.execute((status) -> action.get()));
	}

	private void check(List<OutboxMessage> messages) {
		long bytes = 0;
		for (OutboxMessage message : messages) {
			bytes += message.body().length;
			if (this.limits.maxMessageBytes() > 0 && message.body().length > this.limits.maxMessageBytes()) {
				throw new OutboxException("The publication is larger than realtime.outbox.max-message-size", null);
			}
			if (message.id().length() > TEXT_LENGTH) {
				throw new OutboxException("The id of the publication is longer than " + TEXT_LENGTH, null);
			}
		}
		this.gauge.add(messages.size(), bytes);
	}

	@Override
	public boolean claim(String room) {
		return renew(room, this.limits.lease()) || take(room, this.limits.lease());
	}

	@Override
	public Duration lease() {
		return this.limits.lease();
	}

	private boolean renew(String name, Duration time) {
		String now = this.dialect.now();
		return own(() -> this.jdbc
			.sql("update realtime_outbox_lease set owner = ?, expires_at = " + now
					+ " + ? where name = ? and (owner = ? or expires_at < " + now + ")")
			.params(this.owner, time.toMillis(), name, this.owner)
			.update()) > 0;
	}

	/** Whoever comes second finds the row or, at the same moment, gets an error. */
	private boolean take(String name, Duration time) {
		String now = this.dialect.now();
		try {
			return own(() -> this.jdbc
				.sql("insert into realtime_outbox_lease (name, owner, expires_at) select ?, ?, " + now
						+ " + ? from (select 1 as one) as one_row where not exists "
						+ "(select 1 from realtime_outbox_lease where name = ?)")
				.params(name, this.owner, time.toMillis(), name)
				.update()) > 0;
		}
		catch (DuplicateKeyException | ConcurrencyFailureException ex) {
			return false;
		}
	}

	@Override
	public void release(String room) {
		own(() -> this.jdbc.sql("delete from realtime_outbox_lease where name = ? and owner = ?")
			.params(room, this.owner)
			.update());
	}

	@Override
	public List<OutboxMessage> read(String room, int limit) {
		return own(() -> {
			long last = last(room, limit);
			return (last == 0) ? List.of()
					: this.jdbc
						.sql("select id, room, message_id, body from realtime_outbox "
								+ "where parked = 0 and room = ? and id <= ? order by id limit " + limit)
						.params(room, last)
						.query((result, index) -> new OutboxMessage(result.getLong(1), result.getString(2),
								result.getString(3), result.getBytes(4)))
						.list();
		});
	}

	/** Return up to which row messages can be read without filling the memory. */
	private long last(String room, int limit) {
		long last = 0;
		long bytes = 0;
		List<long[]> rows = this.jdbc
			.sql("select id, size from realtime_outbox where parked = 0 and room = ? order by id limit " + limit)
			.param(room)
			.query((result, index) -> new long[] { result.getLong(1), result.getLong(2) })
			.list();
		for (long[] row : rows) {
			bytes += row[1];
			if (last > 0 && bytes > READ_BYTES) {
				break;
			}
			last = row[0];
		}
		return last;
	}

	@Override
	public void remove(Collection<Long> rows) {
		if (!rows.isEmpty()) {
			own(() -> this.jdbc.sql("delete from realtime_outbox where id in (:rows)").param("rows", rows).update());
			this.gauge.remove(rows.size());
		}
	}

	@Override
	public boolean remove(String room, Collection<Long> rows) {
		int removed = own(() -> this.jdbc.sql("delete from realtime_outbox where id in (:rows) and " + claimed())
			.param("rows", rows)
			.param("room", room)
			.param("owner", this.owner)
			.update());
		this.gauge.remove(removed);
		return removed > 0;
	}

	/** The fence: whoever has lost the room changes nothing any more. */
	private String claimed() {
		return "exists (select 1 from realtime_outbox_lease l where l.name = :room and l.owner = :owner "
				+ "and l.expires_at >= " + this.dialect.now() + ")";
	}

	@Override
	public boolean fail(OutboxMessage message, String reason) {
		String text = (reason.length() > TEXT_LENGTH) ? reason.substring(0, TEXT_LENGTH) : reason;
		return own(() -> this.jdbc
			.sql("update realtime_outbox set parked = case when attempts + 1 >= :most then 1 else 0 end, "
					+ "failure = :reason, attempts = attempts + 1 where id = :row and " + claimed())
			.param("most", this.limits.maxAttempts())
			.param("reason", text)
			.param("row", message.row())
			.param("room", message.room())
			.param("owner", this.owner)
			.update() > 0 && isParked(message.row()));
	}

	private boolean isParked(long row) {
		return this.jdbc.sql("select parked from realtime_outbox where id = ?")
			.param(row)
			.query(Integer.class)
			.optional()
			.orElse(0) == 1;
	}

	@Override
	public int retryParked() {
		return inTransaction(
				() -> this.jdbc.sql("update realtime_outbox set parked = 0, attempts = 0 where parked = 1").update());
	}

	@Override
	public int retryParked(Collection<Long> rows) {
		return rows.isEmpty() ? 0
				: inTransaction(() -> this.jdbc
					.sql("update realtime_outbox set parked = 0, attempts = 0 where parked = 1 and id in (:rows)")
					.param("rows", rows)
					.update());
	}

	@Override
	public int discardParked(Collection<Long> rows) {
		int removed = rows.isEmpty() ? 0
				: inTransaction(() -> this.jdbc.sql("delete from realtime_outbox where parked = 1 and id in (:rows)")
					.param("rows", rows)
					.update());
		this.gauge.remove(removed);
		return removed;
	}

	@Override
	public List<ParkedMessage> parked(int limit) {
		return inTransaction(() -> this.jdbc
			.sql("select id, room, message_id, size, created_at, attempts, failure from realtime_outbox "
					+ "where parked = 1 order by id limit " + limit)
			.query((result, index) -> new ParkedMessage(result.getLong(1), result.getString(2), result.getString(3),
					result.getInt(4), Instant.ofEpochMilli(result.getLong(5)), result.getInt(6),
					String.valueOf(result.getString(7))))
			.list());
	}

	@Override
	public List<String> sweep(Duration interval) {
		if (!this.shared) {
			return own(() -> this.jdbc.sql("select distinct room from realtime_outbox where parked = 0")
				.query(String.class)
				.list());
		}
		Duration time = interval.plus(interval.dividedBy(2));
		return (interval.isZero() || renew(SWEEP, time) || take(SWEEP, time)) ? abandoned() : List.of();
	}

	private List<String> abandoned() {
		String now = this.dialect.now();
		return own(() -> this.jdbc
			.sql("select distinct room from realtime_outbox o where parked = 0 and created_at < " + now
					+ " - ? and not exists (select 1 from realtime_outbox_lease l where l.name = o.room "
					+ "and l.expires_at >= " + now + ")")
			.param(this.limits.lease().toMillis())
			.query(String.class)
			.list());
	}

	@Override
	public OutboxBacklog backlog() {
		return inTransaction(() -> this.jdbc
			.sql("select count(*) - coalesce(sum(parked), 0), coalesce(sum(size * (1 - parked)), 0), coalesce("
					+ this.dialect.now() + " - min(case when parked = 0 then created_at end), 0), "
					+ "coalesce(sum(parked), 0) from realtime_outbox")
			.query((result, index) -> new OutboxBacklog(result.getLong(1), result.getLong(2),
					Math.max(result.getLong(3), 0), result.getLong(4)))
			.single());
	}

	/**
	 * Return the database.
	 * @return the data source
	 */
	public DataSource dataSource() {
		return this.dataSource;
	}

}
