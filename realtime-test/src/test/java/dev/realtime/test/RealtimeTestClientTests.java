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

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.Payload;
import dev.realtime.test.RealtimeEvent.Joined;
import org.junit.jupiter.api.Test;

import static dev.realtime.test.RealtimeAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RealtimeTestClientTests {

	@Test
	void pingsAreAnswered() {
		ScriptedServer server = new ScriptedServer((frame) -> null);
		RealtimeTestClient client = server.client().connect();
		server.say("{}");
		assertThat(server.frames()).hasSize(2).endsWith("{}");
		assertThat(client.id()).isEqualTo("c1");
	}

	@Test
	void rpcIsAnsweredWithData() {
		ScriptedServer server = new ScriptedServer((frame) -> "{'id':2,'rpc':{'data':{'sum':3}}}");
		RealtimeTestClient client = server.client().connect();
		assertThat(client.rpc("add", new int[] { 1, 2 })).isSuccessful().dataAs(Map.class).isEqualTo(Map.of("sum", 3));
		assertThat(server.frames()).endsWith("{\"id\":2,\"rpc\":{\"method\":\"add\",\"data\":[1,2]}}");
	}

	@Test
	void errorOfTheApplicationIsAReply() {
		ScriptedServer server = new ScriptedServer(
				(frame) -> "{'id':2,'error':{'code':409,'message':'taken','temporary':true}}");
		RealtimeReply reply = server.client().connect().rpc("reserve", null);
		assertThat(reply).hasError(409).hasMessage("taken");
		assertThat(reply.isTemporary()).isTrue();
		assertThatExceptionOfType(RealtimeTestException.class).isThrownBy(reply::orThrow)
			.withMessage("rpc reserve failed with 409 taken");
	}

	@Test
	void whenThereIsNoReplyTheWaitEnds() {
		ScriptedServer server = new ScriptedServer((frame) -> null);
		RealtimeTestClient client = server.client().connect();
		server.say("{'push':{'channel':'a:1','pub':{'data':1}}}");
		assertThatExceptionOfType(RealtimeTestException.class).isThrownBy(() -> client.rpc("slow", null))
			.withMessageContaining("No reply to rpc slow within 200 ms")
			.withMessageContaining("a:1: [1]");
	}

	@Test
	void whenThereIsNoDataItCannotBeRead() {
		ScriptedServer server = new ScriptedServer((frame) -> "{'id':2,'rpc':{}}");
		RealtimeReply reply = server.client().connect().rpc("void", null);
		assertThat(reply.data().isMissingNode()).isTrue();
		assertThatExceptionOfType(RealtimeTestException.class).isThrownBy(() -> reply.dataAs(String.class));
	}

	@Test
	void whenConnectionEndsInsteadOfAnAnswerTheReplySaysSo() {
		AtomicReference<RealtimeTestClient> client = new AtomicReference<>();
		ScriptedServer server = new ScriptedServer((frame) -> {
			client.get().abort();
			return null;
		});
		client.set(server.client().connect());
		assertThat(client.get().rpc("deadly", null)).isDisconnectedWith(1006).hasMessage("lost");
		assertThat(client.get()).isDisconnectedWith(1006);
		assertThat(client.get().rpc("late", null)).isDisconnectedWith(1006);
	}

	@Test
	void everythingOfARoomIsInOrder() {
		ScriptedServer server = new ScriptedServer((frame) -> null);
		RealtimeTestClient client = server.client().connect();
		server.say("{'push':{'channel':'a:1','subscribe':{'epoch':'e','offset':4}}}\n"
				+ "{'push':{'channel':'a:1','join':{'info':{'user':'u','client':'c','conn_info':{'n':1}}}}}\n"
				+ "{'push':{'channel':'a:1','pub':{'data':1,'offset':5}}}\n{}\n"
				+ "{'push':{'channel':'a:1','later':{}}}\n"
				+ "{'push':{'channel':'a:1','leave':{'info':{'user':'u','client':'c'}}}}\n"
				+ "{'push':{'channel':'a:1','unsubscribe':{'code':2500,'reason':'insufficient state'}}}\n");
		assertThat(client.received().events("a:1"))
			.hasToString("[subscribed by the server, 'u' joined, #5 1, 'u' left, "
					+ "unsubscribed with 2500 insufficient state]");
		assertThat(client.received().events(Joined.class).get(0).member().connectionInfo())
			.isEqualTo(Payload.ofJson("{\"n\":1}"));
		assertThat(client).wasUnsubscribedFrom("a:1", 2500).isNotSubscribedTo("a:1");
		assertThat(client.received()).hasToString("%n  a:1: %s".formatted(client.received().events("a:1")));
	}

	@Test
	void holesAreFound() {
		ScriptedServer server = new ScriptedServer((frame) -> null);
		RealtimeTestClient client = server.client().connect();
		server.say("{'push':{'channel':'a:1','pub':{'data':1,'offset':5}}}");
		server.say("{'push':{'channel':'a:1','pub':{'data':1,'offset':7}}}");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> assertThat(client).received("a:1").hasNoHoles())
			.withMessageContaining("7 comes after 5: [5, 7]");
	}

	@Test
	void payloadIsSentAsItIs() {
		ScriptedServer server = new ScriptedServer((frame) -> "{'id':2,'publish':{}}");
		RealtimeTestClient client = server.client().connect();
		client.publish("a:1", Payload.ofJson("{\"raw\":true}"));
		assertThat(server.frames()).endsWith("{\"id\":2,\"publish\":{\"channel\":\"a:1\",\"data\":{\"raw\":true}}}");
	}

}
