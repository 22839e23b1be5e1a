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

package dev.realtime.core;

import java.time.Duration;
import java.util.List;

import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.protocol.JsonWireCodec;

import org.springframework.context.ApplicationContext;

import static org.awaitility.Awaitility.await;

/**
 * A client of an application, without a socket. Waits for the replies to what it asks.
 */
final class ApplicationClient {

	private final TestSession session;

	ApplicationClient(ApplicationContext context, String user) {
		FakeTransport transport = new FakeTransport();
		this.session = new TestSession(transport,
				context.getBean(RealtimeEngine.class)
					.gateway()
					.open(transport, new JsonWireCodec(), () -> user, false));
		this.session.send("{\"id\":1,\"connect\":{}}");
		reply(1);
	}

	static ApplicationClient in(ApplicationContext context, String user, String room) {
		ApplicationClient client = new ApplicationClient(context, user);
		client.subscribe(room);
		return client;
	}

	String subscribe(String room) {
		return reply(this.session.subscribe(room));
	}

	String publish(String room, String json) {
		return reply(this.session.publish(room, json));
	}

	String rpc(String method, String json) {
		return reply(this.session.command("\"rpc\":{\"method\":\"" + method + "\",\"data\":" + json + "}"));
	}

	/** Publish without waiting. */
	int send(String room, String json) {
		return this.session.publish(room, json);
	}

	boolean hasReply(int id) {
		return this.session.messages().stream().anyMatch((message) -> message.startsWith(start(id)));
	}

	String reply(int id) {
		await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> hasReply(id));
		return this.session.messages()
			.stream()
			.filter((message) -> message.startsWith(start(id)))
			.findFirst()
			.orElseThrow();
	}

	private static String start(int id) {
		return "{\"id\":" + id + ",";
	}

	/** The payloads that came so far. */
	List<String> publications() {
		return this.session.messages()
			.stream()
			.filter((message) -> message.contains("\"pub\":{"))
			.map((message) -> message.replaceAll(".*\"data\":(\"[^\"]*\"|\\{[^}]*}|[^,}]*).*", "$1"))
			.toList();
	}

}
