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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;

import javax.sql.DataSource;

import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.h2.jdbcx.JdbcConnectionPool;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * An outbox in a file of its own, for applications without a database. What is stored is
 * on the disk when the call returns. One process can open the file at a time.
 *
 * @since 0.1.0
 */
public final class FileOutbox implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(FileOutbox.class);

	/** Without a file for its own trace, which would show what is stored. */
	private static final String SETTINGS = ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=2000;TRACE_LEVEL_FILE=0";

	private static final int CONNECTIONS = 8;

	/** What H2 says of a file that is locked. */
	private static final int ALREADY_OPEN = 90020;

	private final JdbcConnectionPool pool;

	private final JdbcOutbox outbox;

	/**
	 * Open the file, which is created if there is none.
	 * @param path the path of the file, without extension
	 * @param limits the bounds
	 * @param owner the name of this node
	 * @throws OutboxException if it cannot be opened
	 */
	public FileOutbox(String path, OutboxLimits limits, String owner) {
		Path file = Path.of(path).toAbsolutePath();
		prepare(file);
		this.pool = JdbcConnectionPool.create("jdbc:h2:file:" + file + SETTINGS, "sa", "");
		this.pool.setMaxConnections(CONNECTIONS);
		try (Connection connection = this.pool.getConnection()) {
			DataSource single = new SingleConnectionDataSource(connection, true);
			new OutboxTables(single, OutboxDialect.H2).create();
			// They are of whoever had the file before
			JdbcClient.create(single).sql("delete from realtime_outbox_lease").update();
		}
		catch (SQLException | DataAccessException ex) {
			this.pool.dispose();
			throw new OutboxException("The outbox " + file + " cannot be opened: " + reason(ex), ex);
		}
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.pool));
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.outbox = new JdbcOutbox(this.pool, transaction, OutboxDialect.H2, limits, owner, false);
	}

	private static String reason(Exception failure) {
		boolean locked = failure instanceof SQLException ex && ex.getErrorCode() == ALREADY_OPEN;
		return locked ? "another process has opened it" : String.valueOf(failure.getMessage());
	}

	/** Nobody else is to read what waits. */
	private static void prepare(Path file) {
		if (file.toString().contains(";")) {
			throw new OutboxException("The path of the outbox must not contain a semicolon: " + file, null);
		}
		Path directory = Objects.requireNonNull(file.getParent(), "no directory");
		Path database = file.resolveSibling(file.getFileName() + ".mv.db");
		boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
		try {
			if (!Files.exists(directory)) {
				Files.createDirectories(directory);
				if (posix) {
					Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
				}
			}
			if (posix) {
				protect(directory, database);
			}
		}
		catch (IOException ex) {
			throw new OutboxException("The outbox " + file + " cannot be created: " + ex, ex);
		}
	}

	private static void protect(Path directory, Path database) throws IOException {
		Set<PosixFilePermission> mine = PosixFilePermissions.fromString("rw-------");
		if (Files.exists(database)) {
			Files.setPosixFilePermissions(database, mine);
		}
		else {
			Files.createFile(database, PosixFilePermissions.asFileAttribute(mine));
		}
		if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_READ)) {
			logger.warn("The directory of the outbox can be read by everybody: " + directory);
		}
	}

	/**
	 * Return what is in the file.
	 * @return the outbox
	 */
	public Outbox outbox() {
		return this.outbox;
	}

	@Override
	public void close() {
		this.pool.dispose();
	}

}
