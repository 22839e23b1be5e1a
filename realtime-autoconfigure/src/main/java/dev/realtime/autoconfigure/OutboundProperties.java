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
 * What may wait to be sent: {@code realtime.outbound.*}.
 *
 * @since 0.1.0
 */
public class OutboundProperties {

	/**
	 * Size of what may wait to be sent to one session before it is disconnected as too
	 * slow; 0 for no limit.
	 */
	private DataSize maxSize = DataSize.ofMegabytes(1);

	/**
	 * Number of messages that may wait to be sent to one session before it is
	 * disconnected as too slow; 0 for no limit.
	 */
	private int maxMessages = 10_000;

	/**
	 * Size up to which waiting messages are joined to one frame.
	 */
	private DataSize batchSize = DataSize.ofKilobytes(60);

	/**
	 * How long one write may take before the session is disconnected as too slow.
	 */
	private Duration sendTimeLimit = Duration.ofSeconds(15);

	/**
	 * Size of what may wait to be sent to all sessions of this node together before the
	 * slowest are disconnected; 0 for no limit. A quarter of the maximum heap if not set.
	 */
	private @Nullable DataSize maxNodeSize;

	public DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(DataSize maxSize) {
		this.maxSize = maxSize;
	}

	public int getMaxMessages() {
		return this.maxMessages;
	}

	public void setMaxMessages(int maxMessages) {
		this.maxMessages = maxMessages;
	}

	public DataSize getBatchSize() {
		return this.batchSize;
	}

	public void setBatchSize(DataSize batchSize) {
		this.batchSize = batchSize;
	}

	public Duration getSendTimeLimit() {
		return this.sendTimeLimit;
	}

	public void setSendTimeLimit(Duration sendTimeLimit) {
		this.sendTimeLimit = sendTimeLimit;
	}

	public @Nullable DataSize getMaxNodeSize() {
		return this.maxNodeSize;
	}

	public void setMaxNodeSize(@Nullable DataSize maxNodeSize) {
		this.maxNodeSize = maxNodeSize;
	}

}
