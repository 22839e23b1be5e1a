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

package dev.realtime.it.fault;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import tools.jackson.databind.JsonNode;

import static org.awaitility.Awaitility.await;

/**
 * A client that notes who comes and goes in a room.
 */
final class PresenceWatcher implements FaultClient.Listener {

	private final List<String> joined = new CopyOnWriteArrayList<>();

	private final List<String> left = new CopyOnWriteArrayList<>();

	private volatile boolean in;

	/**
	 * Enter a room, and wait until it is in.
	 * @param node where to connect
	 * @param room the name of the room
	 */
	PresenceWatcher(Sockets node, String room) {
		FaultClient client = node.open(this).connect("watcher");
		client.send("{'id':2,'subscribe':{'channel':'" + room + "','join_leave':true}}");
		await().until(() -> this.in);
	}

	@Override
	public void message(FaultClient client, String message) {
		JsonNode json = FaultClient.parse(message);
		this.in |= json.has("subscribe");
		note(json.path("push").path("join"), this.joined);
		note(json.path("push").path("leave"), this.left);
	}

	private static void note(JsonNode event, List<String> clients) {
		if (!event.isMissingNode()) {
			clients.add(event.path("info").path("client").asString());
		}
	}

	/** Return the ids of those who came. */
	List<String> joined() {
		return this.joined;
	}

	/** Return the ids of those who went. */
	List<String> left() {
		return this.left;
	}

}
