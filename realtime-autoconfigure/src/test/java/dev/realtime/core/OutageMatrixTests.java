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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import dev.realtime.OutagePolicy;
import dev.realtime.PublishOptions;
import dev.realtime.PublishResult;
import dev.realtime.RelayUnavailableException;
import dev.realtime.core.EngineHarness.TestSession;
import dev.realtime.outbox.TransactionMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for each cell of the matrix: when a publication of a transaction goes out, what
 * becomes of it while the broker is down, where that is said, and how the broker is.
 */
class OutageMatrixTests {

	private final OutageFixture fixture = new OutageFixture();

	@AfterEach
	void tearDown() {
		this.fixture.close();
	}

	static Stream<Cell> cells() {
		return Arrays.stream(TransactionMode.values())
			.flatMap((mode) -> Arrays.stream(OutagePolicy.values())
				.flatMap((policy) -> Arrays.stream(Place.values())
					.flatMap((place) -> Arrays.stream(Broker.values())
						.map((broker) -> new Cell(mode, policy, place, broker)))))
			.filter(Cell::isPossible);
	}

	static Stream<Cell> cellsWithoutTransaction() {
		return cells().filter((cell) -> cell.mode() == TransactionMode.BEFORE_COMMIT);
	}

	@ParameterizedTest
	@MethodSource("cellsWithoutTransaction")
	void withoutATransaction(Cell cell) {
		start(cell);
		boolean fine = cell.broker() == Broker.UP;
		if (!fine && cell.policy() == OutagePolicy.FAIL) {
			assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> publish(cell));
			comesOut(cell, cell.broker() == Broker.DOUBTFUL);
			return;
		}
		PublishResult result = publish(cell);
		switch (cell.policy()) {
			case FAIL -> assertThat(result).isInstanceOf(PublishResult.Published.class);
			case SPILL ->
				assertThat(result).isInstanceOf(fine ? PublishResult.Published.class : PublishResult.Spilled.class);
			case LOCAL ->
				assertThat(result).isInstanceOf(fine ? PublishResult.Published.class : PublishResult.LocalOnly.class);
		}
		comesOut(cell, fine || cell.policy() == OutagePolicy.SPILL || cell.broker() == Broker.DOUBTFUL);
	}

	@ParameterizedTest
	@MethodSource("cells")
	void inATransactionThatCommits(Cell cell) {
		start(cell);
		TestSession session = this.fixture.harness.connect();
		session.subscribe(cell.room());
		OutageFixture.eventually().until(() -> session.messages().size() >= 2);
		if (cell.isRefused()) {
			assertThatIllegalArgumentException().isThrownBy(() -> publishInTransaction(cell));
		}
		else if (cell.rollsBack()) {
			assertThatExceptionOfType(RelayUnavailableException.class).isThrownBy(() -> publishInTransaction(cell));
		}
		else {
			publishInTransaction(cell);
		}
		assertThat(this.fixture.entries()).hasSize((cell.isRefused() || cell.rollsBack()) ? 0 : 1);
		comesOut(cell, cell.comesOut());
		int least = (cell.comesOut() || (cell.policy() == OutagePolicy.LOCAL && !cell.isRefused())) ? 1 : 0;
		int most = (cell.policy() == OutagePolicy.LOCAL && cell.broker() == Broker.DOUBTFUL) ? 2 : least;
		OutageFixture.eventually()
			.untilAsserted(() -> assertThat(session.messages()).anyMatch((message) -> message.contains(":2")));
		assertThat(session.messages().stream().filter((message) -> message.contains("\"data\":1")).toList())
			.hasSizeBetween(least, most);
	}

	@ParameterizedTest
	@MethodSource("cells")
	void inATransactionThatRollsBackNothingComesOut(Cell cell) {
		start(cell);
		this.fixture.transaction.executeWithoutResult((status) -> {
			if (!cell.isRefused()) {
				assertThat(publish(cell)).isInstanceOf(PublishResult.Enlisted.class);
			}
			status.setRollbackOnly();
		});
		assertThat(this.fixture.rows()).isZero();
		comesOut(cell, false);
	}

	private void start(Cell cell) {
		OutagePolicy other = (cell.policy() != OutagePolicy.SPILL) ? OutagePolicy.SPILL : OutagePolicy.FAIL;
		this.fixture.start(cell.mode(), (cell.place() == Place.ALL) ? cell.policy() : other);
		switch (cell.broker()) {
			case UP -> this.fixture.up();
			case DOWN -> this.fixture.down();
			case FAILING -> this.fixture.relay.failing = true;
			case DOUBTFUL -> this.fixture.relay.doubtful = true;
		}
	}

	private void publishInTransaction(Cell cell) {
		this.fixture.transaction.executeWithoutResult((status) -> {
			this.fixture.insert("a");
			assertThat(publish(cell)).isInstanceOf(PublishResult.Enlisted.class);
		});
	}

	private PublishResult publish(Cell cell) {
		return this.fixture.operations.publish(cell.room(), 1, cell.options());
	}

	/** What is published afterwards comes behind it. */
	private void comesOut(Cell cell, boolean expected) {
		this.fixture.up();
		OutageFixture.eventually().untilAsserted(() -> assertThat(this.fixture.rows()).isZero());
		OutageFixture.eventually().until(() -> published(cell));
		OutageFixture.eventually()
			.untilAsserted(() -> assertThat(this.fixture.history(cell.room()).stream().distinct())
				.isEqualTo(expected ? List.of(1, 2) : List.of(2)));
		assertThat(this.fixture.history(cell.room()).stream().filter((number) -> number == 1))
			.hasSize(expected ? 1 : 0);
	}

	private boolean published(Cell cell) {
		return this.fixture.operations.publish(cell.room(), 2,
				PublishOptions.NONE.outagePolicy(OutagePolicy.SPILL)) instanceof PublishResult.Published;
	}

	enum Place {

		ALL, NAMESPACE, CALL

	}

	enum Broker {

		UP, DOWN, FAILING, DOUBTFUL

	}

	/**
	 * A cell of the matrix.
	 */
	record Cell(TransactionMode mode, OutagePolicy policy, Place place, Broker broker) {

		/** The others are errors at start-up. */
		boolean isPossible() {
			boolean refused = (this.mode == TransactionMode.OUTBOX && this.policy == OutagePolicy.LOCAL)
					|| (this.mode == TransactionMode.AFTER_COMMIT && this.policy == OutagePolicy.FAIL);
			return this.place == Place.CALL || !refused;
		}

		boolean isRefused() {
			return (this.mode == TransactionMode.OUTBOX && this.policy == OutagePolicy.LOCAL)
					|| (this.mode == TransactionMode.AFTER_COMMIT && this.policy == OutagePolicy.FAIL);
		}

		boolean rollsBack() {
			return this.policy == OutagePolicy.FAIL && this.broker != Broker.UP
					&& (this.mode == TransactionMode.BEFORE_COMMIT
							|| (this.mode == TransactionMode.OUTBOX && this.broker == Broker.DOWN));
		}

		/** A lost confirmation before the commit is the window of that mode. */
		boolean comesOut() {
			boolean doubtful = this.broker == Broker.DOUBTFUL;
			return switch (this.policy) {
				case FAIL -> !isRefused() && (!rollsBack() || doubtful);
				case SPILL -> true;
				case LOCAL -> !isRefused() && (this.broker == Broker.UP || doubtful);
			};
		}

		String room() {
			return ((this.place == Place.NAMESPACE) ? this.policy.name().toLowerCase(Locale.ROOT) : "resync") + ":a";
		}

		PublishOptions options() {
			return (this.place == Place.CALL) ? PublishOptions.NONE.outagePolicy(this.policy) : PublishOptions.NONE;
		}

	}

}
