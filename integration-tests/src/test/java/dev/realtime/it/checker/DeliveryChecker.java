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

package dev.realtime.it.checker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records what publishers and clients see, and judges it. Publishers report each call
 * before it is made and what became of it, clients everything they are told, in the order
 * in which they are told it. Thread-safe; each publication and each client is reported on
 * by one thread at a time.
 */
public final class DeliveryChecker {

	private final AtomicLong ticks = new AtomicLong();

	private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();

	private final Map<String, ClientLog> clients = new ConcurrentHashMap<>();

	/**
	 * Note that something is about to be published. A call that is repeated with the same
	 * id is the same attempt.
	 * @param room the room
	 * @param publisher who publishes; one room's publications of one publisher have to
	 * come in the order of their numbers
	 * @param seq the publisher's number, ascending in the order of the calls
	 * @param id what the publication is recognised by, unique
	 * @return where to note what becomes of it
	 */
	public Attempt attempt(String room, String publisher, long seq, String id) {
		Attempt attempt = this.attempts.computeIfAbsent(id,
				(key) -> new Attempt(room, publisher, seq, key, this.ticks.incrementAndGet()));
		attempt.begin();
		return attempt;
	}

	/**
	 * Return the log of a client.
	 * @param name its name, the same over all its connections
	 * @return the log, the same each time
	 */
	public ClientLog client(String name) {
		return this.clients.computeIfAbsent(name, (key) -> new ClientLog(key, this));
	}

	/**
	 * Judge everything so far. What is still under way counts as lost, so wait until
	 * nothing is.
	 * @return the verdict
	 */
	public Verdict verdict() {
		return new Judge().judge(this.attempts.values(), this.clients.values());
	}

	long tick() {
		return this.ticks.incrementAndGet();
	}

	/** Find what was published with an id, which may be nobody's. */
	Attempt find(String id) {
		Attempt attempt = this.attempts.get(id);
		return (attempt != null) ? attempt : new Attempt("", "", 0, id, Long.MAX_VALUE);
	}

}
