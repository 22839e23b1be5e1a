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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReceivedAssertTests {

	private static final Executor SOON = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

	private final ScriptedServer server = new ScriptedServer(
			(frame) -> frame.replaceFirst("\\{\"id\":(\\d+).*", "{'id':$1,'unsubscribe':{}}"));

	private RealtimeTestClient client;

	@BeforeEach
	void connect() {
		this.client = this.server.client().timeout(Duration.ofSeconds(5)).connect();
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void whatComesLaterIsWaitedFor() {
		CompletableFuture.runAsync(() -> publish("1"), SOON).thenRunAsync(() -> publish("2"), SOON);
		assertThat(this.client).received("a:1").payloads().containsExactly(1, 2);
		CompletableFuture.runAsync(() -> publish("3"), SOON);
		assertThat(this.client).received("a:1").payloads().contains(3);
		CompletableFuture.runAsync(() -> publish("4"), SOON);
		assertThat(this.client).received("a:1").hasSize(4);
		CompletableFuture.runAsync(() -> publish("5"), SOON);
		assertThat(this.client).received("a:1").element(4).hasToString("5");
		CompletableFuture.runAsync(() -> publish("6"), SOON);
		assertThat(this.client).received("a:1").hasSizeGreaterThanOrEqualTo(6);
		CompletableFuture.runAsync(() -> publish("7"), SOON);
		assertThat(this.client).received("a:1").payloadsAs(int.class).anySatisfy((n) -> assertThat(n).isEqualTo(7));
	}

	@Test
	void whatIsThereIsChecked() {
		publish("{'a':[true]}");
		publish("null");
		assertThat(this.client).received("a:1")
			.satisfiesExactly((first) -> assertThat(first.data().isObject()).isTrue(),
					(second) -> assertThat(second.data().isNull()).isTrue())
			.offsets()
			.containsExactly(0L, 0L);
		assertThat(this.client).received("a:1").payloads().containsExactlyInAnyOrder(null, Map.of("a", List.of(true)));
		assertThat(this.client).received("a:1").list().extracting(RealtimeEvent.Published::room).containsOnly("a:1");
	}

	@Test
	void whenThereIsMoreItIsNotExactlyThat() {
		publish("1");
		publish("2");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.client).as("Lobby").received("a:1").payloads().containsExactly(1))
			.withMessageContaining("[payloads of Lobby: what client received in 'a:1']");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(this.client).received("a:1").singleElement());
	}

	@Test
	void whenItDoesNotComeTheWaitEnds() {
		publish("1");
		PublicationsAssert received = assertThat(this.client).within(Duration.ofMillis(50)).received("a:1");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> received.hasSize(2));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> received.element(1));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> received.payloads().contains(2));
	}

	@Test
	void whenSomethingComesWithinTheQuietTimeItIsNotNothing() {
		ScriptedServer quiet = new ScriptedServer((frame) -> "{'id':2,'unsubscribe':{}}");
		RealtimeTestClient patient = quiet.client().quietTime(Duration.ofSeconds(5)).connect();
		CompletableFuture.runAsync(() -> quiet.say("{'push':{'channel':'a:1','pub':{'data':1}}}"), SOON);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> assertThat(patient).receivedNothing("a:1"))
			.withMessageContaining("it has received:%n  a:1: [1]".formatted());
	}

	private void publish(String data) {
		this.server.say("{'push':{'channel':'a:1','pub':{'data':" + data + "}}}");
	}

}
