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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.realtime.StreamPosition;
import dev.realtime.it.checker.ClientLog;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client that behaves as the published ones do: it connects again, to the next node if
 * there are several, subscribes again, asks for what it missed, and notes all in a log.
 */
final class Member implements FaultClient.Listener, AutoCloseable {

	private static final int PAUSE_MILLIS = 100;

	private static final int FIRST_ADVICE = 2500;

	private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "members");
		thread.setDaemon(true);
		return thread;
	});

	private final Queue<Integer> codes = new ConcurrentLinkedQueue<>();

	private final Map<String, Place> places = new LinkedHashMap<>();

	private final Map<Integer, Place> asked = new HashMap<>();

	private final String name;

	private final ClientLog log;

	private final Sockets[] nodes;

	private @Nullable FaultClient client;

	private int connections;

	private int commands;

	private boolean closed;

	/**
	 * Connect.
	 * @param name the name of the user
	 * @param log where to note what comes
	 * @param rooms where to be
	 * @param nodes where to connect, one after the other
	 */
	Member(String name, ClientLog log, List<String> rooms, Sockets... nodes) {
		this.name = name;
		this.log = log;
		this.nodes = nodes;
		rooms.forEach((room) -> this.places.put(room, new Place(room)));
		open();
	}

	private synchronized void open() {
		if (!this.closed) {
			this.asked.clear();
			FaultClient next = this.nodes[this.connections++ % this.nodes.length].open(this);
			this.client = next;
			next.closed().whenComplete((code, failure) -> lost(next, code));
		}
	}

	private synchronized void lost(FaultClient lost, int code) {
		if (this.client == lost && !this.closed) {
			this.codes.add(code);
			this.places.values().forEach((place) -> place.subscribed = false);
			TIMER.schedule(this::open, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	@Override
	public void opened(FaultClient client) {
		client.connect(this.name);
	}

	@Override
	public synchronized void message(FaultClient client, String message) {
		if (client != this.client) {
			return;
		}
		JsonNode json = FaultClient.parse(message);
		int id = json.path("id").asInt(0);
		if (id == 1) {
			this.commands = 1;
			this.places.values().forEach(this::subscribe);
		}
		else if (id > 1) {
			answered(this.asked.remove(id), json);
		}
		else {
			pushed(json.path("push"));
		}
	}

	private void answered(@Nullable Place place, JsonNode reply) {
		if (place == null) {
			return;
		}
		if (reply.has("error")) {
			FaultClient current = this.client;
			TIMER.schedule(() -> again(current, place), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
			return;
		}
		JsonNode subscription = reply.path("subscribe");
		place.subscribed = true;
		place.joined(subscription, this.log);
		subscription.path("publications").forEach((publication) -> place.received(publication, this.log));
	}

	private synchronized void again(@Nullable FaultClient before, Place place) {
		if (before == this.client && !place.subscribed) {
			subscribe(place);
		}
	}

	private void pushed(JsonNode push) {
		Place place = this.places.get(push.path("channel").asString(""));
		if (place == null) {
			return;
		}
		if (push.has("pub")) {
			place.received(push.path("pub"), this.log);
		}
		else if (push.has("unsubscribe")) {
			int code = push.path("unsubscribe").path("code").asInt();
			this.codes.add(code);
			place.subscribed = false;
			if (code >= FIRST_ADVICE) {
				subscribe(place);
			}
		}
	}

	private void subscribe(Place place) {
		FaultClient current = this.client;
		if (current != null) {
			int id = ++this.commands;
			this.asked.put(id, place);
			current.send("{'id':" + id + ",'subscribe':{'channel':'" + place.room + "'" + place.since() + "}}");
		}
	}

	/** Return whether it is in all its rooms. */
	synchronized boolean isIn() {
		return this.places.values().stream().allMatch((place) -> place.subscribed);
	}

	boolean isOf(String room) {
		return this.places.containsKey(room);
	}

	/** Return the last number of the only publisher of a room that came. */
	synchronized long number(String room) {
		Place place = this.places.get(room);
		return (place != null) ? place.number : -1;
	}

	/** Return how often a room could not be recovered. */
	synchronized int gaps(String room) {
		Place place = this.places.get(room);
		return (place != null) ? place.gaps : 0;
	}

	synchronized int gaps() {
		return this.places.values().stream().mapToInt((place) -> place.gaps).sum();
	}

	synchronized long received() {
		return this.places.values().stream().mapToLong((place) -> place.count).sum();
	}

	/** Return the codes with which connections and subscriptions ended. */
	List<Integer> codes() {
		return new ArrayList<>(this.codes);
	}

	/** Lose the connection, and stay away until {@link #back()}. */
	synchronized void leave() {
		FaultClient current = this.client;
		this.client = null;
		this.places.values().forEach((place) -> place.subscribed = false);
		if (current != null) {
			current.reset();
		}
	}

	void back() {
		open();
	}

	/** Lose the connection. */
	synchronized void reset() {
		FaultClient current = this.client;
		if (current != null) {
			current.reset();
		}
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		FaultClient current = this.client;
		if (current != null) {
			current.close();
		}
	}

	/**
	 * A room, and how far this client got in it.
	 */
	private static final class Place {

		private final String room;

		private boolean subscribed;

		private long offset;

		private String epoch = "";

		private long number = -1;

		private int gaps;

		private long count;

		private Place(String room) {
			this.room = room;
		}

		private String since() {
			return this.epoch.isEmpty() ? ""
					: ",'recover':true,'offset':" + this.offset + ",'epoch':'" + this.epoch + "'";
		}

		private void joined(JsonNode subscription, ClientLog log) {
			boolean recovered = subscription.path("recovered").asBoolean(false);
			if (subscription.path("was_recovering").asBoolean(false) && !recovered) {
				this.gaps++;
				log.gap(this.room);
			}
			this.epoch = subscription.path("epoch").asString("");
			this.offset = subscription.path("offset").asLong(0);
			log.joined(this.room, new StreamPosition(this.offset, this.epoch));
		}

		private void received(JsonNode publication, ClientLog log) {
			long next = publication.path("offset").asLong(0);
			String id = publication.path("data").asString();
			log.received(this.room, next, this.epoch, id);
			this.offset = Math.max(this.offset, next);
			this.number = Long.parseLong(id.substring(id.lastIndexOf(' ') + 1));
			this.count++;
		}

	}

}
