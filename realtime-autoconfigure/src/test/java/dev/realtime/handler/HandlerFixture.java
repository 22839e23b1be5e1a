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

package dev.realtime.handler;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.DisconnectReason;
import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.core.JsonPayloadConverter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * The methods of some controllers, and a session whose commands call them.
 */
final class HandlerFixture implements RealtimeSession, AutoCloseable {

	private final AnnotationConfigApplicationContext context;

	private final RealtimeHandlers handlers;

	private final List<DisconnectReason> disconnects = new ArrayList<>();

	private Principal principal = () -> "ann";

	HandlerFixture(Class<?>... components) {
		this.context = new AnnotationConfigApplicationContext(components);
		this.handlers = HandlerMethods.find(this.context,
				this.context.getBeanProvider(PayloadConverter.class)
					.getIfAvailable(() -> new JsonPayloadConverter(JsonMapper.shared())),
				null, new DefaultFormattingConversionService(),
				this.context.getBeanProvider(HandlerMethodArgumentResolver.class).stream().toList());
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	RealtimeHandlers handlers() {
		return this.handlers;
	}

	List<DisconnectReason> disconnects() {
		return this.disconnects;
	}

	HandlerFixture anonymous() {
		this.principal = null;
		return this;
	}

	ConnectReply connect(String json, Map<String, String> headers) {
		ConnectRequest request = new ConnectRequest("", payload(json), headers, "", "", null, "127.0.0.1", this);
		return this.handlers.connectHandlers()
			.stream()
			.map((handler) -> handler.connect(request))
			.reduce(ConnectReply.EMPTY, ConnectReply::and);
	}

	RoomDecision subscribe(String room) {
		return join(this.handlers.subscribe(room)
			.handle(new RoomAccess(this, room, RoomAccess.Operation.SUBSCRIBE, Payload.EMPTY, "")));
	}

	/** Return what the room gets, or null for nothing. */
	String publish(String room, String json) {
		return join(this.handlers.publish(room)
			.handle(new RoomAccess(this, room, RoomAccess.Operation.PUBLISH, payload(json), ""))).map(Payload::text)
			.orElse(null);
	}

	String rpc(String method, String json) {
		return join(this.handlers.rpc(method).handle(this, payload(json))).text();
	}

	void send(String json) {
		join(this.handlers.send().handle(this, payload(json)));
	}

	RealtimeListener listener() {
		return this.handlers.listeners().get(0);
	}

	private static Payload payload(String json) {
		return json.isEmpty() ? Payload.EMPTY : Payload.ofJson(json);
	}

	private static <T> T join(CompletionStage<T> stage) {
		return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
	}

	@Override
	public String id() {
		return "s1";
	}

	@Override
	public String user() {
		return (this.principal != null) ? this.principal.getName() : "";
	}

	@Override
	public Principal principal() {
		return this.principal;
	}

	@Override
	public Map<String, Object> attributes() {
		return Map.of();
	}

	@Override
	public Set<String> rooms() {
		return Set.of();
	}

	@Override
	public void send(Payload payload) {
	}

	@Override
	public void disconnect(DisconnectReason reason) {
		this.disconnects.add(reason);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
