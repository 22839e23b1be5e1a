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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.protocol.JsonWireCodec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutboundQueue}.
 */
class OutboundQueueTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final RecordingTransport transport = new RecordingTransport();

	private final OutboundBudget budget = new OutboundBudget(0);

	private final List<DisconnectReason> died = new ArrayList<>();

	private final AtomicInteger finished = new AtomicInteger();

	private OutboundQueue queue = queue(1000, 100, 500);

	@Test
	void whenIdleMessageIsWrittenAtOnceByTheCallersThread() {
		offer("a");
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.transport.writer()).isSameAs(Thread.currentThread());
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenBusyMessagesAreJoinedOnCompletion() {
		offer("a", "bb", "ccc");
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.queue.waitingBytes()).isEqualTo(7);
		assertThat(this.budget.queuedBytes()).isEqualTo(7);
		this.transport.complete();
		assertThat(this.transport.frames()).containsExactly("a", "bb\nccc");
		assertThat(this.budget.queuedBytes()).isZero();
		assertThat(this.queue.waitingBytes()).isZero();
	}

	@Test
	void whenCompletedWithNothingWaitingItIsIdleAgain() {
		offer("a");
		this.transport.complete();
		assertThat(this.transport.isBusy()).isFalse();
		offer("b");
		assertThat(this.transport.frames()).containsExactly("a", "b");
	}

	@Test
	void joinsUpToTheBatchSize() {
		this.queue = queue(1000, 100, 8);
		offer("a", "1234", "5678", "9", "abcdefg", "h");
		this.transport.completeAll();
		assertThat(this.transport.frames()).containsExactly("a", "1234\n5678", "9\nabcdefg", "h");
	}

	@Test
	void whenMessageIsLargerThanTheBatchItGoesAlone() {
		this.queue = queue(1000, 100, 8);
		offer("a", "b", "123456789", "c", "d");
		this.transport.completeAll();
		assertThat(this.transport.frames()).containsExactly("a", "b", "123456789", "c\nd");
	}

	@Test
	void whenIdleMessageMayBeLargerThanTheQueue() {
		this.queue = queue(10, 1, 5);
		offer("x".repeat(100));
		assertThat(this.transport.frames()).containsExactly("x".repeat(100));
		assertThat(this.died).isEmpty();
	}

	@Test
	void whenBytesOverflowItDiesOnce() {
		this.queue = queue(20, 100, 500);
		offer("a", "123456789", "123456789");
		assertThat(this.died).isEmpty();
		offer("", "b");
		assertIsDead(DisconnectReason.SLOW);
	}

	@Test
	void whenCountOverflowsItDiesOnce() {
		this.queue = queue(1000, 2, 500);
		offer("a", "b", "c");
		assertThat(this.died).isEmpty();
		offer("d", "e");
		assertIsDead(DisconnectReason.SLOW);
	}

	@Test
	void whenWriteThrowsItDiesOnce() {
		this.transport.failWith(new IllegalStateException("closed"));
		offer("a", "b");
		assertThat(this.died).containsExactly(DisconnectReason.WRITE_ERROR);
		assertThat(this.transport.frames()).isEmpty();
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenLaterWriteThrowsItDiesOnce() {
		offer("a", "b");
		this.transport.failWith(new IllegalStateException("closed"));
		this.transport.complete();
		offer("c");
		assertThat(this.died).containsExactly(DisconnectReason.WRITE_ERROR);
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenWriteFailsItDiesOnce() {
		offer("a", "b");
		this.transport.complete(new IllegalStateException("reset"));
		offer("c");
		assertThat(this.died).containsExactly(DisconnectReason.WRITE_ERROR);
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenIdleFinishActsAtOnce() {
		finish();
		assertThat(this.finished).hasValue(1);
		offer("a");
		assertThat(this.transport.frames()).isEmpty();
	}

	@Test
	void whenBusyFinishActsOnceAfterTheFlush() {
		offer("a", "b");
		finish();
		offer("refused");
		this.transport.complete();
		assertThat(this.finished).hasValue(0);
		this.transport.complete();
		assertThat(this.finished).hasValue(1);
		assertThat(this.transport.frames()).containsExactly("a", "b");
	}

	@Test
	void whenFinishedTwiceOnlyTheFirstActs() {
		offer("a");
		finish();
		this.queue.finish(() -> this.finished.addAndGet(10));
		this.transport.complete();
		finish();
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void whenWriteFailsFinishDoesNotAct() {
		offer("a");
		finish();
		this.transport.complete(new IllegalStateException("reset"));
		finish();
		assertThat(this.finished).hasValue(0);
		assertThat(this.died).containsExactly(DisconnectReason.WRITE_ERROR);
	}

	@Test
	void whenFinishedItDoesNotDie() {
		finish();
		this.queue.die(DisconnectReason.SLOW);
		assertThat(this.died).isEmpty();
	}

	@Test
	void whenAbandonedNothingIsReported() {
		offer("a", "b");
		assertThat(this.queue.abandon()).isTrue();
		assertThat(this.queue.abandon()).isFalse();
		this.queue.die(DisconnectReason.SLOW);
		this.transport.complete();
		finish();
		assertThat(this.died).isEmpty();
		assertThat(this.finished).hasValue(0);
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenHeldMessagesShareAFrame() {
		assertThat(this.queue.hold()).isTrue();
		offer("a", "b");
		assertThat(this.transport.frames()).isEmpty();
		this.queue.release();
		assertThat(this.transport.frames()).containsExactly("a\nb");
		this.transport.complete();
		offer("c");
		assertThat(this.transport.frames()).containsExactly("a\nb", "c");
	}

	@Test
	void whenReleasedWithNothingWaitingItIsIdle() {
		assertThat(this.queue.hold()).isTrue();
		this.queue.release();
		offer("a");
		assertThat(this.transport.frames()).containsExactly("a");
	}

	@Test
	void whenBusyOrDeadItIsNotHeld() {
		offer("a");
		assertThat(this.queue.hold()).isFalse();
		this.transport.complete();
		this.queue.abandon();
		assertThat(this.queue.hold()).isFalse();
	}

	@Test
	void whenHeldTwiceTheLastReleaseSends() {
		assertThat(this.queue.hold()).isTrue();
		offer("a");
		assertThat(this.queue.hold()).isTrue();
		offer("b");
		this.queue.release();
		offer("c");
		assertThat(this.transport.frames()).isEmpty();
		this.queue.release();
		assertThat(this.transport.frames()).containsExactly("a\nb\nc");
		assertThat(this.queue.hold()).isFalse();
	}

	@Test
	void whenHeldAMessageMayGoFirst() {
		this.queue.hold();
		offer("b");
		this.queue.offerFirst("a".getBytes(StandardCharsets.UTF_8));
		assertThat(this.queue.waitingBytes()).isEqualTo(4);
		assertThat(this.budget.queuedBytes()).isEqualTo(4);
		this.queue.release();
		assertThat(this.transport.frames()).containsExactly("a\nb");
		assertThat(this.queue.waitingBytes()).isZero();
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenDeadNothingGoesFirst() {
		this.queue.hold();
		this.queue.abandon();
		this.queue.offerFirst("a".getBytes(StandardCharsets.UTF_8));
		this.queue.release();
		assertThat(this.transport.frames()).isEmpty();
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenFinishedWhileHeldItFlushesOnRelease() {
		this.queue.hold();
		offer("a");
		finish();
		assertThat(this.finished).hasValue(0);
		this.queue.release();
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.finished).hasValue(0);
		this.transport.complete();
		assertThat(this.finished).hasValue(1);
	}

	@Test
	void whenDeadWhileHeldNothingIsWritten() {
		this.queue.hold();
		offer("a");
		this.queue.die(DisconnectReason.SLOW);
		this.queue.release();
		assertThat(this.transport.frames()).isEmpty();
		assertThat(this.budget.queuedBytes()).isZero();
	}

	@Test
	void whenOneWriteTakesTooLongItDiesOnce() {
		long now = Long.MAX_VALUE - 5 * SECOND;
		this.queue.check(now);
		offer("a", "b");
		for (int i = 1; i <= 11; i++) {
			this.queue.check(now + i * SECOND);
		}
		assertThat(this.died).isEmpty();
		this.queue.check(now + 12 * SECOND);
		this.queue.check(now + 13 * SECOND);
		assertIsDead(DisconnectReason.SLOW);
	}

	@Test
	void whenWritesGoOnABusyQueueIsNotStuck() {
		offer("a");
		for (int i = 0; i < 100; i++) {
			offer("b");
			this.queue.check(i * 9 * SECOND);
			this.transport.complete();
		}
		assertThat(this.died).isEmpty();
	}

	@Test
	void whenIdleForLongANewWriteIsNotStuck() {
		offer("a");
		this.transport.complete();
		for (int i = 0; i < 100; i++) {
			this.queue.check(i * SECOND);
		}
		offer("b");
		this.queue.check(109 * SECOND);
		assertThat(this.died).isEmpty();
		this.queue.check(118 * SECOND);
		assertThat(this.died).isEmpty();
		this.queue.check(120 * SECOND);
		assertThat(this.died).containsExactly(DisconnectReason.SLOW);
	}

	@Test
	void whenHeldAtTheFirstCheckItIsNotStuck() {
		this.queue.hold();
		this.queue.check(1_000 * SECOND);
		assertThat(this.died).isEmpty();
		this.queue.check(1_009 * SECOND);
		assertThat(this.died).isEmpty();
		this.queue.release();
	}

	@Test
	void whenStuckWhileFinishingItDies() {
		offer("a");
		finish();
		this.queue.check(0);
		this.queue.check(11 * SECOND);
		this.transport.complete();
		assertThat(this.died).containsExactly(DisconnectReason.SLOW);
		assertThat(this.finished).hasValue(0);
	}

	private void assertIsDead(DisconnectReason reason) {
		assertThat(this.died).containsExactly(reason);
		assertThat(this.budget.queuedBytes()).isZero();
		assertThat(this.queue.waitingBytes()).isZero();
		this.transport.complete();
		offer("late");
		finish();
		assertThat(this.transport.frames()).containsExactly("a");
		assertThat(this.finished).hasValue(0);
		assertThat(this.died).hasSize(1);
	}

	private OutboundQueue queue(int maxBytes, int maxMessages, int batchBytes) {
		OutboundLimits limits = new OutboundLimits(maxBytes, maxMessages, batchBytes, 10 * SECOND);
		return new OutboundQueue(this.transport, new JsonWireCodec(), limits, this.budget, this.died::add);
	}

	private void offer(String... messages) {
		for (String message : messages) {
			this.queue.offer(message.getBytes(StandardCharsets.UTF_8));
		}
	}

	private void finish() {
		this.queue.finish(this.finished::incrementAndGet);
	}

}
