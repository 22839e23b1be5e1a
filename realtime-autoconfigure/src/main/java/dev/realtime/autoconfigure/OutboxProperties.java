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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Where publications are kept that the broker cannot take: {@code realtime.outbox.*}.
 *
 * @since 0.1.0
 */
public class OutboxProperties {

	/**
	 * Whether there is an outbox if there is a broker and somewhere to keep it.
	 */
	private boolean enabled = true;

	/**
	 * File of an H2 database for the outbox, without extension. The application's own
	 * database is used if it is not set.
	 */
	private @Nullable String path;

	/**
	 * When the tables are created.
	 */
	private Initialization initializeSchema = Initialization.EMBEDDED;

	/**
	 * Number of messages that may wait; 0 for no limit.
	 */
	private long maxMessages = 1_000_000;

	/**
	 * Size of all messages that may wait; 0 for no limit.
	 */
	private DataSize maxSize = DataSize.ofMegabytes(512);

	/**
	 * Size of one message; 0 for no limit.
	 */
	private DataSize maxMessageSize = DataSize.ofMegabytes(1);

	/**
	 * How long a node works off a room before others may.
	 */
	private Duration lease = Duration.ofSeconds(10);

	/**
	 * Number of attempts after which a message that the broker refuses is parked.
	 */
	private int maxAttempts = 5;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getPath() {
		return this.path;
	}

	public void setPath(@Nullable String path) {
		this.path = path;
	}

	public Initialization getInitializeSchema() {
		return this.initializeSchema;
	}

	public void setInitializeSchema(Initialization initializeSchema) {
		this.initializeSchema = initializeSchema;
	}

	public long getMaxMessages() {
		return this.maxMessages;
	}

	public void setMaxMessages(long maxMessages) {
		this.maxMessages = maxMessages;
	}

	public DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(DataSize maxSize) {
		this.maxSize = maxSize;
	}

	public DataSize getMaxMessageSize() {
		return this.maxMessageSize;
	}

	public void setMaxMessageSize(DataSize maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	public Duration getLease() {
		return this.lease;
	}

	public void setLease(Duration lease) {
		this.lease = lease;
	}

	public int getMaxAttempts() {
		return this.maxAttempts;
	}

	public void setMaxAttempts(int maxAttempts) {
		this.maxAttempts = maxAttempts;
	}

	/**
	 * When tables are created.
	 */
	public enum Initialization {

		/** At every start, unless they are there. */
		ALWAYS,

		/** In a database that lives in this process. */
		EMBEDDED,

		/** Never. */
		NEVER

	}

}
