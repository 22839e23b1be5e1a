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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.HistoryQuery;
import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RealtimeOperations;
import dev.realtime.jdbc.FileOutbox;
import dev.realtime.jdbc.OutboxLimits;
import dev.realtime.outbox.TransactionMode;
import dev.realtime.relay.RelayState;
import dev.realtime.transaction.SpringTransactionBinding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what a node does with what it has stored before it was started again, in a
 * file of its own.
 */
class OutboxRestartTests {

	private static final OutboxLimits LIMITS = new OutboxLimits(0, 0, 0, Duration.ofMinutes(10), 3);

	@TempDir
	private Path directory;

	private final SwitchedRelay relay = new SwitchedRelay();

	private EngineHarness harness;

	private FileOutbox file;

	@BeforeEach
	void storeAndStop() {
		this.relay.state = RelayState.DOWN;
		start("before");
		for (int i = 0; i < 3; i++) {
			assertThat(operations().publish("chat:a", i)).isInstanceOf(PublishResult.Spilled.class);
		}
		this.file.outbox().claim("chat:a");
		stop();
	}

	@AfterEach
	void stop() {
		if (this.harness != null) {
			this.harness.close();
			this.file.close();
			this.harness = null;
		}
	}

	@Test
	void whatWaitsComesBeforeWhatIsPublishedAfterTheStart() {
		this.relay.state = RelayState.LIVE;
		start("after");
		operations().publish("chat:a", 3);
		awaitHistory(4);
	}

	@Test
	void whatWaitsComesBeforeWhatIsPublishedOnceTheBrokerIsBack() {
		start("after");
		this.relay.state = RelayState.LIVE;
		operations().publish("chat:a", 3);
		awaitHistory(4);
	}

	@Test
	void whatWaitsGoesOutEvenIfNothingElseDoes() {
		this.relay.state = RelayState.LIVE;
		start("after");
		awaitHistory(3);
		await().untilAsserted(() -> assertThat(this.file.outbox().backlog().messages()).isZero());
	}

	@Test
	void whatIsBeingStoredWhenTheNodeIsClosedIsStored() {
		start("after");
		IntStream.range(3, 200).forEach((i) -> operations().publishAsync("chat:a", i, PublishOptions.NONE));
		stop();
		this.relay.state = RelayState.LIVE;
		start("later");
		awaitHistory(200);
	}

	private void start(String owner) {
		this.file = new FileOutbox(this.directory.resolve("outbox").toString(), LIMITS, owner);
		this.harness = new EngineHarness();
		this.harness.relay = this.relay;
		this.harness.guarantees = new PublishGuarantees(new SpringTransactionBinding(new DefaultListableBeanFactory()),
				TransactionMode.OUTBOX, OutagePolicy.SPILL, this.file.outbox());
		this.harness.engine();
	}

	private RealtimeOperations operations() {
		return this.harness.engine().operations();
	}

	private void awaitHistory(int messages) {
		List<String> all = IntStream.range(0, messages).mapToObj(String::valueOf).toList();
		await().untilAsserted(
				() -> assertThat(operations().history("chat:a", new HistoryQuery(-1, null, false)).publications())
					.extracting((publication) -> publication.data().text())
					.isEqualTo(all));
	}

}
