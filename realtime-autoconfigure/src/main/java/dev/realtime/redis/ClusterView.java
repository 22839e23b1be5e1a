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

import java.util.List;

import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.models.role.RedisInstance;
import org.jspecify.annotations.Nullable;

/**
 * What one server of a cluster knows of all of them.
 *
 * @param masters the masters
 */
record ClusterView(List<RedisClusterNode> masters) {

	/**
	 * Read what {@code CLUSTER NODES} gives.
	 * @param text the text
	 * @param host the host of the server that gave it, which may not know its own
	 */
	static ClusterView of(String text, String host) {
		String complete = text.replaceAll("(?m)^(\\S+) :", "$1 " + host + ":");
		return new ClusterView(ClusterPartitionParser.parse(complete)
			.stream()
			.filter((node) -> node.getRole() == RedisInstance.Role.UPSTREAM && !node.hasNoSlots())
			.toList());
	}

	/**
	 * Return which server has a slot.
	 */
	@Nullable RedisClusterNode owner(int slot) {
		return this.masters.stream().filter((node) -> node.hasSlot(slot)).findFirst().orElse(null);
	}

}
