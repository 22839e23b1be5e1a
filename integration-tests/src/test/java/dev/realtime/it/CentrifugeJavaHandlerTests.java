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
import java.util.concurrent.CompletionException;

import dev.realtime.it.JavaSdkClient.Room;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ReplyError;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Methods of a controller, called by the published Java SDK.
 */
class CentrifugeJavaHandlerTests {

	private static Sample sample;

	private JavaSdkClient client;

	@BeforeAll
	static void startSample() {
		sample = Sample.start(DeskConfiguration.SETTING);
	}

	@AfterAll
	static void stopSample() {
		sample.close();
	}

	@BeforeEach
	void connect() {
		this.client = JavaSdkClient.connect(sample.port(), "Ann");
	}

	@AfterEach
	void close() throws Exception {
		this.client.close();
	}

	@Test
	void callIsAnswered() {
		RPCResult result = this.client.rpc("sum", "[1,2,3]");
		assertThat(result.getData()).asString(StandardCharsets.UTF_8).isEqualTo("6");
	}

	@Test
	void callIsAnsweredWithAnError() {
		assertError(104, "method not found", () -> this.client.rpc("unknown"));
		assertError(409, "finished already", () -> this.client.rpc("finish"));
		assertError(400, "invalid payload", () -> this.client.rpc("sum", "{}"));
	}

	@Test
	void messageIsReceived() {
		this.client.send("{\"text\":\"hello\"}");
		assertThat(JavaSdkClient.await(this.client.messages(), 1)).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"got\":\"hello\"}");
	}

	@Test
	void subscriptionHasInitialState() {
		Room room = this.client.enter("desk:7");
		assertThat(room.subscribed().get(0).getData()).asString(StandardCharsets.UTF_8).isEqualTo("{\"desk\":\"7\"}");
		Room closed = this.client.subscribe("desk:closed", false);
		assertThat(JavaSdkClient.await(closed.unsubscribed(), 1).getCode()).isEqualTo(103);
	}

	@Test
	void publicationIsRewritten() {
		Room room = this.client.enter("desk:java");
		room.publish("{\"text\":\"hello\"}");
		JavaSdkClient.await(room.publications(), 1);
		assertThat(room.texts()).containsExactly("{\"text\":\"hello\",\"by\":\"Ann\"}");
	}

	@Test
	void invalidPublicationIsRefused() {
		Room room = this.client.enter("desk:7");
		assertError(400, "text: must not be blank", () -> room.publish("{\"text\":\" \"}"));
		assertError(400, "invalid payload: text", () -> room.publish("{\"text\":[]}"));
	}

	private static void assertError(int code, String message, ThrowingCallable question) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(question)
			.havingCause()
			.isInstanceOfSatisfying(ReplyError.class, (error) -> {
				assertThat(error.getCode()).isEqualTo(code);
				assertThat(error.getMessage()).contains(message);
			});
	}

}
