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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.outbox.Outbox;
import dev.realtime.outbox.OutboxMessage;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FileOutbox}: what every outbox must do.
 */
class FileOutboxContractTests extends OutboxContract {

	@TempDir
	private Path directory;

	private final List<FileOutbox> open = new ArrayList<>();

	@AfterEach
	void closeAll() {
		this.open.forEach(FileOutbox::close);
	}

	@Override
	Outbox outbox(String owner, OutboxLimits limits) {
		FileOutbox outbox = new FileOutbox(this.directory.resolve("outbox").toString(), limits, owner);
		this.open.add(outbox);
		return outbox.outbox();
	}

	@Override
	JdbcTemplate jdbc() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:file:" + this.directory.resolve("outbox"));
		dataSource.setUser("sa");
		dataSource.setPassword("");
		return new JdbcTemplate(dataSource);
	}

	/** Nobody else can look after what is in the file, however fresh it is. */
	@Override
	@Test
	void sweepFindsWhatNobodyLooksAfter() {
		Outbox outbox = outbox("a");
		outbox.store(List.of(new OutboxMessage(0, "chat:a", "1", new byte[] { 1 })));
		assertThat(outbox.sweep(Duration.ofSeconds(30))).containsExactly("chat:a");
	}

	@Override
	@Test
	void oneNodeSweepsUntilItIsGone() {
		Outbox outbox = outbox("a");
		outbox.store(List.of(new OutboxMessage(0, "chat:a", "1", new byte[] { 1 })));
		assertThat(outbox.sweep(Duration.ofSeconds(30))).isEqualTo(outbox.sweep(Duration.ofSeconds(30)));
	}

	/** Whoever opens the file is the only one. */
	@Override
	@Test
	void aClaimIsRenewed() {
		assertThat(outbox("a").claim("chat:a")).isTrue();
		assertThat(outbox("b").claim("chat:a")).isTrue();
	}

}
