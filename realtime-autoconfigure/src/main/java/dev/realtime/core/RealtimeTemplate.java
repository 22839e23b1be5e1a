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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.realtime.DisconnectReason;
import dev.realtime.History;
import dev.realtime.HistoryQuery;
import dev.realtime.Member;
import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
import dev.realtime.Publication;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeException;
import dev.realtime.RealtimeOperations;
import dev.realtime.RealtimeSession;
import dev.realtime.RelayUnavailableException;
import dev.realtime.control.ControlMessage;
import dev.realtime.naming.Namespaces;
import dev.realtime.naming.RoomSettings;
import dev.realtime.presence.PresenceStore;
import dev.realtime.relay.RoomRelay;
import dev.realtime.room.Stripes;

/**
 * What the application does in rooms. Thread-safe.
 */
final class RealtimeTemplate implements RealtimeOperations {

	private final Namespaces namespaces;

	private final PublishPipeline pipeline;

	private final RoomRelay relay;

	private final PresenceStore presence;

	private final OnlineUsers users;

	private final ControlPlane control;

	private final PayloadConverter converter;

	private final Duration timeout;

	private final Duration patience;

	/**
	 * Create the operations.
	 * @param timeout how long the relay may take to answer
	 * @param patience how long it may take to publish or, after that has failed, to store
	 */
	RealtimeTemplate(Namespaces namespaces, PublishPipeline pipeline, RoomRelay relay, PresenceStore presence,
			OnlineUsers users, ControlPlane control, PayloadConverter converter, Duration timeout, Duration patience) {
		this.namespaces = namespaces;
		this.pipeline = pipeline;
		this.relay = relay;
		this.presence = presence;
		this.users = users;
		this.control = control;
		this.converter = converter;
		this.timeout = timeout;
		this.patience = patience;
	}

	@Override
	public PublishResult publish(String room, Object payload, PublishOptions options) {
		return await(publishAsync(room, payload, options), this.patience);
	}

	@Override
	public CompletionStage<PublishResult> publishAsync(String room, Object payload, PublishOptions options) {
		RoomSettings settings = settings(room);
		Payload written = this.converter.write(payload);
		return send(room, settings, written, options);
	}

	@Override
	public Map<String, PublishResult> publish(Collection<String> rooms, Object payload, PublishOptions options) {
		return await(publishAsync(rooms, payload, options), this.patience);
	}

	@Override
	public CompletionStage<Map<String, PublishResult>> publishAsync(Collection<String> rooms, Object payload,
			PublishOptions options) {
		rooms.forEach(this::settings);
		Payload written = this.converter.write(payload);
		Map<String, CompletableFuture<PublishResult>> sent = new LinkedHashMap<>();
		for (String room : new LinkedHashSet<>(rooms)) {
			sent.put(room, send(room, settings(room), written, options).toCompletableFuture());
		}
		return CompletableFuture.allOf(sent.values().toArray(CompletableFuture[]::new)).thenApply((nothing) -> {
			Map<String, PublishResult> results = new LinkedHashMap<>();
			sent.forEach((room, result) -> results.put(room, result.join()));
			return results;
		});
	}

	private CompletionStage<PublishResult> send(String room, RoomSettings settings, Payload payload,
			PublishOptions options) {
		return this.pipeline.submit(room, settings, new Publication(payload, 0, null, options.tags(), 0), options);
	}

	@Override
	public History history(String room, HistoryQuery query) {
		return await(this.relay.history(room, settings(room), query));
	}

	@Override
	public void removeHistory(String room) {
		await(this.relay.removeHistory(room, settings(room)));
	}

	@Override
	public List<Member> members(String room) {
		settings(room);
		return await(this.presence.members(room));
	}

	private RoomSettings settings(String room) {
		return this.namespaces.get(room);
	}

	private <T> T await(CompletionStage<T> stage) {
		return await(stage, this.timeout);
	}

	private static <T> T await(CompletionStage<T> stage, Duration timeout) {
		CompletableFuture<T> future = stage.toCompletableFuture();
		if (!future.isDone() && Stripes.isCurrentThread()) {
			throw new IllegalStateException("A thread of the library must not wait: use the asynchronous form");
		}
		try {
			return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RealtimeException refused) {
				throw refused;
			}
			String reason = (ex.getCause() instanceof RelayUnavailableException known) ? known.getMessage() : null;
			throw new RelayUnavailableException((reason != null) ? reason : "The relay has failed", ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new RelayUnavailableException("The relay has not answered within " + timeout, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RelayUnavailableException("Interrupted while waiting for the relay", ex);
		}
	}

	@Override
	public List<Member> sessions(String user) {
		return await(this.users.everywhere(user));
	}

	@Override
	public List<RealtimeSession> localSessions(String user) {
		return List.copyOf(this.users.here(user));
	}

	@Override
	public boolean isOnline(String user) {
		try {
			return !this.users.here(user).isEmpty() || !sessions(user).isEmpty();
		}
		catch (RelayUnavailableException ex) {
			return false;
		}
	}

	@Override
	public void sendToUser(String user, Object payload) {
		this.control.send(new ControlMessage.SendToUser(user, this.converter.write(payload)));
	}

	@Override
	public void subscribe(String user, String room) {
		settings(room);
		await(this.control.perform(new ControlMessage.Subscribe(user, room)));
	}

	@Override
	public void unsubscribe(String user, String room) {
		await(this.control.perform(new ControlMessage.Unsubscribe(user, room)));
	}

	@Override
	public void disconnect(String user, DisconnectReason reason) {
		await(this.control.perform(new ControlMessage.DisconnectUser(user, reason)));
	}

	@Override
	public void disconnectSession(String session, DisconnectReason reason) {
		await(this.control.perform(new ControlMessage.DisconnectSession(session, reason)));
	}

	@Override
	public void refresh(String user) {
		await(this.control.perform(new ControlMessage.Refresh(user)));
	}

	@Override
	public void ban(String user, Duration time) {
		await(this.control.perform(new ControlMessage.Ban(user, time)));
	}

	@Override
	public void ban(String user) {
		await(this.control.perform(new ControlMessage.Ban(user, null)));
	}

	@Override
	public void unban(String user) {
		await(this.control.perform(new ControlMessage.Unban(user)));
	}

}
