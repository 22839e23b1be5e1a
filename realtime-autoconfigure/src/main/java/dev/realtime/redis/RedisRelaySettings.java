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

package dev.realtime.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.core.style.ToStringCreator;

/**
 * How the relay uses Redis.
 *
 * @param keyPrefix what the names of all keys and channels begin with, without braces
 * @param database the index of the database; it is part of the channels' names, since
 * Redis does not keep the channels of its databases apart
 * @param partitions how many hash tags the rooms are spread over
 * @param application which application this is: two of them cannot share a prefix
 * @param node the name of this node, different from that of all others
 * @param commandTimeout how long a publication may take
 * @param probeInterval how often it is checked that what is published arrives
 * @param failFast whether an application does not start without Redis
 * @param controlSecret what control messages are sealed with, the same on all nodes, or
 * {@code null} if they are sealed with what everybody can know
 * @since 0.1.0
 */
public record RedisRelaySettings(String keyPrefix, int database, int partitions, String application, String node,
		Duration commandTimeout, Duration probeInterval, boolean failFast, @Nullable String controlSecret) {

	public RedisRelaySettings {
		if (keyPrefix.isEmpty() || keyPrefix.contains("{") || keyPrefix.contains("}")) {
			throw new IllegalArgumentException("the prefix must not be empty and have no braces");
		}
		if (partitions < 1) {
			throw new IllegalArgumentException("there must be a partition");
		}
	}

	/**
	 * Create settings without a secret.
	 * @param keyPrefix what the names of all keys and channels begin with
	 * @param database the index of the database
	 * @param partitions how many hash tags the rooms are spread over
	 * @param application which application this is
	 * @param node the name of this node
	 * @param commandTimeout how long a publication may take
	 * @param probeInterval how often it is checked that what is published arrives
	 * @param failFast whether an application does not start without Redis
	 */
	public RedisRelaySettings(String keyPrefix, int database, int partitions, String application, String node,
			Duration commandTimeout, Duration probeInterval, boolean failFast) {
		this(keyPrefix, database, partitions, application, node, commandTimeout, probeInterval, failFast, null);
	}

	/**
	 * Return everything but the secret.
	 */
	@Override
	public String toString() {
		return new ToStringCreator(this).append("keyPrefix", this.keyPrefix)
			.append("database", this.database)
			.append("partitions", this.partitions)
			.append("application", this.application)
			.append("node", this.node)
			.append("commandTimeout", this.commandTimeout)
			.append("probeInterval", this.probeInterval)
			.append("failFast", this.failFast)
			.append("controlSecret", (this.controlSecret != null) ? "******" : null)
			.toString();
	}

}
