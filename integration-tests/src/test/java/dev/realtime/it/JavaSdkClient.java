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

package dev.realtime.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.MessageEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscribingEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The published Java SDK, which speaks Protobuf only. Keeps all that it reports; what is
 * asked for is waited for.
 */
final class JavaSdkClient extends EventListener implements AutoCloseable {

	private static final int SECONDS = 10;

	private final List<ConnectingEvent> connecting = new CopyOnWriteArrayList<>();

	private final List<ConnectedEvent> connected = new CopyOnWriteArrayList<>();

	private final List<DisconnectedEvent> disconnected = new CopyOnWriteArrayList<>();

	private final List<byte[]> messages = new CopyOnWriteArrayList<>();

	private final List<String> serverSubscribed = new CopyOnWriteArrayList<>();

	private final List<String> serverPublications = new CopyOnWriteArrayList<>();

	private final Client client;

	private JavaSdkClient(int port, Options options) {
		this.client = new Client("ws://127.0.0.1:" + port + "/realtime", options, this);
	}

	/**
	 * Make a client that is not connected yet.
	 * @param port the port of the server
	 * @param name the name of the user
	 * @return the client
	 */
	static JavaSdkClient create(int port, String name) {
		return create(port, (options) -> options.setData(utf8("{\"name\":\"" + name + "\"}")));
	}

	static JavaSdkClient create(int port, Consumer<Options> customizer) {
		Options options = new Options();
		options.setMinReconnectDelay(20);
		options.setMaxReconnectDelay(200);
		customizer.accept(options);
		return new JavaSdkClient(port, options);
	}

	/**
	 * Make a client and connect it.
	 * @param port the port of the server
	 * @param name the name of the user
	 * @return the client
	 */
	static JavaSdkClient connect(int port, String name) {
		JavaSdkClient result = create(port, name);
		result.connect();
		await(result.connected, 1);
		return result;
	}

	void connect() {
		this.client.connect();
	}

	void disconnect() {
		this.client.disconnect();
	}

	/** The id of the latest session. */
	String session() {
		return this.connected.get(this.connected.size() - 1).getClient();
	}

	List<ConnectingEvent> connecting() {
		return this.connecting;
	}

	List<ConnectedEvent> connected() {
		return this.connected;
	}

	List<DisconnectedEvent> disconnected() {
		return this.disconnected;
	}

	List<byte[]> messages() {
		return this.messages;
	}

	/** The rooms that the server put the client into. */
	List<String> serverSubscribed() {
		return this.serverSubscribed;
	}

	/** The payloads of those rooms. */
	List<String> serverPublications() {
		return this.serverPublications;
	}

	RPCResult rpc(String method) {
		return rpc(method, "{}");
	}

	RPCResult rpc(String method, String json) {
		return ask((callback) -> this.client.rpc(method, utf8(json), callback));
	}

	void send(String json) {
		CompletableFuture<Boolean> sent = new CompletableFuture<>();
		this.client.send(utf8(json), (error) -> sent.complete(error == null));
		assertThat(sent.orTimeout(SECONDS, TimeUnit.SECONDS).join()).isTrue();
	}

	PublishResult publish(String room, String text) {
		return ask((callback) -> this.client.publish(room, utf8(text), callback));
	}

	/**
	 * Begin to subscribe.
	 * @param name the name of the room
	 * @param joinLeave whether to ask for who comes and goes
	 * @return the room
	 */
	Room subscribe(String name, boolean joinLeave) {
		SubscriptionOptions options = new SubscriptionOptions();
		options.setJoinLeave(joinLeave);
		return subscribe(name, options);
	}

	Room subscribe(String name, SubscriptionOptions options) {
		try {
			Room room = new Room();
			room.subscription = this.client.newSubscription(name, options, room);
			room.subscription.subscribe();
			return room;
		}
		catch (DuplicateSubscriptionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Subscribe.
	 * @param name the name of the room
	 * @return the room, subscribed
	 */
	Room enter(String name) {
		Room room = subscribe(name, false);
		await(room.subscribed, 1);
		return room;
	}

	@Override
	public void close() throws InterruptedException {
		this.client.close(TimeUnit.SECONDS.toMillis(SECONDS));
	}

	@Override
	public void onConnecting(Client client, ConnectingEvent event) {
		this.connecting.add(event);
	}

	@Override
	public void onConnected(Client client, ConnectedEvent event) {
		this.connected.add(event);
	}

	@Override
	public void onDisconnected(Client client, DisconnectedEvent event) {
		this.disconnected.add(event);
	}

	@Override
	public void onMessage(Client client, MessageEvent event) {
		this.messages.add(event.getData());
	}

	@Override
	public void onSubscribed(Client client, ServerSubscribedEvent event) {
		this.serverSubscribed.add(event.getChannel());
	}

	@Override
	public void onPublication(Client client, ServerPublicationEvent event) {
		this.serverPublications.add(new String(event.getData(), StandardCharsets.UTF_8));
	}

	/**
	 * Wait for events.
	 * @param events where they are kept
	 * @param count how many there must be at least
	 * @return the last of them
	 */
	static <T> T await(List<T> events, int count) {
		Awaitility.await().atMost(Duration.ofSeconds(SECONDS)).until(() -> events.size() >= count);
		return events.get(count - 1);
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static <T> T ask(Consumer<ResultCallback<T>> question) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		question.accept((error, result) -> {
			if (error != null) {
				answer.completeExceptionally(error);
			}
			else {
				answer.complete(result);
			}
		});
		return answer.orTimeout(SECONDS, TimeUnit.SECONDS).join();
	}

	/**
	 * A subscription, and all that it reports.
	 */
	static final class Room extends SubscriptionEventListener {

		private final List<SubscribingEvent> subscribing = new CopyOnWriteArrayList<>();

		private final List<SubscribedEvent> subscribed = new CopyOnWriteArrayList<>();

		private final List<UnsubscribedEvent> unsubscribed = new CopyOnWriteArrayList<>();

		private final List<PublicationEvent> publications = new CopyOnWriteArrayList<>();

		private final List<JoinEvent> joins = new CopyOnWriteArrayList<>();

		private final List<LeaveEvent> leaves = new CopyOnWriteArrayList<>();

		private Subscription subscription;

		List<SubscribingEvent> subscribing() {
			return this.subscribing;
		}

		List<SubscribedEvent> subscribed() {
			return this.subscribed;
		}

		List<UnsubscribedEvent> unsubscribed() {
			return this.unsubscribed;
		}

		List<PublicationEvent> publications() {
			return this.publications;
		}

		/** The publications so far, as text. */
		List<String> texts() {
			return this.publications.stream()
				.map((publication) -> new String(publication.getData(), StandardCharsets.UTF_8))
				.toList();
		}

		List<JoinEvent> joins() {
			return this.joins;
		}

		List<LeaveEvent> leaves() {
			return this.leaves;
		}

		void subscribe() {
			this.subscription.subscribe();
		}

		void unsubscribe() {
			this.subscription.unsubscribe();
		}

		PublishResult publish(String text) {
			return publish(utf8(text));
		}

		PublishResult publish(byte[] data) {
			return ask((callback) -> this.subscription.publish(data, callback));
		}

		HistoryResult history(HistoryOptions options) {
			return ask((callback) -> this.subscription.history(options, callback));
		}

		PresenceResult presence() {
			return ask(this.subscription::presence);
		}

		PresenceStatsResult presenceStats() {
			return ask(this.subscription::presenceStats);
		}

		@Override
		public void onSubscribing(Subscription subscription, SubscribingEvent event) {
			this.subscribing.add(event);
		}

		@Override
		public void onSubscribed(Subscription subscription, SubscribedEvent event) {
			this.subscribed.add(event);
		}

		@Override
		public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
			this.unsubscribed.add(event);
		}

		@Override
		public void onPublication(Subscription subscription, PublicationEvent event) {
			this.publications.add(event);
		}

		@Override
		public void onJoin(Subscription subscription, JoinEvent event) {
			this.joins.add(event);
		}

		@Override
		public void onLeave(Subscription subscription, LeaveEvent event) {
			this.leaves.add(event);
		}

	}

}
