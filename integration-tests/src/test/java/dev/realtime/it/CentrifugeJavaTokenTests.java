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

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.DisconnectReason;
import dev.realtime.RealtimeOperations;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.SubscriptionTokenEvent;
import io.github.centrifugal.centrifuge.SubscriptionTokenGetter;
import io.github.centrifugal.centrifuge.TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens, their expiry and what the server does on its own, seen by the published Java
 * SDK.
 */
class CentrifugeJavaTokenTests {

	private static Sample sample;

	private final List<JavaSdkClient> opened = new ArrayList<>();

	@BeforeAll
	static void startSample() {
		sample = Sample.start(TokenConfiguration.SETTING);
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@AfterEach
	void close() throws Exception {
		for (JavaSdkClient client : this.opened) {
			client.close();
		}
	}

	@Test
	void tokenIsRefreshedInTimeAndTheSessionGoesOn() {
		Tokens tokens = new Tokens("ann:1", "ann:3600");
		JavaSdkClient client = connect(tokens);
		JavaSdkClient.await(tokens.given, 2);
		assertThat(client.enter("chat:token").subscribed()).hasSize(1);
		assertThat(client.connected()).hasSize(1);
		assertThat(client.disconnected()).isEmpty();
	}

	@Test
	void whenTheTokenHasExpiredANewOneIsFetched() {
		JavaSdkClient client = connect(new Tokens("ann:0", "ann:3600"));
		assertThat(client.connected()).hasSize(1);
	}

	@Test
	void whenTheNewTokenIsOfSomebodyElseTheSessionEndsForGood() {
		JavaSdkClient client = connect(new Tokens("ann:1", "bob:3600"));
		assertThat(JavaSdkClient.await(client.disconnected(), 1).getCode()).isEqualTo(3500);
	}

	@Test
	void subscriptionTokenIsRefreshedInTime() {
		Tokens tokens = new Tokens("ann:1", "ann:3600");
		JavaSdkClient client = connect(new Tokens("ann:3600"));
		JavaSdkClient.Room room = client.subscribe("chat:private", options(tokens));
		JavaSdkClient.await(room.subscribed(), 1);
		JavaSdkClient.await(tokens.given, 2);
		sample.bean(RealtimeOperations.class).publish("chat:private", "still here");
		JavaSdkClient.await(room.publications(), 1);
		assertThat(room.unsubscribed()).isEmpty();
	}

	/** This version of the SDK gives up, although it means to fetch a new token. */
	@Test
	void whenTheSubscriptionTokenHasExpiredItIsToldSo() {
		JavaSdkClient client = connect(new Tokens("ann:3600"));
		JavaSdkClient.Room room = client.subscribe("chat:private", options(new Tokens("ann:0", "ann:3600")));
		assertThat(JavaSdkClient.await(room.unsubscribed(), 1).getCode()).isEqualTo(109);
	}

	@Test
	void whenTheSubscriptionTokenIsOfSomebodyElseTheRoomIsRefused() {
		JavaSdkClient client = connect(new Tokens("ann:3600"));
		JavaSdkClient.Room room = client.subscribe("chat:private", options(new Tokens("bob:3600")));
		assertThat(JavaSdkClient.await(room.unsubscribed(), 1).getCode()).isEqualTo(103);
	}

	@Test
	void droppedConnectionIsReportedAsSuchAndComesBackAsANewSession() {
		JavaSdkClient client = connect(new Tokens("carl:3600"));
		String before = client.session();
		JavaSdkClient.Room room = client.enter("chat:dropped");
		sample.bean(RealtimeOperations.class).disconnect("carl", DisconnectReason.CLOSED);
		JavaSdkClient.await(client.connected(), 2);
		assertThat(client.session()).isNotEqualTo(before);
		assertThat(client.connecting().get(1).getCode()).isEqualTo(1);
		JavaSdkClient.await(room.subscribed(), 2);
	}

	@Test
	void serverPutsTheClientIntoARoomAndItRecovers() {
		JavaSdkClient client = connect(new Tokens("roomy:3600"));
		RealtimeOperations operations = sample.bean(RealtimeOperations.class);
		JavaSdkClient.await(client.serverSubscribed(), 1);
		operations.publish("chat:roomy", "one");
		JavaSdkClient.await(client.serverPublications(), 1);
		operations.disconnect("roomy", DisconnectReason.FORCE_RECONNECT);
		operations.publish("chat:roomy", "two");
		JavaSdkClient.await(client.serverPublications(), 2);
		assertThat(client.serverPublications()).containsExactly("\"one\"", "\"two\"");
		operations.subscribe("roomy", "chat:more");
		JavaSdkClient.await(client.serverSubscribed(), 3);
		operations.sendToUser("roomy", "hello");
		assertThat(JavaSdkClient.await(client.messages(), 1)).asString().isEqualTo("\"hello\"");
	}

	private JavaSdkClient connect(Tokens tokens) {
		JavaSdkClient client = JavaSdkClient.create(sample.port(), (options) -> options.setTokenGetter(tokens));
		this.opened.add(client);
		client.connect();
		JavaSdkClient.await(client.connected(), 1);
		return client;
	}

	private static SubscriptionOptions options(Tokens tokens) {
		SubscriptionOptions options = new SubscriptionOptions();
		options.setMinResubscribeDelay(20);
		options.setMaxResubscribeDelay(200);
		options.setTokenGetter(tokens.forSubscription());
		return options;
	}

	/**
	 * Gives out tokens one after the other, the last one again and again.
	 */
	private static final class Tokens extends ConnectionTokenGetter {

		private final Queue<String> tokens;

		private final List<String> given = new CopyOnWriteArrayList<>();

		private Tokens(String... tokens) {
			this.tokens = new ConcurrentLinkedQueue<>(List.of(tokens));
		}

		private synchronized String next() {
			String token = (this.tokens.size() > 1) ? this.tokens.remove() : this.tokens.element();
			this.given.add(token);
			return token;
		}

		@Override
		public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
			callback.Done(null, next());
		}

		private SubscriptionTokenGetter forSubscription() {
			return new SubscriptionTokenGetter() {

				@Override
				public void getSubscriptionToken(SubscriptionTokenEvent event, TokenCallback callback) {
					callback.Done(null, next());
				}

			};
		}

	}

}
