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

package dev.realtime.session;

import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Identity;
import dev.realtime.protocol.JsonWireCodec;

/**
 * Makes sessions that do everything on the calling thread.
 */
final class TestSessions {

	static final long SEND_TIME = 15_000_000_000L;

	static final OutboundLimits LIMITS = new OutboundLimits(1 << 20, 10_000, 60_000, SEND_TIME);

	private static final AtomicInteger IDS = new AtomicInteger();

	private TestSessions() {
	}

	static LocalSession session(Transport transport) {
		return session(transport, new OutboundBudget(0));
	}

	static LocalSession session(Transport transport, OutboundBudget budget) {
		return new LocalSession("s" + IDS.incrementAndGet(), transport, new JsonWireCodec(), LIMITS, budget,
				Runnable::run, Runnable::run);
	}

	static LocalSession sessionOf(String user) {
		return sessionOf(user, "127.0.0.1");
	}

	static LocalSession sessionOf(String user, String address) {
		LocalSession session = session(new RecordingTransport(address));
		session.identity(user.isEmpty() ? Identity.ANONYMOUS : Identity.of(user));
		return session;
	}

}
