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

package dev.realtime.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.DisconnectReason;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Heartbeat}.
 */
class HeartbeatTests {

	private static final long TICK = Duration.ofMillis(100).toNanos();

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private static final long INTERVAL = 25 * SECOND;

	private static final long TIMEOUT = 8 * SECOND;

	private final AtomicLong time = new AtomicLong();

	private final Wheel wheel = new Wheel(this.time::get);

	private final RecordingTransport transport = new RecordingTransport();

	private final LocalSession session = TestSessions.session(this.transport);

	private final Heartbeat heartbeat = new Heartbeat(this.session, this.wheel, INTERVAL, TIMEOUT, false);

	@Test
	void firstPingComesAtARandomPointOfTheSecondHalf() {
		Set<Long> times = new HashSet<>();
		List<RecordingTransport> waiting = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			RecordingTransport transport = new RecordingTransport();
			waiting.add(transport);
			new Heartbeat(TestSessions.session(transport), this.wheel, INTERVAL, TIMEOUT, false).start();
		}
		while (!waiting.isEmpty()) {
			elapse(TICK);
			if (waiting.removeIf(RecordingTransport::isBusy)) {
				times.add(this.time.get());
			}
		}
		assertThat(times).allMatch((time) -> time >= INTERVAL / 2 && time < INTERVAL + TICK);
		assertThat(times).hasSizeGreaterThan(40);
		assertThat(times).anyMatch((time) -> time < INTERVAL * 6 / 10).anyMatch((time) -> time > INTERVAL * 9 / 10);
	}

	@Test
	void whenAnsweredPingsGoOnAfterTheInterval() {
		this.heartbeat.start();
		awaitPing();
		for (int i = 0; i < 20; i++) {
			long before = this.time.get();
			this.heartbeat.pong();
			awaitPing();
			assertThat(this.time.get() - before).isBetween(INTERVAL, INTERVAL + 2 * TICK);
		}
		assertThat(this.transport.closed()).isEmpty();
		assertThat(this.transport.frames()).containsOnly("{}");
	}

	@Test
	void whenBusyPingsAreStillSent() {
		this.heartbeat.start();
		awaitPing();
		this.heartbeat.pong();
		for (int i = 0; i < 26; i++) {
			this.session.write(new byte[] { '1' });
			elapseInTicks(SECOND);
		}
		assertThat(this.transport.frames()).filteredOn("{}"::equals).hasSize(2);
	}

	@Test
	void whenAnsweredJustInTimePingsGoOn() {
		this.heartbeat.start();
		awaitPing();
		elapseInTicks(TIMEOUT - TICK);
		this.heartbeat.pong();
		elapseInTicks(10 * SECOND);
		assertThat(this.transport.closed()).isEmpty();
	}

	@Test
	void whenNotAnsweredTheSessionEnds() {
		this.heartbeat.start();
		awaitPing();
		elapseInTicks(TIMEOUT - TICK);
		assertThat(this.transport.closed()).isEmpty();
		elapseInTicks(3 * TICK);
		assertThat(this.transport.closed()).containsExactly(DisconnectReason.NO_PONG);
		assertThat(this.wheel.size()).isZero();
	}

	@Test
	void whenSecondPingIsNotAnsweredTheSessionEnds() {
		this.heartbeat.start();
		awaitPing();
		this.heartbeat.pong();
		awaitPing();
		elapseInTicks(TIMEOUT + 2 * TICK);
		assertThat(this.transport.closed()).containsExactly(DisconnectReason.NO_PONG);
	}

	@Test
	void whenNotConnectedInTimeTheSessionEnds() {
		this.heartbeat.awaitConnect(10 * SECOND);
		elapseInTicks(10 * SECOND - TICK);
		assertThat(this.transport.closed()).isEmpty();
		elapseInTicks(2 * TICK);
		assertThat(this.transport.closed()).containsExactly(DisconnectReason.STALE);
	}

	@Test
	void whenConnectedInTimeTheSessionIsNotStale() {
		this.heartbeat.awaitConnect(10 * SECOND);
		elapseInTicks(9 * SECOND);
		this.heartbeat.start();
		assertThat(this.wheel.size()).isEqualTo(1);
		elapseInTicks(3 * SECOND);
		assertThat(this.transport.closed()).isEmpty();
	}

	@Test
	void whenReadingIsPausedThePongIsWaitedFor() {
		this.heartbeat.start();
		awaitPing();
		this.session.pauseReading(true);
		elapseInTicks(60 * SECOND);
		assertThat(this.transport.closed()).isEmpty();
		this.session.pauseReading(false);
		this.heartbeat.pong();
		awaitPing();
		assertThat(this.transport.closed()).isEmpty();
	}

	@Test
	void whenReadingGoesOnButNoPongComesTheSessionEnds() {
		this.heartbeat.start();
		awaitPing();
		this.session.pauseReading(true);
		elapseInTicks(20 * SECOND);
		this.session.pauseReading(false);
		elapseInTicks(TIMEOUT + 5 * SECOND);
		assertThat(this.transport.closed()).containsExactly(DisconnectReason.NO_PONG);
	}

	@Test
	void whenReadingGoesOnThePongHasAMomentToBeRead() {
		this.heartbeat.start();
		awaitPing();
		this.session.pauseReading(true);
		elapseInTicks(TIMEOUT - TICK);
		this.session.pauseReading(false);
		elapseInTicks(2 * TICK);
		this.heartbeat.pong();
		elapseInTicks(2 * SECOND);
		assertThat(this.transport.closed()).isEmpty();
	}

	@Test
	void whenPingsAreNativeNothingElseIsWritten() {
		Heartbeat nativeHeartbeat = new Heartbeat(this.session, this.wheel, INTERVAL, TIMEOUT, true);
		nativeHeartbeat.start();
		elapseInTicks(INTERVAL + TICK);
		assertThat(this.transport.pings()).isEqualTo(1);
		assertThat(this.transport.frames()).isEmpty();
	}

	@Test
	void whenStoppedNothingHappensAnyMore() {
		this.heartbeat.awaitConnect(10 * SECOND);
		this.heartbeat.stop();
		this.heartbeat.start();
		assertThat(this.wheel.size()).isZero();
		elapseInTicks(60 * SECOND);
		assertThat(this.transport.frames()).isEmpty();
		assertThat(this.transport.closed()).isEmpty();
	}

	private void awaitPing() {
		int before = this.transport.frames().size();
		for (int i = 0; i < 300 && this.transport.frames().size() == before; i++) {
			elapse(TICK);
		}
		assertThat(this.transport.frames()).hasSize(before + 1);
		this.transport.completeAll();
	}

	private void elapseInTicks(long nanos) {
		for (long elapsed = 0; elapsed < nanos; elapsed += TICK) {
			elapse(TICK);
			this.transport.completeAll();
		}
	}

	private void elapse(long nanos) {
		this.time.addAndGet(nanos);
		this.wheel.advance();
	}

}
