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

import java.util.HashSet;
import java.util.Set;

/**
 * The nodes that say that they are alive, without their incarnations: a node that Redis
 * has not heard for some time is the same one for those who wait for it. After an outage
 * those that were there before count until every one that is alive must have been heard.
 * Thread-safe; to be asked regularly.
 */
final class RegisteredNodes implements LiveNodes {

	private final NodeRegistry registry;

	private Set<String> before = Set.of();

	RegisteredNodes(NodeRegistry registry) {
		this.registry = registry;
	}

	@Override
	public String self() {
		return name(this.registry.owner());
	}

	private static String name(String owner) {
		int end = owner.lastIndexOf('#');
		return (end > 0) ? owner.substring(0, end) : owner;
	}

	@Override
	public synchronized Set<String> others() {
		Set<String> names = new HashSet<>();
		this.registry.liveNodes().forEach((owner) -> names.add(name(owner)));
		names.remove(self());
		if (this.registry.isTrusted()) {
			this.before = names;
		}
		else {
			names.addAll(this.before);
		}
		return names;
	}

}
