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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.ConnectAuthenticator;
import dev.realtime.ConnectHandler;
import dev.realtime.OutagePolicy;
import dev.realtime.RealtimeListener;
import dev.realtime.RoomAuthorizer;
import dev.realtime.control.ControlBus;
import dev.realtime.control.InMemoryBanStore;
import dev.realtime.control.LocalControlBus;
import dev.realtime.handler.RealtimeHandlers;
import dev.realtime.naming.AccessRule;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.naming.SlowConsumerPolicy;
import dev.realtime.outbox.TransactionBinding;
import dev.realtime.presence.InMemoryPresenceStore;
import dev.realtime.presence.PresenceStore;
import dev.realtime.protocol.JsonWireCodec;
import dev.realtime.relay.LocalRoomRelay;
import dev.realtime.relay.RoomRelay;
import dev.realtime.session.OutboundLimits;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * An engine with everything but sockets.
 */
final class EngineHarness implements AutoCloseable {

	final InMemoryPresenceStore presence = new InMemoryPresenceStore();

	PresenceStore store = this.presence;

	final List<ConnectAuthenticator> authenticators = new ArrayList<>();

	final List<ConnectHandler> connectHandlers = new ArrayList<>();

	final List<RoomAuthorizer> authorizers = new ArrayList<>();

	final List<RealtimeListener> listeners = new ArrayList<>();

	private final ExecutorService handlers = Executors.newFixedThreadPool(4);

	RoomRelay relay = new LocalRoomRelay(Clock.systemUTC());

	RealtimeHandlers methods = RealtimeHandlers.NONE;

	TransactionBinding transactions = TransactionBinding.NONE;

	PublishGuarantees guarantees;

	OutboundLimits outbound = new OutboundLimits(1 << 20, 10_000, 60_000, Duration.ofSeconds(15).toNanos());

	ControlBus bus = new LocalControlBus(new InMemoryBanStore(System::nanoTime));

	boolean allowAnonymous = true;

	Duration leaveGrace = Duration.ZERO;

	int maxRooms = 256;

	int maxSessionsPerUser;

	int maxSessionsPerAddress;

	InboundLimits inbound = InboundLimits.NONE;

	private RealtimeEngine engine;

	static final RoomSettings CHAT = new RoomSettings(AccessRule.ANYONE, AccessRule.SUBSCRIBERS, true, 1000, 200,
			Duration.ofHours(1), true);

	static final RoomSettings PLAIN = new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 1000, 0,
			Duration.ofHours(1), true);

	static final RoomSettings CLOSED = new RoomSettings(AccessRule.AUTHENTICATED, AccessRule.NOBODY, true, 2, 3,
			Duration.ofHours(1), true);

	private static RoomSettings slow(SlowConsumerPolicy policy, int historySize) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, historySize, Duration.ofHours(1), true,
				policy);
	}

	private static RoomSettings outage(OutagePolicy policy) {
		return new RoomSettings(AccessRule.ANYONE, AccessRule.ANYONE, false, 0, 1000, Duration.ofHours(1), true,
				SlowConsumerPolicy.DISCONNECT, policy);
	}

	private PublishGuarantees guarantees() {
		return (this.guarantees != null) ? this.guarantees : PublishGuarantees.of(this.transactions);
	}

	RealtimeEngine engine() {
		if (this.engine == null) {
			EngineSettings settings = new EngineSettings(Duration.ofSeconds(10), Duration.ofSeconds(25),
					Duration.ofSeconds(8), this.allowAnonymous, this.maxRooms, this.maxSessionsPerUser,
					this.maxSessionsPerAddress, 64, 65536, 300, Duration.ofSeconds(2), this.outbound, 0, 100,
					Duration.ofMillis(100), Duration.ofSeconds(5), this.leaveGrace, this.inbound);
			this.engine = new RealtimeEngine(settings,
					new Namespaces(Map.of("chat", CHAT, "plain", PLAIN, "closed", CLOSED, "resync",
							slow(SlowConsumerPolicy.RESYNC, 1000), "oldest", slow(SlowConsumerPolicy.DROP_OLDEST, 0),
							"conflate", slow(SlowConsumerPolicy.CONFLATE, 0), "fail", outage(OutagePolicy.FAIL),
							"spill", outage(OutagePolicy.SPILL), "local", outage(OutagePolicy.LOCAL))),
					this.relay, this.store,
					new ApplicationCode(this.authenticators, this.connectHandlers, this.authorizers, this.listeners,
							this.methods),
					this.handlers, new JsonPayloadConverter(JsonMapper.builder().build()), guarantees(), this.bus);
			this.engine.start();
			this.engine.accept();
		}
		return this.engine;
	}

	TestSession open() {
		FakeTransport transport = new FakeTransport();
		return new TestSession(transport, engine().gateway().open(transport, new JsonWireCodec(), null, false));
	}

	TestSession connect() {
		TestSession session = open();
		session.send("{\"id\":1,\"connect\":{}}");
		return session;
	}

	@Override
	public void close() {
		if (this.engine != null) {
			this.engine.close();
		}
		this.handlers.shutdown();
	}

	/**
	 * One client of the engine.
	 */
	static final class TestSession {

		final FakeTransport transport;

		final SessionInbound inbound;

		private final AtomicInteger ids = new AtomicInteger(1);

		TestSession(FakeTransport transport, SessionInbound inbound) {
			this.transport = transport;
			this.inbound = inbound;
		}

		void send(String frame) {
			this.inbound.frame(frame.getBytes(StandardCharsets.UTF_8));
		}

		int command(String body) {
			int id = this.ids.incrementAndGet();
			send("{\"id\":" + id + "," + body + "}");
			return id;
		}

		int subscribe(String room) {
			return command("\"subscribe\":{\"channel\":\"" + room + "\"}");
		}

		int unsubscribe(String room) {
			return command("\"unsubscribe\":{\"channel\":\"" + room + "\"}");
		}

		int publish(String room, String json) {
			return command("\"publish\":{\"channel\":\"" + room + "\",\"data\":" + json + "}");
		}

		/** Wait for a message. */
		String message(int index) {
			await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> messages().size() > index);
			return messages().get(index);
		}

		List<String> messages() {
			return this.transport.messages();
		}

		void close() {
			this.inbound.closed();
		}

	}

}
