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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.DisconnectReason;
import dev.realtime.protocol.JsonWireCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutboundQueue} with many threads.
 */
@Timeout(60)
class OutboundQueueConcurrencyTests {

	private static final int THREADS = 8;

	private static final int OFFERS = 20_000;

	private final ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);

	private final OutboundBudget budget = new OutboundBudget(0);

	private final List<DisconnectReason> died = new ArrayList<>();

	private final AsyncTransport transport = new AsyncTransport();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
	}

	@Test
	void nothingIsLostDoubledOrReordered() throws Exception {
		OutboundQueue queue = queue(Integer.MAX_VALUE, Integer.MAX_VALUE);
		this.executor.execute(this.transport::completeWrites);
		offerFromAllThreads(queue);
		CountDownLatch finished = new CountDownLatch(1);
		queue.finish(finished::countDown);
		assertThat(finished.await(30, TimeUnit.SECONDS)).isTrue();
		assertEverythingCameInOrder();
		assertThat(this.transport.overlapping).isFalse();
		assertThat(this.died).isEmpty();
		assertThat(this.budget.queuedBytes()).isZero();
		assertThat(queue.waitingBytes()).isZero();
	}

	@Test
	void whenHeldAndReleasedNothingIsLost() throws Exception {
		OutboundQueue queue = queue(Integer.MAX_VALUE, Integer.MAX_VALUE);
		this.executor.execute(this.transport::completeWrites);
		onAllThreads((thread) -> {
			for (int i = 0; i < OFFERS / 10; i++) {
				boolean held = queue.hold();
				queue.offer(message(thread, i));
				if (held) {
					queue.release();
				}
			}
		});
		CountDownLatch finished = new CountDownLatch(1);
		queue.finish(finished::countDown);
		assertThat(finished.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(messages()).hasSize(THREADS * OFFERS / 10).doesNotHaveDuplicates();
		assertThat(this.transport.overlapping).isFalse();
	}

	@Test
	void whenItOverflowsItDiesOnceAndHoldsNothing() throws Exception {
		OutboundQueue queue = queue(Integer.MAX_VALUE, 1000);
		offerFromAllThreads(queue);
		assertThat(this.died).containsExactly(DisconnectReason.SLOW);
		assertThat(this.budget.queuedBytes()).isZero();
		assertThat(this.transport.frames).hasSize(1);
	}

	private void assertEverythingCameInOrder() {
		int[] next = new int[THREADS];
		for (String message : messages()) {
			int colon = message.indexOf(':');
			int thread = Integer.parseInt(message.substring(0, colon));
			assertThat(Integer.parseInt(message.substring(colon + 1))).isEqualTo(next[thread]++);
		}
		assertThat(next).containsOnly(OFFERS);
	}

	private List<String> messages() {
		return this.transport.frames.stream().flatMap((frame) -> List.of(frame.split("\n")).stream()).toList();
	}

	private void offerFromAllThreads(OutboundQueue queue) throws Exception {
		onAllThreads((thread) -> {
			for (int i = 0; i < OFFERS; i++) {
				queue.offer(message(thread, i));
			}
		});
	}

	private void onAllThreads(Work work) throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			int thread = i;
			futures.add(this.executor.submit(() -> {
				start.await();
				work.run(thread);
				return null;
			}));
		}
		start.countDown();
		for (Future<?> future : futures) {
			future.get(30, TimeUnit.SECONDS);
		}
	}

	private byte[] message(int thread, int number) {
		return (thread + ":" + number).getBytes(StandardCharsets.UTF_8);
	}

	private OutboundQueue queue(int maxBytes, int maxMessages) {
		OutboundLimits limits = new OutboundLimits(maxBytes, maxMessages, 2000, 1);
		return new OutboundQueue(this.transport, new JsonWireCodec(), limits, this.budget, (reason) -> {
			synchronized (this.died) {
				this.died.add(reason);
			}
		});
	}

	/**
	 * What one of the threads does.
	 */
	private interface Work {

		void run(int thread);

	}

	/**
	 * A socket whose writes are completed by another thread.
	 */
	private static final class AsyncTransport implements Transport {

		private final List<String> frames = new ArrayList<>();

		private final BlockingQueue<Completion> completions = new LinkedBlockingQueue<>();

		private final AtomicInteger inFlight = new AtomicInteger();

		private final AtomicBoolean overlapping = new AtomicBoolean();

		@Override
		public void send(byte[] frame, Completion completion) {
			if (this.inFlight.incrementAndGet() > 1) {
				this.overlapping.set(true);
			}
			this.frames.add(new String(frame, StandardCharsets.UTF_8));
			this.completions.add(completion);
		}

		void completeWrites() {
			try {
				while (true) {
					Completion completion = this.completions.take();
					this.inFlight.decrementAndGet();
					completion.completed(null);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void ping() {
		}

		@Override
		public void suspend() {
		}

		@Override
		public void resume() {
		}

		@Override
		public void close(DisconnectReason reason) {
		}

		@Override
		public String remoteAddress() {
			return "127.0.0.1";
		}

	}

}
