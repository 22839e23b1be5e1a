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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.realtime.ConnectHandler;
import dev.realtime.ConnectReply;
import dev.realtime.ConnectRequest;
import dev.realtime.Payload;
import dev.realtime.PayloadConverter;
import dev.realtime.RealtimeListener;
import dev.realtime.RealtimeSession;
import dev.realtime.RoomAccess;
import dev.realtime.RoomDecision;
import dev.realtime.naming.RoomPattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods of all {@link dev.realtime.annotation.RealtimeController} beans.
 *
 * @since 0.1.0
 */
public final class AnnotatedHandlers implements RealtimeHandlers {

	private static final Payload NULL = Payload.ofJson("null");

	private final RoomMappings subscribes = new RoomMappings(Kind.SUBSCRIBE, RoomAccess.Operation.SUBSCRIBE);

	private final RoomMappings publishes = new RoomMappings(Kind.PUBLISH, RoomAccess.Operation.PUBLISH);

	private final RoomMappings unsubscribes = new RoomMappings(Kind.UNSUBSCRIBE, null);

	private final Map<String, ControllerMethod> rpcs = new HashMap<>();

	private final List<ControllerMethod> connects = new ArrayList<>();

	private final List<ControllerMethod> disconnects = new ArrayList<>();

	private final PayloadConverter converter;

	private @Nullable ControllerMethod sends;

	AnnotatedHandlers(PayloadConverter converter) {
		this.converter = converter;
	}

	void add(Kind kind, ControllerMethod method, List<RoomPattern> patterns, String[] names) {
		switch (kind) {
			case CONNECT -> this.connects.add(method);
			case SUBSCRIBE -> patterns.forEach((pattern) -> this.subscribes.add(pattern, method));
			case PUBLISH -> patterns.forEach((pattern) -> this.publishes.add(pattern, method));
			case RPC -> addRpc(method, names);
			case SEND -> addSend(method);
			case UNSUBSCRIBE -> patterns.forEach((pattern) -> this.unsubscribes.add(pattern, method));
			case DISCONNECT -> this.disconnects.add(method);
		}
	}

	private void addRpc(ControllerMethod method, String[] names) {
		for (String name : names) {
			ControllerMethod other = this.rpcs.putIfAbsent(name, method);
			if (other != null) {
				throw new InvalidHandlerException(
						"Two methods answer @OnRpc(\"" + name + "\"): " + other + " and " + method,
						"Remove one of them, or give it another name");
			}
		}
	}

	private void addSend(ControllerMethod method) {
		if (this.sends != null) {
			throw new InvalidHandlerException("Two methods are @OnSend: " + this.sends + " and " + method,
					"Messages have no name that could tell which one is meant: remove one of them");
		}
		this.sends = method;
	}

	@Override
	public List<HandledRooms> rooms() {
		return Stream.of(this.subscribes, this.publishes, this.unsubscribes).flatMap(RoomMappings::rooms).toList();
	}

	@Override
	public List<ConnectHandler> connectHandlers() {
		return this.connects.stream().<ConnectHandler>map((method) -> (request) -> connect(method, request)).toList();
	}

	private ConnectReply connect(ControllerMethod method, ConnectRequest request) {
		Object value = join(method.call(Invocation.of(request)));
		if (value instanceof ConnectReply reply) {
			return reply;
		}
		return (value != null) ? new ConnectReply(this.converter.write(value), Map.of()) : ConnectReply.EMPTY;
	}

	/** The caller can wait: it is on the handler executor. */
	private static @Nullable Object join(CompletionStage<@Nullable Object> stage) {
		try {
			return stage.toCompletableFuture().join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			if (ex.getCause() instanceof Error cause) {
				throw cause;
			}
			throw ex;
		}
	}

	@Override
	public List<RealtimeListener> listeners() {
		boolean listening = !this.disconnects.isEmpty() || this.unsubscribes.rooms().findAny().isPresent();
		return listening ? List.of(new HandlerListener(this.disconnects, this.unsubscribes)) : List.of();
	}

	@Override
	public @Nullable RoomHandler<RoomDecision> subscribe(String room) {
		return this.subscribes.find(room, (method, variables) -> new MatchedRoom<>(method, variables, this::decision));
	}

	private RoomDecision decision(@Nullable Object value, ControllerMethod method, RoomAccess access) {
		if (value == null && method.decides()) {
			throw new IllegalStateException(method + " has not decided");
		}
		if (value instanceof RoomDecision decision) {
			return decision;
		}
		if (value instanceof Boolean granted) {
			return RoomDecision.of(granted);
		}
		return (value != null) ? RoomDecision.GRANTED.data(this.converter.write(value)) : RoomDecision.GRANTED;
	}

	@Override
	public @Nullable RoomHandler<Optional<Payload>> publish(String room) {
		return this.publishes.find(room,
				(method, variables) -> new MatchedRoom<>(method, variables, this::publication));
	}

	private Optional<Payload> publication(@Nullable Object value, ControllerMethod method, RoomAccess access) {
		if (method.returnsNothing()) {
			return Optional.of(access.data());
		}
		return Optional.ofNullable(value).map(this.converter::write);
	}

	@Override
	public boolean hasRpc() {
		return !this.rpcs.isEmpty();
	}

	@Override
	public @Nullable CallHandler rpc(String name) {
		ControllerMethod method = this.rpcs.get(name);
		if (method == null) {
			return null;
		}
		return (session, data) -> call(method, session, data)
			.thenApply((value) -> answer(value, method.returnsNothing()));
	}

	private Payload answer(@Nullable Object value, boolean nothing) {
		if (nothing) {
			return Payload.EMPTY;
		}
		return (value != null) ? this.converter.write(value) : NULL;
	}

	@Override
	public @Nullable CallHandler send() {
		ControllerMethod method = this.sends;
		return (method != null) ? (session, data) -> call(method, session, data).thenApply((value) -> Payload.EMPTY)
				: null;
	}

	private static CompletionStage<@Nullable Object> call(ControllerMethod method, RealtimeSession session,
			Payload data) {
		return method.call(Invocation.of(session, data));
	}

}
