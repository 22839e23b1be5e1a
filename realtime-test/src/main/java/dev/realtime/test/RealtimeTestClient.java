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

package dev.realtime.test;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.realtime.HistoryQuery;
import dev.realtime.StreamPosition;
import dev.realtime.core.SessionGateway;
import dev.realtime.test.RealtimeReply.Question;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.context.ApplicationContext;

/**
 * A client for tests. It speaks the JSON protocol, over a WebSocket or in memory, and
 * remembers all that it receives. Can be given to AssertJ's {@code assertThat}.
 * <p>
 * Commands wait for their reply, never longer than the timeout, and return it whether it
 * is a result or an error; without any reply they throw {@link RealtimeTestException}.
 * Pings are answered. Nothing else happens by itself: the client connects and subscribes
 * again only when told to. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RealtimeTestClient implements AssertProvider<RealtimeTestClientAssert>, AutoCloseable {

	/** A room that nobody is in; to leave it is never refused. */
	private static final String NOWHERE = "realtime-test:nowhere";

	private final Connector connector;

	private final ClientOptions options;

	private final Recorder recorder = new Recorder();

	private volatile @Nullable Conversation conversation;

	RealtimeTestClient(Connector connector, ClientOptions options) {
		this.connector = connector;
		this.options = options;
	}

	/**
	 * Begin to build a client of any server.
	 * @param uri the address of its endpoint, such as
	 * {@code ws://localhost:8080/realtime}
	 * @return the builder
	 */
	public static RealtimeTestClientBuilder bindToServer(URI uri) {
		return new RealtimeTestClientBuilder(new WebSocketConnector(uri, false));
	}

	/**
	 * Begin to build a client of an application: over a WebSocket if it has a web server
	 * that is running, else in memory.
	 * @param context the context of the application
	 * @return the builder
	 */
	public static RealtimeTestClientBuilder bindToApplicationContext(ApplicationContext context) {
		RealtimeTestClientBuilder builder = new RealtimeTestClientBuilder(new ContextConnector(context));
		context.getBeanProvider(JsonMapper.class).ifUnique(builder::jsonMapper);
		return builder;
	}

	/**
	 * Begin to build a client that needs no socket.
	 * @param gateway where the sessions of an engine begin
	 * @return the builder
	 */
	public static RealtimeTestClientBuilder bindToGateway(SessionGateway gateway) {
		return new RealtimeTestClientBuilder(new InMemoryConnector(gateway));
	}

	/**
	 * Connect.
	 * @return the reply
	 * @throws RealtimeTestException if the HTTP handshake is refused or nothing answers
	 * @throws IllegalStateException if the client is connected
	 */
	public RealtimeReply connect() {
		return connect(Map.of());
	}

	/**
	 * Connect again, after the connection has ended or else by ending it, and subscribe
	 * to the same rooms as before, asking for what was missed in between.
	 * @return the reply to the connect command; replies that refuse a room are among
	 * {@link Received#refusals()}
	 */
	public RealtimeReply reconnect() {
		disconnect();
		RealtimeReply reply = connect(this.recorder.monitor().read(this.recorder.rooms()::serverSide));
		if (reply.isSuccess()) {
			this.recorder.monitor().read(this.recorder.rooms()::wanted).forEach(this::resubscribe);
		}
		return reply;
	}

	private RealtimeReply connect(Map<String, StreamPosition> serverSide) {
		if (isConnected()) {
			throw new IllegalStateException(this + " is connected");
		}
		this.options.onOpen().accept(this);
		Conversation opened = new Conversation(this.recorder);
		opened.open(this.connector, this.options.handshake(), this.options.timeout());
		this.conversation = opened;
		RealtimeReply reply = ask("connect", "", this.options.connectRequest(serverSide), this.recorder::connected);
		if (!reply.isSuccess() && !reply.isDisconnected()) {
			disconnect();
		}
		return reply;
	}

	/**
	 * Close the connection properly and wait until it is closed. Does nothing if there is
	 * none.
	 */
	public void disconnect() {
		Conversation current = this.conversation;
		if (current == null) {
			return;
		}
		if (!current.isClosed()) {
			current.close();
		}
		boolean closed = this.recorder.monitor()
			.await(() -> current.isClosed() && !isConnected(), this.options.timeout());
		if (!closed) {
			current.abort();
		}
	}

	/**
	 * Lose the connection, as when a cable is cut. Does nothing if there is none.
	 */
	public void abort() {
		Conversation current = this.conversation;
		if (current != null) {
			current.abort();
		}
	}

	/**
	 * Subscribe to a room.
	 * @param room the name of the room
	 * @return the reply
	 */
	public RealtimeReply subscribe(String room) {
		return subscribe(room, SubscribeOptions.NONE);
	}

	/**
	 * Subscribe to a room.
	 * @param room the name of the room
	 * @param options how
	 * @return the reply
	 */
	public RealtimeReply subscribe(String room, SubscribeOptions options) {
		return ask("subscribe", room, Wire.subscribe(room, options, this.options.mapper()),
				(result) -> this.recorder.subscribed(room, options, result));
	}

	/**
	 * Subscribe to a room in the same way as before, asking for what was missed since, as
	 * a client does that was told to with a code from 2500.
	 * @param room the name of the room
	 * @return the reply
	 */
	public RealtimeReply resubscribe(String room) {
		return subscribe(room, this.recorder.monitor().read(() -> this.recorder.rooms().options(room)));
	}

	/**
	 * Leave a room.
	 * @param room the name of the room
	 * @return the reply
	 */
	public RealtimeReply unsubscribe(String room) {
		return ask("unsubscribe", room, Wire.object().put("channel", room),
				(result) -> this.recorder.unsubscribed(room));
	}

	/**
	 * Publish into a room.
	 * @param room the name of the room
	 * @param payload anything that the JSON mapper can write
	 * @return the reply
	 */
	public RealtimeReply publish(String room, @Nullable Object payload) {
		ObjectNode request = Wire.object().put("channel", room);
		request.set("data", tree(payload));
		return ask("publish", room, request);
	}

	/**
	 * Call a method of the application.
	 * @param method the name of the method
	 * @param data anything that the JSON mapper can write
	 * @return the reply, with {@link RealtimeReply#dataAs} for what the method returned
	 */
	public RealtimeReply rpc(String method, @Nullable Object data) {
		ObjectNode request = Wire.object().put("method", method);
		if (data != null) {
			request.set("data", tree(data));
		}
		return ask("rpc", method, request);
	}

	/**
	 * Send a message to the application, which does not answer.
	 * @param data anything that the JSON mapper can write
	 */
	public void send(@Nullable Object data) {
		ObjectNode request = Wire.object();
		request.set("data", tree(data));
		conversation().tell("send", request);
	}

	/**
	 * Ask who is in a room.
	 * @param room the name of the room
	 * @return the reply, with {@link RealtimeReply#members()}
	 */
	public RealtimeReply presence(String room) {
		return ask("presence", room, Wire.object().put("channel", room));
	}

	/**
	 * Read the whole history of a room, oldest first.
	 * @param room the name of the room
	 * @return the reply, with {@link RealtimeReply#publications()} and
	 * {@link RealtimeReply#position()}
	 */
	public RealtimeReply history(String room) {
		return history(room, new HistoryQuery(-1, null, false));
	}

	/**
	 * Read the history of a room.
	 * @param room the name of the room
	 * @param query which part
	 * @return the reply, with {@link RealtimeReply#publications()} and
	 * {@link RealtimeReply#position()}
	 */
	public RealtimeReply history(String room, HistoryQuery query) {
		return ask("history", room, Wire.history(room, query));
	}

	/**
	 * Send any command of the protocol.
	 * @param method the kind of the command, such as {@code presence_stats}
	 * @param request its body, such as {@code Map.of("channel", room)}
	 * @return the reply
	 */
	public RealtimeReply command(String method, Map<String, ?> request) {
		return ask(method, String.valueOf(request.containsKey("channel") ? request.get("channel") : ""), tree(request));
	}

	/**
	 * Wait until all that the server had sent before is here.
	 */
	void roundTrip() {
		if (isConnected()) {
			conversation().ask(new Question("unsubscribe", NOWHERE, this.options.mapper()),
					Wire.object().put("channel", NOWHERE), (result) -> {
					}, this.options.timeout());
		}
	}

	private JsonNode tree(@Nullable Object value) {
		return Wire.tree(this.options.mapper(), value);
	}

	private RealtimeReply ask(String method, String room, JsonNode request) {
		return ask(method, room, request, (result) -> {
		});
	}

	private RealtimeReply ask(String method, String room, JsonNode request, Consumer<JsonNode> onSuccess) {
		Question question = new Question(method, room, this.options.mapper());
		RealtimeReply reply = conversation().ask(question, request, onSuccess, this.options.timeout());
		if (!reply.isSuccess()) {
			received().refused(reply);
		}
		return reply;
	}

	private Conversation conversation() {
		Conversation current = this.conversation;
		if (current == null) {
			throw new IllegalStateException(this + " has not been connected");
		}
		return current;
	}

	/**
	 * Return the id of the session.
	 * @return the id, of the last session if there is none now, empty if there never was
	 */
	public String id() {
		return this.recorder.monitor().read(this.recorder::session);
	}

	/**
	 * Return whether the client is connected.
	 * @return {@code false} before the connect command was answered and after the end of
	 * the connection
	 */
	public boolean isConnected() {
		return this.recorder.monitor().read(this.recorder::isConnected);
	}

	/**
	 * Return in which rooms the client is, whoever has subscribed it.
	 * @return the names of the rooms
	 */
	public Set<String> rooms() {
		return this.recorder.monitor().read(this.recorder.rooms()::subscribed);
	}

	/**
	 * Return how far the client has got in a room.
	 * @param room the name of the room
	 * @return the position, or {@code null} if the room has no positions
	 */
	public @Nullable StreamPosition position(String room) {
		return this.recorder.monitor().read(() -> this.recorder.rooms().position(room));
	}

	/**
	 * Return what the client has received.
	 * @return a live record
	 */
	public Received received() {
		return this.recorder.received();
	}

	Recorder recorder() {
		return this.recorder;
	}

	ClientOptions options() {
		return this.options;
	}

	/**
	 * Return an assertion about this client.
	 * @return the assertion
	 */
	@Override
	public RealtimeTestClientAssert assertThat() {
		return new RealtimeTestClientAssert(this);
	}

	/**
	 * Disconnect.
	 */
	@Override
	public void close() {
		disconnect();
	}

	@Override
	public String toString() {
		return "client" + ((this.options.principal() != null) ? " '" + this.options.principal().getName() + "'" : "");
	}

}
