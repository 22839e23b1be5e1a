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

import dev.realtime.presence.PresenceStore;
import dev.realtime.presence.PresenceStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * {@link RedisPresenceStore} does what every presence store does.
 */
class RedisPresenceStoreContractTests extends PresenceStoreContract {

	private static RedisServer server;

	private static PresenceNode node;

	private static PresenceNode other;

	@BeforeAll
	static void start() {
		server = RedisServer.create().start();
		node = new PresenceNode(server, "a").start();
		other = new PresenceNode(server, "b").start();
	}

	@AfterAll
	static void stop() {
		node.close();
		other.close();
		server.close();
	}

	@Override
	protected PresenceStore store() {
		return node.store();
	}

	@Override
	protected PresenceStore other() {
		return other.store();
	}

}
