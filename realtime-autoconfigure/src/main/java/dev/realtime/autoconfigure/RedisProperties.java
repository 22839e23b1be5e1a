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

/**
 * How the relay uses Redis: {@code realtime.redis.*}. Where Redis is stands in
 * {@code spring.data.redis.*}.
 *
 * @since 0.1.0
 */
public class RedisProperties {

	/**
	 * What the names of all keys and channels begin with. Derived from
	 * spring.application.name if it is not set.
	 */
	private @Nullable String keyPrefix;

	/**
	 * Number of hash tags that rooms are spread over.
	 */
	private int partitions = 64;

	/**
	 * How long Redis may take to answer before the connection counts as dead.
	 */
	private Duration commandTimeout = Duration.ofSeconds(2);

	/**
	 * How often it is checked that what is published arrives.
	 */
	private Duration probeInterval = Duration.ofSeconds(5);

	/**
	 * Whether the application does not start without Redis.
	 */
	private boolean failFast;

	/**
	 * Secret that nodes seal with what they tell each other to do to users, the same on
	 * all nodes, 16 characters or more. Without it whoever can publish on the channels of
	 * this application can disconnect its users.
	 */
	private @Nullable String controlSecret;

	public @Nullable String getKeyPrefix() {
		return this.keyPrefix;
	}

	public void setKeyPrefix(@Nullable String keyPrefix) {
		this.keyPrefix = keyPrefix;
	}

	public int getPartitions() {
		return this.partitions;
	}

	public void setPartitions(int partitions) {
		this.partitions = partitions;
	}

	public Duration getCommandTimeout() {
		return this.commandTimeout;
	}

	public void setCommandTimeout(Duration commandTimeout) {
		this.commandTimeout = commandTimeout;
	}

	public Duration getProbeInterval() {
		return this.probeInterval;
	}

	public void setProbeInterval(Duration probeInterval) {
		this.probeInterval = probeInterval;
	}

	public boolean isFailFast() {
		return this.failFast;
	}

	public void setFailFast(boolean failFast) {
		this.failFast = failFast;
	}

	public @Nullable String getControlSecret() {
		return this.controlSecret;
	}

	public void setControlSecret(@Nullable String controlSecret) {
		this.controlSecret = controlSecret;
	}

}
